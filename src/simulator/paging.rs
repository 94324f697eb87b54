//! Pages of a list, in Twilio's two styles: relative links beside the array (2010 API), absolute links
//! under `meta` (all others).
//!
//! A page token holds the serial number of the page's edge, so that things added meanwhile neither
//! repeat nor hide anything. Clients must treat it as opaque.

use std::ops::Range;

use serde_json::{Map, Value, json};

use crate::twilio::wire::Request;

/// Which page was asked for.
pub(super) struct Page<'a> {
    request: &'a Request,
    number: usize,
    size: usize,
    range: Range<usize>,
    older: Option<u64>,
    newer: Option<u64>,
}

impl<'a> Page<'a> {
    /// Cuts the asked page out of a list whose serial numbers fall.
    pub(super) fn cut(request: &'a Request, default_size: usize, serials: &[u64]) -> Self {
        let number = |name: &str| request.query_value(name)?.parse::<usize>().ok();
        let size = number("PageSize").unwrap_or(default_size).clamp(1, 1000);
        let token = request.query_value("PageToken").unwrap_or_default();
        let edge = token
            .get(2..)
            .and_then(|hex| u64::from_str_radix(hex, 16).ok());
        let start = match (token.get(..2), edge) {
            (Some("PA"), Some(edge)) => serials.partition_point(|serial| *serial >= edge),
            (Some("PB"), Some(edge)) => serials
                .partition_point(|serial| *serial > edge)
                .saturating_sub(size),
            _ => 0,
        };
        let range = start..(start + size).min(serials.len());
        let first = serials.get(range.start).copied();
        let last = range.clone().next_back().map(|index| serials[index]);
        Self {
            request,
            number: if start == 0 {
                0
            } else {
                number("Page").unwrap_or(1).max(1)
            },
            size,
            older: last.filter(|_| range.end < serials.len()),
            newer: first.filter(|_| start > 0),
            range,
        }
    }

    /// Which items of the list are on it.
    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The page in the style of the 2010 API.
    pub(super) fn relative(&self, key: &str, items: Vec<Value>) -> Value {
        let start = self.range.start.min(self.number * self.size);
        let mut page = Map::new();
        page.insert("end".into(), json!((start + items.len()).saturating_sub(1)));
        page.insert("start".into(), json!(start));
        page.insert("page".into(), json!(self.number));
        page.insert("page_size".into(), json!(self.size));
        page.insert("uri".into(), json!(self.own_link()));
        page.insert("first_page_uri".into(), json!(self.link(0, None)));
        page.insert("next_page_uri".into(), json!(self.next_link()));
        page.insert("previous_page_uri".into(), json!(self.previous_link()));
        page.insert(key.into(), Value::Array(items));
        Value::Object(page)
    }

    /// The page in the style of the product APIs.
    pub(super) fn absolute(&self, origin: &str, key: &str, items: Vec<Value>) -> Value {
        let absolute = |link: String| format!("{origin}{link}");
        let mut page = Map::new();
        page.insert(
            "meta".into(),
            json!({
                "key": key,
                "page": self.number,
                "page_size": self.size,
                "url": absolute(self.own_link()),
                "first_page_url": absolute(self.link(0, None)),
                "next_page_url": self.next_link().map(absolute),
                "previous_page_url": self.previous_link().map(absolute),
            }),
        );
        page.insert(key.into(), Value::Array(items));
        Value::Object(page)
    }

    fn own_link(&self) -> String {
        self.link(self.number, self.request.query_value("PageToken"))
    }

    fn next_link(&self) -> Option<String> {
        let token = format!("PA{:032x}", self.older?);
        Some(self.link(self.number + 1, Some(&token)))
    }

    fn previous_link(&self) -> Option<String> {
        let token = format!("PB{:032x}", self.newer?);
        Some(self.link(self.number.saturating_sub(1), Some(&token)))
    }

    /// Path and query of a page of the same list, filters kept.
    fn link(&self, number: usize, token: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.request.query {
            if !matches!(name.as_str(), "PageSize" | "Page" | "PageToken") {
                query.append_pair(name, value);
            }
        }
        query.append_pair("PageSize", &self.size.to_string());
        query.append_pair("Page", &number.to_string());
        if let Some(token) = token {
            query.append_pair("PageToken", token);
        }
        format!("{}?{}", self.request.path, query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twilio::wire::{Host, Method};

    fn ask(link: &str) -> Request {
        let (path, query) = link.split_once('?').unwrap();
        Request {
            method: Method::Get,
            host: Host::Api,
            path: path.to_owned(),
            query: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            form: Vec::new(),
            auth: None,
        }
    }

    fn items(request: &Request, serials: &[u64]) -> (Vec<u64>, Option<String>, Option<String>) {
        let page = Page::cut(request, 50, serials);
        let link = |value: &Value| value.as_str().map(str::to_owned);
        let body = page.relative("things", Vec::new());
        (
            serials[page.range()].to_vec(),
            link(&body["next_page_uri"]),
            link(&body["previous_page_uri"]),
        )
    }

    #[test]
    fn links_lead_through_everything_once_even_while_things_are_added() {
        let (first, next, previous) = items(&ask("/list?To=%2B1&PageSize=2"), &[5, 4, 3, 2, 1]);
        assert_eq!((first, previous), (vec![5, 4], None));
        let next = next.unwrap();
        assert!(
            next.starts_with("/list?To=%2B1&PageSize=2&Page=1&PageToken=PA"),
            "{next}"
        );
        let (second, next, previous) = items(&ask(&next), &[7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(second, [3, 2]);
        let (back, ..) = items(&ask(&previous.unwrap()), &[7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(back, [5, 4]);
        let (last, next, _) = items(&ask(&next.unwrap()), &[7, 6, 5, 4, 3, 2, 1]);
        assert_eq!((last, next), (vec![1], None));
    }

    #[test]
    fn an_empty_page_ends_at_zero_and_links_to_nothing() {
        let page = Page::cut(&ask("/list?PageSize=0"), 50, &[]).relative("things", Vec::new());
        assert_eq!(page["end"], 0);
        assert_eq!(page["page_size"], 1);
        assert!(page["next_page_uri"].is_null() && page["previous_page_uri"].is_null());
    }
}
