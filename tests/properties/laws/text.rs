//! Text of others, cleaned, measured, cut and written down.

use tuilio::domain::export::{Format, export};
use tuilio::domain::sms_text::{Encoding, SmsText, plain};
use tuilio::domain::untrusted::{escaped, has_hidden, mask_numbers, visible, visible_lines};
use tuilio::domain::{
    HistoryRow, Intent, NewMessage, OpId, OpState, Operation, PhoneNumber, Sender, Ticket,
    Timestamp, Untrusted,
};
use tuilio::text;
use unicode_segmentation::UnicodeSegmentation;

use super::chars::{MOST_IN_A_CELL, acts, assert_harmless, hides, joins};
use super::tape::Tape;

/// What is shown cannot act, is the same when it is cleaned again, and is no longer than what came.
pub fn cleaning(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let shown = visible(&text);
    assert_harmless(&shown, "what is shown");
    assert_eq!(visible(&shown), shown, "cleaning twice is cleaning once");
    assert!(!has_hidden(&shown), "{shown:?}");
    for cluster in shown.graphemes(true) {
        let signs = cluster.chars().count();
        assert!(signs <= MOST_IN_A_CELL, "a cell without end: {cluster:?}");
        let joiners = cluster.matches('\u{200d}').count();
        let picture = cluster.starts_with(|c| c >= '\u{1f000}');
        assert!(
            !picture || joiners <= 3,
            "a picture without end: {cluster:?}"
        );
    }
    assert!(shown.chars().count() <= text.chars().count());
    // Nothing is dropped in silence: what was hidden is a sign, which can be seen.
    if text.chars().any(|c| acts(c) || hides(c)) {
        assert_ne!(shown, text);
    }
    for line in visible_lines(&text) {
        assert_harmless(&line, "a line");
        assert!(!line.contains('⏎') || text.contains('⏎'));
    }
    let json = escaped(&serde_json::to_string(&text).unwrap());
    if let Some(c) = json.chars().find(|&c| acts(c) || hides(c) || joins(c)) {
        panic!("{c:?} is in JSON: {json:?}");
    }
    assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    let masked = mask_numbers(&text);
    assert_eq!(mask_numbers(&masked), masked);
    let mut digits = 0;
    for c in masked.chars() {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        // An identifier of 34 signs stays whole.
        assert!(digits < 7 || masked.len() >= 34, "{masked:?}");
    }
    let foreign = Untrusted::new(text.as_ref());
    assert_eq!(foreign.raw(), text);
    let length = text.chars().count();
    assert_eq!(format!("{foreign:?}"), format!("[{length} characters]"));
}

/// No cell is a formula, no line of a file acts on a terminal, and whoever reads it back has it whole.
pub fn exports(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let (ticket, agent, name) = (tape.text(), tape.text(), tape.text());
    let body = tape.rest_text();
    let row = HistoryRow {
        row: 1,
        operation: Operation {
            id: OpId { session: 1, seq: 2 },
            intent: Intent::Text(NewMessage::new(
                PhoneNumber::from_e164("+14155550123").unwrap(),
                Sender::Name(name),
                body.clone(),
            )),
            at: Timestamp::UNIX_EPOCH,
            account: None,
            home: None,
            ticket: Ticket::parse(&ticket).ok(),
            agent: Some(agent),
            skew_seconds: None,
        },
        state: OpState::Intended,
        updated_at: Timestamp::UNIX_EPOCH,
        audit: None,
    };
    let rows = [row];
    for reveal in [false, true] {
        let file = export(&rows, Format::Csv, reveal, Timestamp::UNIX_EPOCH).unwrap();
        let mut reader = csv::Reader::from_reader(&file[..]);
        let mut records = reader.records();
        let record = records.next().unwrap().unwrap();
        assert_eq!(record.len(), 15);
        assert!(records.next().is_none(), "one entry is one record");
        for cell in &record {
            // Wherever a spreadsheet may begin a cell.
            for part in cell.split([';', '\t', '\n']) {
                let first = part.chars().find(|c| !c.is_whitespace() && *c != '"');
                assert!(
                    !first.is_some_and(|c| "=+-@＝＋－＠".contains(c)),
                    "a formula: {cell:?}"
                );
            }
            super::chars::assert_harmless_lines(cell, "a cell");
        }
        let lines = export(&rows, Format::JsonLines, reveal, Timestamp::UNIX_EPOCH).unwrap();
        let lines = String::from_utf8(lines).unwrap();
        assert_eq!(lines.matches('\n').count(), 1);
        assert_harmless(lines.trim_end_matches('\n'), "a line of JSON");
        let read: serde_json::Value = serde_json::from_str(&lines).unwrap();
        assert_eq!(read["body"], body.as_str());
        assert_eq!(lines.contains("5550123"), reveal || body.contains("5550123")
            || rows[0].operation.agent.as_deref().is_some_and(|a| a.contains("5550123"))
            || rows[0].operation.ticket.as_ref().is_some_and(|t| !t.as_str().starts_with('+') && t.as_str().contains("5550123")));
    }
}

/// Nothing is wider than its room, and nothing is lost or torn by being wrapped.
pub fn cells(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let room = usize::from(tape.byte()) % 90;
    let at = usize::from(tape.byte());
    let shown = visible(&tape.rest_text());
    for part in [text::truncate(&shown, room), text::ascii(&shown)] {
        assert_harmless(&part, "a part");
    }
    let alone = |part: &str| part.graphemes(true).count() <= 1;
    let cut = text::truncate(&shown, room);
    assert!(text::width(&cut) <= room, "{cut:?} in {room}");
    assert_eq!(text::width(&text::pad(&shown, room)), room);
    assert!(text::ascii(&shown).is_ascii());
    let tail = &shown[text::tail_start(&shown, room)..];
    assert!(text::width(tail) <= room, "{tail:?} in {room}");
    let lines = text::wrap(&shown, room.max(1));
    let mut next = 0;
    for line in &lines {
        let part = &shown[line.shown.clone()];
        assert!(line.shown.start >= next && line.next >= line.shown.end);
        assert!(shown[next..line.shown.start].trim().is_empty());
        assert!(
            line.width <= room.max(1) || alone(part),
            "{part:?} in {room}"
        );
        assert_eq!(text::width(part), line.width, "{part:?}");
        next = line.next;
    }
    assert!(shown[next..].trim().is_empty(), "the end is lost");
    let at = shown.floor_char_boundary(at.min(shown.len()));
    let (row, column) = text::locate(&shown, &lines, at);
    assert!(row < lines.len().max(1) && column <= text::width(&shown));
    let back = text::place_at(&shown, &lines, row, column);
    assert!(shown.is_char_boundary(back));
}

/// A count adds up, and smart encoding makes a text longer by no more than its longest pair: a tab becomes
/// seven spaces.
pub fn segments(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let count = SmsText::count(&text);
    assert_eq!(count.per_segment_units.iter().sum::<usize>(), count.units);
    assert_eq!(count.per_segment_units.len(), count.segments);
    assert!(count.segments >= 1 && count.segments <= count.units.max(1) + 1);
    assert_eq!(
        count.first_costly.is_some(),
        count.encoding == Encoding::Ucs2
    );
    if let Some(costly) = &count.first_costly {
        assert!(text.contains(&costly.char) && costly.line >= 1 && costly.column >= 1);
    }
    let plainer = plain(&text);
    assert_eq!(plain(&plainer), plainer);
    if SmsText::count(&plainer).encoding == count.encoding {
        assert!(SmsText::count(&plainer).units <= count.units.max(text.chars().count() * 7));
    }
}
