//! The tables of flavours and forms against each other, and the words that are changed.

use super::*;
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Params, action};

fn of(name: &str) -> Shape {
    flavour(name).unwrap().shape
}

fn refused(word: Word) -> Reply {
    Refusal::new(word, "why").into()
}

/// The answers of `getStatus` that a flavour may do without.
const WAITING: [&str; 3] = ["STATUS_WAIT_CODE", "STATUS_WAIT_RETRY", "STATUS_WAIT_RESEND"];

#[test]
fn the_first_word_of_every_key_is_the_originals_and_each_word_chooses() {
    for key in KEYS {
        assert_eq!(SMS_ACTIVATE.shape.with(key.name, key.words[0]), SMS_ACTIVATE.shape, "{}", key.name);
        for word in &key.words[1..] {
            assert_ne!(SMS_ACTIVATE.shape.with(key.name, word), SMS_ACTIVATE.shape, "{}: {word}", key.name);
        }
        assert_eq!(SMS_ACTIVATE.shape.with(key.name, "nonsense"), SMS_ACTIVATE.shape);
    }
    assert_eq!(SMS_ACTIVATE.shape.with("nonsense", "text"), SMS_ACTIVATE.shape);
}

#[test]
fn tables_speak_of_words_and_actions_that_exist() {
    let word_exists =
        |text: &str| WAITING.contains(&text) || Word::ALL.iter().any(|word| word.as_str() == text);
    // Lists of SMS-Service-Online's alone.
    let action_exists = |name: &str| {
        action(name).is_some() || ["getCountryAndOperators", "getServicesAndCost"].contains(&name)
    };
    for Flavour { name, shape } in FLAVOURS {
        for instead in shape.words {
            assert!(word_exists(instead.word) && word_exists(instead.say), "{name}: {instead:?}");
            assert!(instead.of.iter().all(|action| action_exists(action)), "{name}: {instead:?}");
        }
        for needs in shape.needs {
            assert!(action_exists(needs.action), "{name}: {needs:?}");
        }
    }
}

#[test]
fn a_word_is_changed_for_its_actions_only_and_keeps_its_reason() {
    let man = of("sms-man");
    let reply = man.finish("getNumber", refused(Word::BadService));
    assert_eq!((reply.body.as_str(), reply.outcome.as_str()), ("NO_NUMBERS", "NO_NUMBERS"));
    assert_eq!(reply.detail.as_deref(), Some("why"));
    assert_eq!(man.finish("getNumberV2", refused(Word::BadService)).body, "BAD_SERVICE");
    assert_eq!(man.finish("", refused(Word::NoKey)).body, "BAD_KEY");
    assert_eq!(Shape::default().finish("", refused(Word::NoKey)).body, "NO_KEY");
}

#[test]
fn an_argument_goes_with_its_word_and_json_stays() {
    let online = of("sms-service-online");
    let waiting = online.finish("getStatus", Reply::text("STATUS_WAIT_RETRY", &["1234"]));
    assert_eq!(waiting.body, "STATUS_WAIT_CODE");
    let code = Reply::text("STATUS_OK", &["STATUS_WAIT_RETRY"]);
    assert_eq!(online.finish("getStatus", code.clone()), code);
    let none = refused(Word::NoActivations);
    assert_eq!(online.finish("getStatus", none.clone()), none);
}

#[test]
fn an_unknown_id_has_the_word_that_was_chosen() {
    let chosen = of("sms-man").with("unknown_id", "WRONG_ACTIVATION_ID");
    assert_eq!(chosen.finish("getStatus", refused(Word::NoActivation)).body, "WRONG_ACTIVATION_ID");
    assert_eq!(chosen.finish("getNumber", refused(Word::BadService)).body, "NO_NUMBERS");
}

#[test]
fn a_rents_messages_are_an_object_or_a_list_and_stay_that_when_there_are_none() {
    let rows = || vec!["newest", "older"];
    assert_eq!(RentValues::Object.write(rows()).to_string(), r#"{"0":"newest","1":"older"}"#);
    assert_eq!(RentValues::List.write(rows()).to_string(), r#"["newest","older"]"#);
    assert_eq!(RentValues::Object.write(Vec::<u8>::new()).to_string(), "{}");
    assert_eq!(RentValues::List.write(Vec::<u8>::new()).to_string(), "[]");
}

#[test]
fn what_is_mandatory_is_missed() {
    let missed = |name: &str, action: &str, query: &str| {
        let params = Params::of_urlencoded(query.as_bytes());
        of(name).demand(action, &params).err().map(|refusal| refusal.text)
    };
    let bad_action = Some("BAD_ACTION".to_owned());
    assert_eq!(missed("sms-man", "getNumber", "service=tg"), bad_action);
    assert_eq!(missed("sms-man", "getNumber", "service=tg&country="), bad_action);
    assert_eq!(missed("sms-man", "getNumber", "service=tg&country=0"), None);
    assert_eq!(missed("sms-activate", "getNumber", ""), None);
    let bad_lang = Some("BAD_LANG".to_owned());
    for (query, right) in
        [("", &bad_lang), ("lang=RU", &bad_lang), ("lang=de", &bad_lang), ("lang=en", &None)]
    {
        assert_eq!(&missed("sms-service-online", "getBalance", query), right, "{query}");
    }
    assert_eq!(missed("sms-service-online", "setStatus", ""), None);
    assert_eq!(missed("sms-service-online", "setStatus", "lang=de"), bad_lang);
    assert_eq!(missed("sms-service-online", "getPrices", ""), None);
    assert_eq!(missed("sms-man", "getBalance", ""), None);
}
