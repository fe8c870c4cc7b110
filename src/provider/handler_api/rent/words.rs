//! The error words of the rent section: in JSON, under names of their own, and some of them states. Knows no
//! request.
//!
//! `{"status":"error","message":WORD,"info":{"max":…}}` (`api/sms-activate.txt`, "API АРЕНДЫ"); of the newer
//! generation `{"title":WORD}` under HTTP 4xx (`WIRE.md` section 1, item 21); a bare word where the document has
//! one (`BAD_KEY`, `OUT_OF_STOCK`).

use serde_json::Value;

use crate::provider::handler_api::fold::LONGEST_WORD;
use crate::provider::http::Answer;
use crate::provider::read::whole;
use crate::provider::{Fault, FaultKind};

/// A word that an answer is made of.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// The word.
    pub word: String,
    /// The most hours, where it says so.
    pub max: Option<u32>,
}

/// The word of an answer that is an error of this section, or one of its states. `None` for everything else,
/// and for what came under a status that is none of the service's own.
pub fn said(answer: &Answer) -> Option<Said> {
    if !matches!(answer.status, 200..=299 | 400..=499) || answer.status == 429 {
        return None;
    }
    let text = answer.body.trim_start_matches('\u{feff}').trim();
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return is_word(text).then(|| Said { word: text.to_owned(), max: None });
    };
    let field = |name: &str| value.get(name).and_then(Value::as_str).map(str::trim);
    let word = match field("title") {
        Some(title) => title,
        None if field("status") == Some("error") => {
            ["message", "msg", "error"].into_iter().find_map(field)?
        }
        None => return None,
    };
    let max = value.get("info").and_then(|info| info.get("max")).or_else(|| value.get("max"));
    let max = whole(max).and_then(|max| u32::try_from(max).ok());
    is_word(word).then(|| Said { word: word.to_owned(), max })
}

fn is_word(text: &str) -> bool {
    text.contains('_')
        && text.len() <= LONGEST_WORD
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// What a word means that has a meaning in this section only; `None` for the others.
pub fn fault_of(said: &Said) -> Option<Fault> {
    let kind = match said.word.as_str() {
        "INVALID_PHONE" => FaultKind::UnknownActivation,
        "INVALID_TIME" => FaultKind::WrongHours,
        "MAX_HOURS_EXCEED" => said.max.map_or(FaultKind::WrongHours, FaultKind::TooManyHours),
        "RENT_DIE" => FaultKind::RentOver,
        "CANT_CANCEL" => FaultKind::BadStatus,
        "OUT_OF_STOCK" => FaultKind::NoStock,
        // It is told to nobody who did not ask for a state.
        "STATUS_WAIT_CODE" | "STATUS_FINISH" | "STATUS_CANCEL" | "STATUS_REVOKE" => FaultKind::Malformed,
        "NO_ID_RENT" | "INCORECT_STATUS" => FaultKind::Word(said.word.clone()),
        _ => return None,
    };
    let is_state = kind == FaultKind::Malformed;
    let fault = Fault::upstream(kind, &said.word);
    Some(if is_state { fault.in_doubt() } else { fault })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Effect;

    fn read(status: u16, body: &str) -> Option<Said> {
        said(&Answer { status, body: body.to_owned() })
    }

    fn kind(body: &str) -> Option<FaultKind> {
        fault_of(&read(200, body)?).map(|fault| fault.kind)
    }

    #[test]
    fn both_generations_and_bare_words_say_the_same() {
        let words = [
            ("INVALID_PHONE", FaultKind::UnknownActivation),
            ("INVALID_TIME", FaultKind::WrongHours),
            ("RENT_DIE", FaultKind::RentOver),
            ("CANT_CANCEL", FaultKind::BadStatus),
            ("OUT_OF_STOCK", FaultKind::NoStock),
            ("NO_ID_RENT", FaultKind::Word("NO_ID_RENT".into())),
        ];
        for (word, kind) in words {
            let bodies = [
                (200, format!(r#"{{"status":"error","message":"{word}"}}"#)),
                (200, format!(r#"{{"status":"error","msg":"{word}","info":[]}}"#)),
                (409, format!(r#"{{"title":"{word}","details":"x"}}"#)),
                (200, word.to_owned()),
            ];
            for (status, body) in bodies {
                let fault = fault_of(&read(status, &body).unwrap()).unwrap();
                assert_eq!((&fault.kind, fault.effect), (&kind, Effect::None), "{body}");
                assert_eq!(fault.upstream_code.as_deref(), Some(word));
            }
        }
    }

    #[test]
    fn the_most_hours_are_told_where_they_are_known() {
        let body = |info: &str| format!(r#"{{"status":"error","message":"MAX_HOURS_EXCEED","info":{info}}}"#);
        for info in [r#"{"max":1340}"#, r#"{"max":"1340"}"#] {
            assert_eq!(kind(&body(info)), Some(FaultKind::TooManyHours(1340)), "{info}");
        }
        for info in ["null", "{}", r#"{"max":-1}"#, r#"{"max":99999999999}"#] {
            assert_eq!(kind(&body(info)), Some(FaultKind::WrongHours), "{info}");
        }
    }

    #[test]
    fn a_state_is_no_refusal_of_what_was_ordered() {
        for word in ["STATUS_WAIT_CODE", "STATUS_FINISH", "STATUS_CANCEL"] {
            let said = read(200, &format!(r#"{{"status":"error","message":"{word}"}}"#)).unwrap();
            assert_eq!(fault_of(&said).unwrap().effect, Effect::Unknown, "{word}");
        }
    }

    #[test]
    fn what_is_no_word_of_this_section_is_left_to_others() {
        for body in
            ["", "1", "OK", "{}", r#"{"status":"success"}"#, "<html>", "no_id_rent", r#"{"status":"error"}"#]
        {
            assert_eq!(read(200, body), None, "{body}");
        }
        let error = r#"{"status":"error","message":"INVALID_PHONE"}"#;
        for status in [302, 429, 500, 502] {
            assert_eq!(read(status, error), None, "{status}");
        }
        assert_eq!(kind(r#"{"status":"error","message":"NO_BALANCE"}"#), None);
        assert_eq!(kind("BAD_KEY"), None);
    }
}
