//! The only place where answer bytes are made: no blank after a colon, no trailing newline, no byte
//! order mark, keys in the documented order. Knows no action, and nothing of HTTP.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::code::{Form, Refusal};
use crate::aside::aside;
use crate::engine::Written;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its bytes, unless they are `written`.
    pub body: String,
    /// Its bytes where many are answered with the same.
    pub written: Option<Arc<Written>>,
    /// Whether they are JSON.
    pub json: bool,
    /// The word for the log: the answer's first word, never a code or a number.
    pub outcome: String,
    /// Why it was refused, or what is to be said of it, in plain words.
    pub detail: Option<String>,
}

impl Reply {
    /// A word and what follows it after a colon: `ACCESS_NUMBER:id:phone`.
    pub fn text(word: &str, fields: &[&str]) -> Self {
        let mut body = word.to_owned();
        for field in fields {
            body.push(':');
            body.push_str(field);
        }
        Self::of(body, false, word.to_owned())
    }

    /// What follows a word without the word, which goes into the log alone: `463.02`.
    pub fn bare(word: &str, field: &str) -> Self {
        Self::of(field.to_owned(), false, word.to_owned())
    }

    /// A JSON answer, compact.
    pub fn json(value: &impl Serialize) -> Self {
        match serde_json::to_string(value) {
            Ok(body) => Self::of(body, true, "OK".to_owned()),
            Err(error) => Refusal::new(super::code::Word::ErrorSql, error.to_string()).into(),
        }
    }

    /// A body that an upstream wrote.
    pub fn verbatim(body: String) -> Self {
        let json = body.trim_start().starts_with(['{', '[']);
        let outcome = if json { "RELAYED".to_owned() } else { first_word(&body) };
        Self::of(body, json, outcome)
    }

    /// A JSON answer that was written before.
    pub fn written(list: Arc<Written>) -> Self {
        Self { written: Some(list), ..Self::of(String::new(), true, "OK".to_owned()) }
    }

    /// What `write` writes; where that is long, it is written and packed where it holds up nobody.
    pub async fn long(is_long: bool, write: impl FnOnce() -> Self + Send + 'static) -> Self {
        match aside(is_long, write).await {
            Some(reply) if is_long && reply.detail.is_none() => {
                Self { written: Some(Arc::new(Written::new(reply.body))), body: String::new(), ..reply }
            }
            Some(reply) => reply,
            None => Refusal::new(super::code::Word::ErrorSql, "the list was not written to its end").into(),
        }
    }

    fn of(body: String, json: bool, outcome: String) -> Self {
        Self { body, written: None, json, outcome, detail: None }
    }

    /// What the client reads.
    pub fn text_of(&self) -> &str {
        self.written.as_ref().map_or(&self.body, |written| written.text())
    }
}

/// The part of a text answer that may stand in a log: its capitals up to the first other character.
fn first_word(body: &str) -> String {
    let word: String = body.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').take(40).collect();
    if word.is_empty() { "RELAYED".to_owned() } else { word }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        #[derive(Serialize)]
        struct Envelope<'a> {
            status: &'a str,
            error: &'a str,
        }
        let outcome = first_word(&refusal.text);
        let (body, json) = match refusal.form {
            Form::Text => (refusal.text, false),
            Form::Json => {
                let envelope = Envelope { status: "error", error: &refusal.text };
                (serde_json::to_string(&envelope).unwrap_or(refusal.text), true)
            }
            Form::Message => (message(&refusal.text), true),
        };
        Self { detail: Some(refusal.detail), ..Self::of(body, json, outcome) }
    }
}

/// An error of the rent section, a number after the word's colon being the most that can be had.
fn message(text: &str) -> String {
    #[derive(Serialize)]
    struct Info {
        max: u32,
    }
    #[derive(Serialize)]
    struct Envelope<'a> {
        status: &'a str,
        message: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        info: Option<Info>,
    }
    let (word, max) = text.split_once(':').unwrap_or((text, ""));
    let info = max.parse().ok().map(|max| Info { max });
    let message = if info.is_some() { word } else { text };
    serde_json::to_string(&Envelope { status: "error", message, info }).unwrap_or_default()
}

/// A time as the dialect writes it, in UTC: `2022-06-01 17:30:57`.
pub fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::code::Word;

    #[test]
    fn texts_have_no_byte_too_many() {
        assert_eq!(Reply::text("ACCESS_NUMBER", &["1", "79"]).body, "ACCESS_NUMBER:1:79");
        assert_eq!(Reply::text("ACCESS_CANCEL", &[]).body, "ACCESS_CANCEL");
    }

    #[test]
    fn the_json_form_of_an_error_is_compact_and_ordered() {
        let reply = Reply::from(Refusal::new(Word::NoActivations, ""));
        assert_eq!(reply.body, r#"{"status":"error","error":"NO_ACTIVATIONS"}"#);
        assert!(reply.json);
    }

    #[test]
    fn the_rent_sections_form_is_compact_and_ordered() {
        let body = |text: &str| {
            let refusal = Refusal::new(Word::MaxHoursExceed, "");
            Reply::from(Refusal { text: text.to_owned(), ..refusal }).body
        };
        assert_eq!(body("RENT_DIE"), r#"{"status":"error","message":"RENT_DIE"}"#);
        let expected = r#"{"status":"error","message":"MAX_HOURS_EXCEED","info":{"max":720}}"#;
        assert_eq!(body("MAX_HOURS_EXCEED:720"), expected);
        assert_eq!(body("BANNED:'x'"), r#"{"status":"error","message":"BANNED:'x'"}"#);
    }

    #[test]
    fn the_log_never_gets_a_code_or_a_number() {
        assert_eq!(Reply::text("STATUS_OK", &["1234"]).outcome, "STATUS_OK");
        assert_eq!(Reply::verbatim("STATUS_OK:1234".into()).outcome, "STATUS_OK");
        assert_eq!(Reply::verbatim("79991112233".into()).outcome, "RELAYED");
    }

    #[test]
    fn times_are_utc() {
        assert_eq!(time("2022-06-01T17:30:57.9Z".parse().unwrap()), "2022-06-01 17:30:57");
    }
}
