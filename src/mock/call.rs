//! A request as a stand-in reads it and an answer as it gives it. Knows no server and no provider.

use axum::http::Method;
use serde_json::Value;

/// What was asked.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    raw_query: String,
    raw_form: String,
    /// Every parameter in the order it came, the query's before the form's.
    pub(super) pairs: Vec<(String, String)>,
}

impl Call {
    pub(super) fn new(method: Method, path: &str, raw_query: &str, raw_form: &str) -> Self {
        let read = |text: &str| serde_urlencoded::from_str::<Vec<(String, String)>>(text).unwrap_or_default();
        let mut pairs = read(raw_query);
        pairs.extend(read(raw_form));
        Self { method, path: path.to_owned(), raw_query: raw_query.into(), raw_form: raw_form.into(), pairs }
    }

    /// A parameter's value; empty if only its name is there.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first parameter that is not one of `known`, or is there twice.
    pub(super) fn stray(&self, known: &[&str]) -> Option<&str> {
        let repeated = |nth: usize, name: &str| self.pairs[..nth].iter().any(|(other, _)| other == name);
        let mut pairs = self.pairs.iter().enumerate();
        let stray = pairs.find(|(nth, (name, _))| !known.contains(&name.as_str()) || repeated(*nth, name));
        stray.map(|(_, (name, _))| name.as_str())
    }

    /// As it may stand in a log: no key in it, neither in a parameter nor in `secret`, the end of the path
    /// that must not be shown.
    pub(super) fn masked(&self, secret: &str) -> String {
        let mut line = format!("{} ", self.method);
        match self.path.strip_suffix(secret) {
            Some(shown) if !secret.is_empty() => line.extend([shown, "***"]),
            _ => line.push_str(&self.path),
        }
        for (mark, part) in [('?', &self.raw_query), (' ', &self.raw_form)] {
            if !part.is_empty() {
                line.push(mark);
                line.push_str(&without_keys(part));
            }
        }
        line
    }
}

fn without_keys(query: &str) -> String {
    let masked = query.split('&').map(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let plain = name.to_ascii_lowercase().replace('_', "");
        let is_key = matches!(plain.as_str(), "apikey" | "token");
        if is_key { format!("{name}=***") } else { pair.to_owned() }
    });
    masked.collect::<Vec<_>>().join("&")
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) retry_after: Option<u32>,
    pub(super) body: String,
}

impl Answer {
    pub(super) const HTML: &'static str = "text/html; charset=UTF-8";
    pub(super) const JSON: &'static str = "application/json";

    /// A plain text under the content type that these servers give to everything.
    pub(super) fn text(body: impl Into<String>) -> Self {
        Self { status: 200, content_type: Self::HTML, retry_after: None, body: body.into() }
    }

    /// A JSON value under its own content type.
    pub(super) fn json(value: &Value) -> Self {
        Self { content_type: Self::JSON, ..Self::text(value.to_string()) }
    }

    pub(super) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_masked_however_they_are_spelled() {
        let call = Call::new(Method::POST, "/x", "apiKey=a1&id=7&api_key=b2", "APIKEY=c3&all&token=d4");
        assert_eq!(call.masked(""), "POST /x?apiKey=***&id=7&api_key=*** APIKEY=***&all&token=***");
    }

    #[test]
    fn the_secret_end_of_a_path_is_masked() {
        let call = Call::new(Method::GET, "/api/balance/a%2F1", "id=7", "");
        assert_eq!(call.masked("a%2F1"), "GET /api/balance/***?id=7");
    }

    #[test]
    fn strays_are_unknown_or_repeated_names() {
        let call = Call::new(Method::GET, "/x", "a=1&b&a=2", "");
        assert_eq!(call.stray(&["a", "b"]), Some("a"));
        assert_eq!(call.stray(&["a"]), Some("b"));
        assert_eq!(Call::new(Method::GET, "/x", "a=1&b", "").stray(&["a", "b"]), None);
        assert_eq!(call.get("b"), Some(""));
    }
}
