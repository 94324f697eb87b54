//! What a text costs: alphabet and segments, counted as Twilio's own calculator counts.
//!
//! A segment holds 160 septets of GSM-7 or 70 UTF-16 units; from the second on each loses six octets to
//! a header, and 153 or 67 are left. One character outside GSM-7 makes the whole text UCS-2. A cluster
//! (what a reader takes for one character) is never cut: where it does not fit, its segment ends early.
//!
//! Clusters are those of the current Unicode. Twilio's calculator (version 1.3.0) splits by an older
//! table, so that newer emoji sequences and Indic conjuncts count as several `chars` there; `segments`
//! hardly ever differs. It also leaves a first segment empty before a cluster that is larger than a whole
//! segment; so do we, since the estimate is meant to be theirs. The bill is made by the platform: once
//! known, `num_segments` of the message is right and this was an estimate.

mod clean;
mod gsm7;
mod plain;

use unicode_segmentation::UnicodeSegmentation;

pub use clean::without_controls;
pub use plain::plain;

/// The alphabet that a text needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Seven bits for each character of a short list; ten more characters take two places.
    Gsm7,
    /// Sixteen bits for each UTF-16 unit.
    Ucs2,
}

impl Encoding {
    /// `GSM-7` or `UCS-2`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// How many units a text of one segment may have.
    pub fn single(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// How many units each segment may have where there are several.
    pub fn part(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }
}

/// The first character that makes the whole text UCS-2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Costly {
    /// The character as a reader sees it: one cluster.
    pub char: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its place in the line in clusters, from 1.
    pub column: usize,
    /// What smart encoding would put in its place.
    pub plain: Option<&'static str>,
}

/// What a text costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The alphabet that it needs.
    pub encoding: Encoding,
    /// How many parts are billed; an empty text is one.
    pub segments: usize,
    /// Twilio's number of characters: septets in GSM-7, clusters in UCS-2. Not what is left; see `left`.
    pub chars: usize,
    /// Septets in GSM-7, UTF-16 units in UCS-2.
    pub units: usize,
    /// The units of each segment.
    pub per_segment_units: Vec<usize>,
    /// What makes it UCS-2.
    pub first_costly: Option<Costly>,
    /// How many units still fit into the last segment.
    pub left: usize,
}

/// Counts texts.
#[derive(Debug, Clone, Copy)]
pub struct SmsText;

impl SmsText {
    /// Counts a text as it would be sent.
    pub fn count(text: &str) -> Count {
        let first_costly = first_costly(text);
        let encoding = if first_costly.is_some() {
            Encoding::Ucs2
        } else {
            Encoding::Gsm7
        };
        let sizes: Vec<usize> = clusters(text)
            .map(|cluster| size(cluster, encoding))
            .collect();
        let units = sizes.iter().sum();
        let per_segment_units = if units <= encoding.single() {
            vec![units]
        } else {
            fill(&sizes, encoding.part())
        };
        let room = if per_segment_units.len() == 1 {
            encoding.single()
        } else {
            encoding.part()
        };
        Count {
            encoding,
            segments: per_segment_units.len(),
            chars: match encoding {
                Encoding::Gsm7 => units,
                Encoding::Ucs2 => sizes.len(),
            },
            units,
            left: room.saturating_sub(per_segment_units.last().copied().unwrap_or(0)),
            per_segment_units,
            first_costly,
        }
    }
}

/// Clusters, with CR LF as the two characters that they are on the wire.
fn clusters(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true).flat_map(|cluster| {
        let (first, second) = match cluster {
            "\r\n" => cluster.split_at(1),
            _ => (cluster, ""),
        };
        [first, second].into_iter().filter(|part| !part.is_empty())
    })
}

fn size(cluster: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Gsm7 => cluster.chars().filter_map(gsm7::septets).sum(),
        Encoding::Ucs2 => cluster.encode_utf16().count(),
    }
}

/// Puts whole clusters into segments. The first is opened before anything is known to fit into it.
fn fill(sizes: &[usize], room: usize) -> Vec<usize> {
    let mut segments = vec![0];
    let mut used = 0;
    for &size in sizes {
        if used + size > room {
            segments.push(0);
            used = 0;
        }
        used += size;
        if let Some(last) = segments.last_mut() {
            *last = used;
        }
    }
    segments
}

/// The first cluster that is not one character of GSM-7.
fn first_costly(text: &str) -> Option<Costly> {
    let (mut line, mut column) = (1, 0);
    for cluster in text.graphemes(true) {
        if matches!(cluster, "\n" | "\r" | "\r\n") {
            (line, column) = (line + 1, 0);
            continue;
        }
        column += 1;
        let mut chars = cluster.chars();
        let lone = chars.next().filter(|_| chars.next().is_none());
        if lone.and_then(gsm7::septets).is_none() {
            return Some(Costly {
                char: cluster.to_owned(),
                line,
                column,
                plain: lone.and_then(plain::replacement),
            });
        }
    }
    None
}

#[cfg(test)]
#[path = "sms_text/tests.rs"]
mod tests;
