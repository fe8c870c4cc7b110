//! What the error words of the dialect mean, and those that a service uses in a meaning of its own. Knows no
//! request and no form in which a word comes.

use serde_json::Value;

use super::fold::malformed;
use crate::provider::{Effect, Fault, FaultKind, read};

/// Stands for an error in no word at all.
pub const UNDOCUMENTED: &str = "UNDOCUMENTED_ERROR";

/// Words that say for certain that nothing was done (`WIRE.md` section 4, "Error words"); those with a
/// meaning of their own here are in `fault_of`.
const REFUSALS: &[&str] = &[
    "ACCOUNT_INACTIVE",
    "ALREADY_CANCEL",
    "ALREADY_FINISH",
    "BAD_ACTION",
    "BAD_COUNTRY",
    "BAD_CURRENCY",
    "BAD_DATA",
    "BAD_OPERATOR",
    "BAD_SITE",
    "BANNED",
    "CALL_TASK_ALREADY_EXIST",
    "BLOCKED_SITE",
    "CANT_CANCEL",
    "CHANNELS_LIMIT",
    "MAIL_TYPE_ERROR",
    "NEW_ACTIVATION_IMPOSSIBLE",
    "NOT_AVAILABLE",
    "NO_ACTION",
    "NO_ACTIVATIONS",
    "NO_BALANCE_FORWARD",
    "NO_CALL",
    "NO_YULA_MAIL",
    "NUMBER_NOT_EXIST",
    "OPERATORS_NOT_FOUND",
    "ORDER_ALREADY_EXISTS",
    "OUT_OF_STOCK",
    "PARSE_COUNT_EXCEED",
    "SERVICE_UNAVAILABLE_REGION",
    "SIM_OFFLINE",
    "WHATSAPP_NOT_AVAILABLE",
    "WRONG_ACTION",
    "WRONG_EXCEPTION_PHONE",
    "WRONG_MAX_PRICE",
    "WRONG_OPERATOR",
];

/// Words that say that there is no such action.
const NO_SUCH_ACTION: &[&str] = &["BAD_ACTION", "NO_ACTION", "WRONG_ACTION"];

/// Actions that some services lack, and for each of which there is another way or a word of refusal: there a word of
/// `NO_SUCH_ACTION` is taken for what it says, and the other way shows what else it may mean.
const OPTIONAL: &[&str] = &[
    "getBalanceAndCashBack",
    "getNumbersStatus",
    "getTopCountriesByService",
    "getCountries",
    "getServicesList",
    "getOperators",
    "getNumberV2",
    "getStatusV2",
    "getFullSms",
    "getAllSms",
    "getTopCountriesByServiceRank",
    "getListOfTopCountriesByService",
    "getPricesV2",
    "getPricesV3",
    "getPricesExtended",
    "getPricesVerification",
    "getNumbersStatusAndCostHubFree",
    "getIncomingCallStatus",
    "createTaskForCall",
    "getOutgoingCalls",
    "parseCall",
    "getActiveActivations",
];

/// Words of the document that a service's own word can stand for.
const MEANINGS: &[&str] = &[
    "BAD_KEY",
    "NO_BALANCE",
    "NO_NUMBERS",
    "NO_ACTIVATION",
    "BAD_SERVICE",
    "BAD_STATUS",
    "EARLY_CANCEL_DENIED",
    // It failed itself, so that an order may have been carried out.
    "ERROR_SQL",
];

/// Whether the upstream says that it has no such action.
pub fn is_unknown_action(fault: &Fault) -> bool {
    matches!(&fault.kind, FaultKind::Word(word) if NO_SUCH_ACTION.contains(&word.as_str()))
}

/// Whether the upstream says in so many words that it will not do this, and nothing else is the matter.
pub fn is_refusal(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::BadStatus | FaultKind::Word(_)) && fault.effect == Effect::None
}

/// What an error word means (`api/sms-activate.txt`, the "ВОЗМОЖНЫЕ ОШИБКИ" of each action). A word
/// that says nothing to us goes to the client as it is.
pub fn fault_of(text: &str) -> Fault {
    let (head, argument) = text.split_once(':').unwrap_or((text, ""));
    let kind = match head {
        "BAD_KEY" | "NO_KEY" | "API_KEY_NOT_VALID" => FaultKind::WrongKey,
        "NO_NUMBERS" => FaultKind::NoStock,
        "NO_BALANCE" | "BAD_BALANCE" => FaultKind::NoFunds,
        "BAD_SERVICE" | "WRONG_SERVICE" => FaultKind::UnknownService,
        "BAD_STATUS" => FaultKind::BadStatus,
        "EARLY_CANCEL_DENIED" => FaultKind::TooEarlyToCancel,
        "NO_ACTIVATION" | "WRONG_ACTIVATION_ID" | "INVALID_ACTIVATION_ID" | "ACTIVATION_NOT_FOUND" => {
            FaultKind::UnknownActivation
        }
        "RENEW_ACTIVATION_NOT_AVAILABLE" => FaultKind::NotRenewable,
        "WRONG_ADDITIONAL_SERVICE" => FaultKind::NotAddable,
        "WRONG_SECURITY" => FaultKind::NotForwarding,
        "REPEAT_ADDITIONAL_SERVICE" => FaultKind::AlreadyAdded,
        "WRONG_MAX_PRICE" => match read::price(Some(&Value::String(argument.to_owned()))) {
            Some(min) => FaultKind::PriceAboveCap(min),
            None if argument_is_plain(argument) => FaultKind::Word(text.to_owned()),
            None => return malformed("an undocumented error").in_doubt(),
        },
        "ERROR_SQL" | "SQL_ERROR" | "SERVER_ERROR" => {
            // Its database failed; whether before or after it sold a number, nobody can tell.
            return Fault::upstream(FaultKind::UpstreamFailed, head).in_doubt();
        }
        _ if !argument_is_plain(argument) => return malformed("an undocumented error").in_doubt(),
        _ if REFUSALS.contains(&head) => FaultKind::Word(text.to_owned()),
        UNDOCUMENTED => return malformed("an undocumented error").in_doubt(),
        // Whoever invented the word may have done so after the sale.
        _ => {
            // What stands behind it may be the number that was sold, or a code, unless it is short.
            let short = argument.bytes().filter(u8::is_ascii_digit).count() <= 3;
            let said = if short { text } else { head };
            return Fault::upstream(FaultKind::Word(said.to_owned()), head).in_doubt();
        }
    };
    Fault::upstream(kind, head)
}

/// Whether what follows a word is what the document lets follow it: a price or a date, nothing secret.
fn argument_is_plain(argument: &str) -> bool {
    argument.len() <= 32 && argument.chars().all(|c| c.is_ascii_digit() || " .,-:'".contains(c))
}

/// Words that a service uses in a meaning of its own.
#[derive(Debug, Default)]
pub struct Words(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    /// The only action where it means this; every one if there is none.
    action: Option<String>,
    word: String,
    kind: FaultKind,
    effect: Effect,
}

impl Words {
    /// Reads `BAD_ACTION=BAD_KEY, getStatus:BAD_ACTION=NO_ACTIVATION`.
    ///
    /// # Errors
    /// A text that says what is wrong with an entry.
    pub fn parse(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(Entry::parse).collect::<Result<_, _>>().map(Self)
    }

    /// The fault of an answer to `action`, its word read as the service means it.
    pub fn reread(&self, action: &str, fault: Fault) -> Fault {
        let Some(word) = fault.upstream_code.as_deref() else { return fault };
        let here = self.0.iter().find(|entry| entry.action.as_deref() == Some(action) && entry.word == word);
        let tells_no_more = OPTIONAL.contains(&action) && NO_SUCH_ACTION.contains(&word);
        match here.or_else(|| self.general(word).filter(|_| !tells_no_more)) {
            Some(entry) => Fault { effect: entry.effect, ..Fault::upstream(entry.kind.clone(), word) },
            None => fault,
        }
    }

    /// Whether a fault's word may also mean that the key is wrong.
    pub fn may_mean_wrong_key(&self, fault: &Fault) -> bool {
        let word = fault.upstream_code.as_deref();
        word.and_then(|word| self.general(word)).is_some_and(|entry| entry.kind == FaultKind::WrongKey)
    }

    fn general(&self, word: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.action.is_none() && entry.word == word)
    }
}

impl Entry {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = |right: &str| format!("words: {text:?} does not fit; {right}");
        let (theirs, ours) = text
            .split_once('=')
            .ok_or_else(|| wrong("write WORD=MEANING, or action:WORD=MEANING for one action alone"))?;
        let (action, word) = match theirs.split_once(':') {
            Some((action, word)) => (Some(action.trim().to_owned()), word.trim()),
            None => (None, theirs.trim()),
        };
        let in_form = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        if word.is_empty() || !word.bytes().all(in_form) {
            return Err(wrong("an error word has capitals, digits and _"));
        }
        let ours = ours.trim();
        if !MEANINGS.contains(&ours) {
            return Err(wrong(&format!("the meaning is one of {}", MEANINGS.join(", "))));
        }
        let Fault { kind, effect, .. } = fault_of(ours);
        Ok(Self { action, word: word.to_owned(), kind, effect })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAK_SMS: &str = "BAD_ACTION=BAD_KEY, getStatus:BAD_ACTION=NO_ACTIVATION";

    fn read(words: &str, action: &str, word: &str) -> FaultKind {
        Words::parse(words).unwrap().reread(action, fault_of(word)).kind
    }

    #[test]
    fn a_lowest_price_is_an_amount_and_no_other_text_goes_on() {
        assert_eq!(fault_of("WRONG_MAX_PRICE:7.5").kind, FaultKind::PriceAboveCap("7.5".parse().unwrap()));
        for unpriced in ["WRONG_MAX_PRICE", "WRONG_MAX_PRICE:-7.5"] {
            assert_eq!(fault_of(unpriced).kind, FaultKind::Word(unpriced.into()));
        }
        let fault = fault_of("WRONG_MAX_PRICE:whatever-stands-here");
        assert_eq!((fault.kind, fault.effect), (FaultKind::Malformed, Effect::Unknown));
    }

    #[test]
    fn a_word_means_what_the_service_means_by_it_there() {
        assert_eq!(read(VAK_SMS, "getNumber", "BAD_ACTION"), FaultKind::WrongKey);
        assert_eq!(read(VAK_SMS, "getStatus", "BAD_ACTION"), FaultKind::UnknownActivation);
        assert_eq!(read(VAK_SMS, "setStatus", "NO_ACTIVATION"), FaultKind::UnknownActivation);
        assert_eq!(read("", "getNumber", "BAD_ACTION"), FaultKind::Word("BAD_ACTION".into()));
        // It may lack this one; the other way to the same will show what is the matter.
        assert_eq!(read(VAK_SMS, "getNumberV2", "BAD_ACTION"), FaultKind::Word("BAD_ACTION".into()));
        assert_eq!(read("NO_MEANS=NO_BALANCE", "getNumberV2", "NO_MEANS"), FaultKind::NoFunds);
    }

    #[test]
    fn a_declared_word_is_a_certain_refusal_and_an_unknown_one_is_not() {
        let words = Words::parse("NO_MEANS=NO_BALANCE").unwrap();
        assert_eq!(words.reread("getNumber", fault_of("NO_MEANS")).effect, Effect::None);
        assert_eq!(words.reread("getNumber", fault_of("NO_MERCY")).effect, Effect::Unknown);
        let words = Words::parse("getNumber:BAD_ACTION=ERROR_SQL").unwrap();
        assert_eq!(words.reread("getNumber", fault_of("BAD_ACTION")).effect, Effect::Unknown);
        assert_eq!(words.reread("getPrices", fault_of("BAD_ACTION")).effect, Effect::None);
    }

    #[test]
    fn only_a_word_of_two_meanings_may_mean_a_wrong_key() {
        let words = Words::parse(VAK_SMS).unwrap();
        assert!(words.may_mean_wrong_key(&words.reread("getStatus", fault_of("BAD_ACTION"))));
        assert!(!words.may_mean_wrong_key(&fault_of("NO_ACTIVATION")));
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_refused() {
        for text in ["BAD_ACTION", "bad=BAD_KEY", "A=B", "=BAD_KEY", "A=BAD_KEY=NO_BALANCE", "A=BANNED"] {
            assert!(Words::parse(text).unwrap_err().contains(text), "{text}");
        }
        assert!(Words::parse(" , ").is_ok());
    }
}
