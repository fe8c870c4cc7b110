//! SMS-Service-Online's answers in words: its errors, a balance, a number that was sold, the state of an
//! activation. Knows no request and no list.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::domain::{Bought, Inbox, Progress, Sms};
use crate::provider::http::Answer;
use crate::provider::{Fault, FaultKind, read, words};

/// What it answers to a malformed request, and also to a status that cannot be set as things stand
/// (`UPSTREAMS.md` section 6b).
const BAD_ACTION: &str = "BAD_ACTION";

/// A fault for an answer that the document does not allow.
pub fn malformed(detail: &str) -> Fault {
    read::malformed("SMS-Service-Online", detail)
}

/// Turns an answer into its text, or into the fault that its error word means.
pub fn decode(answer: &Answer) -> Result<String, Fault> {
    if let Some(fault) = read::failed(answer) {
        return Err(fault);
    }
    let text = answer.body.trim_start_matches('\u{feff}').trim();
    match fault_of(text) {
        Some(fault) => Err(fault),
        None => read::odd_status(answer).map_or_else(|| Ok(text.to_owned()), Err),
    }
}

/// A text as JSON.
pub fn json(text: &str) -> Result<Value, Fault> {
    // A word that is not documented is no list either, and says more than "not JSON".
    if is_word(text) { Err(undocumented(text)) } else { read::json("SMS-Service-Online", text) }
}

/// The words of "Possible error" and of the answers to getNumber and setStatus (what they mean to us:
/// `UPSTREAMS.md` section 6a).
fn fault_of(text: &str) -> Option<Fault> {
    let kind = match text {
        "BAD_KEY" => FaultKind::WrongKey,
        "NO_BALANCE" => FaultKind::NoFunds,
        "NO_NUMBERS" => FaultKind::NoStock,
        "NO_ACTIVATION" => FaultKind::UnknownActivation,
        // Requests are made here, so a wrong one is no fault of the client's.
        BAD_ACTION | "BAD_LANG" => FaultKind::Malformed,
        // Whether its database failed before or after it sold a number, nobody can tell.
        "ERROR_SQL" => return Some(Fault::upstream(FaultKind::UpstreamFailed, text).in_doubt()),
        _ => return None,
    };
    Some(Fault::upstream(kind, text))
}

/// Whether setStatus refused: its requests are always made the same way, so it means the status.
pub fn is_refusal(fault: &Fault) -> bool {
    fault.upstream_code.as_deref() == Some(BAD_ACTION)
}

/// That refusal for what it turned out to mean.
pub fn refusal(kind: FaultKind) -> Fault {
    Fault::upstream(kind, BAD_ACTION)
}

/// Whether a text looks like one of its words. A code or a number never does: words have no digits.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}

/// The fault of an answer that says neither what was asked nor a documented error: whoever wrote it may
/// have done so after the sale.
fn undocumented(text: &str) -> Fault {
    if is_word(text) {
        return Fault::upstream(FaultKind::Malformed, text).in_doubt();
    }
    malformed("an undocumented answer").in_doubt()
}

/// A bare amount, as `463.02` (getBalance). Nothing but digits, a sign and a point is one.
pub fn balance(text: &str) -> Result<Decimal, Fault> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let shaped = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let amount = shaped.then(|| Decimal::from_str_exact(text).ok()).flatten();
    amount.ok_or_else(|| undocumented(text))
}

/// `ACCESS_NUMBER:ID:NUMBER` (getNumber). Anything else leaves it open whether a number was bought.
pub fn bought(text: &str) -> Result<Bought, Fault> {
    words::sold(text).ok_or_else(|| match id_of(text) {
        // The ledger keeps this text with the doubt, so that the number can be looked for.
        Some(id) => malformed(&format!("getNumber answered id {id} and no readable number")).in_doubt(),
        None => undocumented(text),
    })
}

/// The id of an answer to getNumber, unless it may as well be a phone number.
fn id_of(text: &str) -> Option<&str> {
    let id = text.strip_prefix("ACCESS_NUMBER:")?.split(':').next()?;
    (1..10).contains(&id.len()).then_some(id).filter(|id| id.bytes().all(|b| b.is_ascii_digit()))
}

/// `STATUS_WAIT_CODE`, `STATUS_CANCEL`, `STATUS_OK:CODE` (getStatus). The code may be the old one while
/// another is awaited: there is no word for that (`UPSTREAMS.md` section 6b).
pub fn progress(text: &str, now: Timestamp) -> Result<Progress, Fault> {
    match text {
        "STATUS_WAIT_CODE" => return Ok(Progress::Waiting),
        "STATUS_CANCEL" => return Ok(Progress::Cancelled),
        _ => {}
    }
    let code = text.strip_prefix("STATUS_OK:").map(str::trim).filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| undocumented(text))?;
    Ok(Progress::Received(Inbox::Last(Sms::of_code(code, now))))
}

/// Whether setStatus answered the word of agreement; another one leaves it open what was done.
pub fn agreed(text: &str, word: &str) -> Result<(), Fault> {
    if text == word { Ok(()) } else { Err(undocumented(text)) }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
