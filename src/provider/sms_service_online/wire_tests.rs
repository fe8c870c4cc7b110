//! Every documented answer, and everything that is none.

use super::*;
use crate::provider::Effect;

/// What is no answer of SMS-Service-Online at all.
const NONSENSE: [&str; 12] = [
    "",
    " ",
    "ACCESS",
    "<html>502</html>",
    "{\"id\":1",
    "[",
    "null",
    "SOMETHING_NEW",
    "BAD_KEY:1",
    "no_numbers",
    "ACCESS_NUMBER:234242",
    "\u{0}\u{fffd}",
];

fn answer(status: u16, body: &str) -> Result<String, Fault> {
    decode(&Answer { status, body: body.to_owned() })
}

fn code(progress: Progress) -> String {
    match progress {
        Progress::Received(Inbox::Last(sms)) => sms.code,
        other => panic!("{other:?}"),
    }
}

fn state(text: &str) -> Result<Progress, Fault> {
    progress(text, Timestamp::UNIX_EPOCH)
}

#[test]
fn every_documented_error_is_known_whatever_its_http_status() {
    let table = [
        ("BAD_ACTION", FaultKind::Malformed, Effect::None),
        ("BAD_KEY", FaultKind::WrongKey, Effect::None),
        ("BAD_LANG", FaultKind::Malformed, Effect::None),
        ("NO_ACTIVATION", FaultKind::UnknownActivation, Effect::None),
        ("NO_BALANCE", FaultKind::NoFunds, Effect::None),
        ("NO_NUMBERS", FaultKind::NoStock, Effect::None),
        ("ERROR_SQL", FaultKind::UpstreamFailed, Effect::Unknown),
    ];
    for (word, kind, effect) in table {
        for body in [word.to_owned(), format!("\u{feff}{word}\r\n")] {
            for status in [200, 400] {
                let fault = answer(status, &body).unwrap_err();
                assert_eq!((&fault.kind, fault.effect), (&kind, effect), "{status} {body}");
                assert_eq!(fault.upstream_code.as_deref(), Some(word));
            }
        }
    }
}

#[test]
fn a_server_that_failed_or_was_asked_too_often_is_not_believed() {
    for (status, body) in [(500, "NO_NUMBERS"), (502, "<html>"), (302, ""), (404, "ACCESS_NUMBER:1:7999")] {
        assert_eq!(answer(status, body).unwrap_err().effect, Effect::Unknown, "{status} {body}");
    }
    let fault = answer(429, "ACCESS_NUMBER:1:7999").unwrap_err();
    assert_eq!((fault.kind, fault.effect), (FaultKind::RateLimited, Effect::None));
}

#[test]
fn a_balance_is_an_amount_and_no_word_ever_becomes_one() {
    for (text, amount) in [("463.02", "463.02"), ("0", "0"), ("-1.5", "-1.5")] {
        assert_eq!(balance(text), Ok(amount.parse().unwrap()), "{text}");
    }
    let long = "9".repeat(1000);
    for text in ["1e5", "1_000", "1,5", "4 63", "--1", "1.2.3", "463.02 RUB", "\"463.02\"", ".", "-", &long]
        .into_iter()
        .chain(NONSENSE)
    {
        assert_eq!(balance(text).unwrap_err().kind, FaultKind::Malformed, "{text}");
    }
}

#[test]
fn only_a_whole_number_was_certainly_bought_and_nothing_else_certainly_not() {
    let sold = bought("ACCESS_NUMBER:234242:79991728822").unwrap();
    assert_eq!((sold.upstream_id.as_str(), sold.phone.digits()), ("234242", "79991728822"));
    assert_eq!((sold.price, sold.operator), (None, None));
    let fault = bought("ACCESS_NUMBER:234242:abc").unwrap_err();
    assert!(fault.detail.contains("234242") && fault.effect == Effect::Unknown, "{fault}");
    let huge = format!("ACCESS_NUMBER:1:{}x", "7".repeat(1 << 20));
    for text in ["ACCESS_NUMBER:1:", "ACCESS_NUMBER::7999", "STATUS_OK:1", "463.02", &huge]
        .into_iter()
        .chain(NONSENSE)
    {
        assert_eq!(bought(text).unwrap_err().effect, Effect::Unknown, "{text:.40}");
    }
}

#[test]
fn every_documented_state_is_read() {
    assert_eq!(state("STATUS_WAIT_CODE"), Ok(Progress::Waiting));
    assert_eq!(state("STATUS_CANCEL"), Ok(Progress::Cancelled));
    assert_eq!(code(state("STATUS_OK:4711").unwrap()), "4711");
    assert_eq!(code(state("STATUS_OK:12:34 AB").unwrap()), "12:34 AB");
    for text in ["STATUS_OK", "STATUS_OK:", "STATUS_OK: ", "STATUS_WAIT", "4711"].into_iter().chain(NONSENSE)
    {
        assert_eq!(state(text).unwrap_err().kind, FaultKind::Malformed, "{text}");
    }
}

#[test]
fn another_word_than_the_one_that_was_hoped_for_is_no_agreement() {
    assert_eq!(agreed("ACCESS_CANCEL", "ACCESS_CANCEL"), Ok(()));
    for text in ["ACCESS_ACTIVATION", "ACCESS_CANCEL:1", "access_cancel", "1"].into_iter().chain(NONSENSE) {
        assert_eq!(agreed(text, "ACCESS_CANCEL").unwrap_err().effect, Effect::Unknown, "{text}");
    }
}

#[test]
fn a_fault_repeats_words_and_no_numbers() {
    let fault = bought("SOMETHING_NEW").unwrap_err();
    assert_eq!(fault.upstream_code.as_deref(), Some("SOMETHING_NEW"));
    for text in [
        "79991728822",
        "STATUS_OK 4711",
        "OK 4711",
        "ACCESS_NUMBER:79991728822",
        "ACCESS_NUMBER:79991728822:234x",
    ] {
        let faults = [bought(text).unwrap_err(), agreed(text, "X").unwrap_err(), state(text).unwrap_err()];
        for fault in faults {
            let shown = format!("{fault:?}");
            assert!(!shown.contains("4711") && !shown.contains("7999"), "{shown}");
        }
    }
}
