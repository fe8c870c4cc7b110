//! The one table of error words: how each is spelled, what it means, in which form it is written, and
//! which of them a fault becomes. Knows no action.

use std::fmt;

use rust_decimal::Decimal;

use crate::provider::{Fault, FaultKind};

macro_rules! words {
    ($($(#[doc = $meaning:literal])+ $name:ident = $text:literal, $form:ident;)+) => {
        /// An error word of the dialect.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Word { $($(#[doc = $meaning])+ $name,)+ }

        impl Word {
            /// All of them.
            pub const ALL: &'static [Word] = &[$(Word::$name,)+];

            /// How it is spelled.
            pub const fn as_str(self) -> &'static str {
                match self { $(Word::$name => $text,)+ }
            }

            /// In which form it is written.
            pub const fn form(self) -> Form {
                match self { $(Word::$name => Form::$form,)+ }
            }

            /// What it means.
            pub fn meaning(self) -> String {
                match self { $(Word::$name => concat!($($meaning),+).trim().to_owned(),)+ }
            }
        }
    };
}

/// The form in which a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The bare word.
    Text,
    /// `{"status":"error","error":WORD}`, compact and in this order: a client compares whole bodies
    /// (`WIRE.md` section 1, item 10).
    Json,
    /// `{"status":"error","message":WORD}`, compact and in this order, as the rent section does; what follows the word
    /// after a colon is written as `"info":{"max":…}`.
    Message,
}

// Meanings and spellings: `api/sms-activate.txt`, the "ВОЗМОЖНЫЕ ОШИБКИ" of each action; NO_KEY is from
// `UPSTREAMS.md` section 8, BAD_LANG from `api/sms-service-online.txt`, "Possible error", NO_CALL and
// PARSE_COUNT_EXCEED from the vendor's later page.
words! {
    /// The key is missing.
    NoKey = "NO_KEY", Text;
    /// The key is wrong: the client's, or the configured one at the upstream.
    BadKey = "BAD_KEY", Text;
    /// The language is missing or unknown, or its currency has no rate; one flavour has it.
    BadLang = "BAD_LANG", Text;
    /// The action is missing or unknown, or its parameters are malformed.
    BadAction = "BAD_ACTION", Text;
    /// The service is missing, unknown, or not sold by this provider.
    BadService = "BAD_SERVICE", Text;
    /// The service is missing or unknown: getListOfTopCountriesByService's own word.
    WrongService = "WRONG_SERVICE", Text;
    /// The status cannot be set as things stand, or is no status.
    BadStatus = "BAD_STATUS", Text;
    /// No number in stock that fits the order.
    NoNumbers = "NO_NUMBERS", Text;
    /// Too little money on the account, or a limit of spending is reached.
    NoBalance = "NO_BALANCE", Text;
    /// The price cap is below the lowest price, which follows.
    WrongMaxPrice = "WRONG_MAX_PRICE", Text;
    /// An excluded prefix is not a country code with 3 to 6 digits.
    WrongExceptionPhone = "WRONG_EXCEPTION_PHONE", Text;
    /// Cancelling is not allowed yet.
    EarlyCancelDenied = "EARLY_CANCEL_DENIED", Text;
    /// No such activation.
    NoActivation = "NO_ACTIVATION", Text;
    /// No activation of which the calls can be told.
    InvalidActivationId = "INVALID_ACTIVATION_ID", Text;
    /// No activation from which a call can be made, whose call can be read, or to build on.
    WrongActivationId = "WRONG_ACTIVATION_ID", Text;
    /// A call was ordered before.
    CallTaskAlreadyExist = "CALL_TASK_ALREADY_EXIST", Text;
    /// The number to call does not exist.
    NumberNotExist = "NUMBER_NOT_EXIST", Text;
    /// Nobody has called.
    NoCall = "NO_CALL", Text;
    /// The voice message was read as often as is allowed.
    ParseCountExceed = "PARSE_COUNT_EXCEED", Text;
    /// No active activation.
    NoActivations = "NO_ACTIVATIONS", Json;
    /// No operator is known there.
    OperatorsNotFound = "OPERATORS_NOT_FOUND", Json;
    /// The number cannot be activated once more.
    RenewActivationNotAvailable = "RENEW_ACTIVATION_NOT_AVAILABLE", Text;
    /// The service cannot be added to a number.
    WrongAdditionalService = "WRONG_ADDITIONAL_SERVICE", Text;
    /// The activation to build on does not forward, or has ended.
    WrongSecurity = "WRONG_SECURITY", Text;
    /// The service was added to the number before.
    RepeatAdditionalService = "REPEAT_ADDITIONAL_SERVICE", Text;
    /// The account is blocked until the time that follows.
    Banned = "BANNED", Text;
    /// The account is blocked.
    ChannelsLimit = "CHANNELS_LIMIT", Text;
    /// The site that mail is to come from is missing.
    BadSite = "BAD_SITE", Text;
    /// No mail addresses are sold for this site.
    BlockedSite = "BLOCKED_SITE", Text;
    /// There is no such mail domain for the site.
    MailTypeError = "MAIL_TYPE_ERROR", Text;
    /// Too little money on the account for a mail address.
    BadBalance = "BAD_BALANCE", Text;
    /// No such mail activation.
    ActivationNotFound = "ACTIVATION_NOT_FOUND", Text;
    /// No such partner product, or its id is no number.
    BadData = "BAD_DATA", Text;
    /// The server or the upstream failed; try again later.
    ErrorSql = "ERROR_SQL", Text;
    /// Nothing there can be rented.
    OutOfStock = "OUT_OF_STOCK", Message;
    /// The rent's id is missing.
    NoIdRent = "NO_ID_RENT", Message;
    /// No such rent of this client.
    InvalidPhone = "INVALID_PHONE", Message;
    /// No message has come to the rent yet.
    StatusWaitCode = "STATUS_WAIT_CODE", Message;
    /// The rent is paid and finished.
    StatusFinish = "STATUS_FINISH", Message;
    /// The rent was cancelled and refunded.
    StatusCancel = "STATUS_CANCEL", Message;
    /// The status is missing, or is none of a rent's. Spelled so in the document.
    IncorectStatus = "INCORECT_STATUS", Message;
    /// The rent cannot be cancelled any more.
    CantCancel = "CANT_CANCEL", Message;
    /// The rent was finished before.
    AlreadyFinish = "ALREADY_FINISH", Message;
    /// The rent was cancelled before.
    AlreadyCancel = "ALREADY_CANCEL", Message;
    /// No rent lasts so many hours.
    InvalidTime = "INVALID_TIME", Message;
    /// The rent cannot get so many hours more; how many it can, follows.
    MaxHoursExceed = "MAX_HOURS_EXCEED", Message;
    /// The rent is over, and its number can have no more time.
    RentDie = "RENT_DIE", Message;
    /// The server or the upstream failed; try again later.
    SqlError = "SQL_ERROR", Message;
    /// The same where more time for a rent is wanted.
    ServerError = "SERVER_ERROR", Message;
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error answer: a word, perhaps with an argument, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The word with its argument, as written.
    pub text: String,
    /// In which form.
    pub form: Form,
    /// Why, in plain words, for people.
    pub detail: String,
}

impl Refusal {
    /// A word and why.
    pub fn new(word: Word, detail: impl Into<String>) -> Self {
        Self { text: word.as_str().to_owned(), form: word.form(), detail: detail.into() }
    }

    /// A word with an argument, and why.
    fn with(word: Word, argument: impl fmt::Display, detail: impl Into<String>) -> Self {
        Self { text: format!("{word}:{argument}"), ..Self::new(word, detail) }
    }

    /// The cap is below this price.
    pub fn max_price(min: Decimal, detail: impl Into<String>) -> Self {
        Self::with(Word::WrongMaxPrice, min, detail)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        heed(&fault);
        refusal_of(&fault)
    }
}

/// The refusals of an action that has a word of its own for an activation that is not there, which also stands
/// for what the provider cannot do.
pub fn or_word(word: Word) -> impl Fn(Fault) -> Refusal {
    move |fault| match fault.kind {
        FaultKind::UnknownActivation | FaultKind::Unsupported(_) => Refusal::new(word, fault.to_string()),
        _ => Refusal::from(fault),
    }
}

/// Says in the log of what only the owner of the account can mend.
pub(super) fn heed(fault: &Fault) {
    if matches!(fault.kind, FaultKind::WrongKey | FaultKind::NoFunds | FaultKind::Banned(_)) {
        tracing::warn!("the account at the provider needs attention: {fault}");
    }
}

/// The table from faults to words (`UPSTREAMS.md` section 6a). There is no word for an unknown country
/// or operator; neither has numbers.
pub fn refusal_of(fault: &Fault) -> Refusal {
    let detail = fault.to_string();
    let word = match &fault.kind {
        FaultKind::Word(text) => return verbatim(text, detail),
        FaultKind::PriceAboveCap(min) => return Refusal::max_price(*min, detail),
        FaultKind::Banned(Some(until)) => {
            let until = until.strftime("'%Y-%m-%d %H-%M-%S'");
            return Refusal::with(Word::Banned, until, detail);
        }
        FaultKind::Banned(None) => Word::ChannelsLimit,
        FaultKind::WrongKey => Word::BadKey,
        FaultKind::NoFunds | FaultKind::SpendingLimit => Word::NoBalance,
        // Words of the rent section, which writes them in a form of its own.
        FaultKind::RentOver | FaultKind::WrongHours | FaultKind::TooManyHours(_) => Word::BadAction,
        FaultKind::NoStock
        | FaultKind::UnknownCountry
        | FaultKind::UnknownOperator
        | FaultKind::Unsupported(_) => Word::NoNumbers,
        FaultKind::UnknownService => Word::BadService,
        FaultKind::BadStatus => Word::BadStatus,
        FaultKind::TooEarlyToCancel => Word::EarlyCancelDenied,
        FaultKind::UnknownActivation => Word::NoActivation,
        FaultKind::NotRenewable => Word::RenewActivationNotAvailable,
        FaultKind::NotAddable => Word::WrongAdditionalService,
        FaultKind::NotForwarding => Word::WrongSecurity,
        FaultKind::AlreadyAdded => Word::RepeatAdditionalService,
        FaultKind::Unreachable
        | FaultKind::CameBack
        | FaultKind::TimedOut
        | FaultKind::RateLimited
        | FaultKind::UpstreamFailed
        | FaultKind::Malformed
        | FaultKind::Ledger
        | FaultKind::Closing => Word::ErrorSql,
    };
    Refusal::new(word, detail)
}

/// An upstream's own word, in the form that word has here.
fn verbatim(text: &str, detail: String) -> Refusal {
    let known = Word::ALL.iter().find(|word| word.as_str() == text);
    Refusal { text: text.to_owned(), form: known.map_or(Form::Text, |word| word.form()), detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spelled_once() {
        for (index, word) in Word::ALL.iter().enumerate() {
            assert!(Word::ALL[index + 1..].iter().all(|other| other.as_str() != word.as_str()));
            assert!(!word.meaning().is_empty());
        }
    }

    #[test]
    fn arguments_follow_their_colon_without_a_blank() {
        let fault = Fault::new(FaultKind::PriceAboveCap("7.50".parse().unwrap()), "");
        assert_eq!(refusal_of(&fault).text, "WRONG_MAX_PRICE:7.50");
        let until = "2022-11-12T15:58:39Z".parse().unwrap();
        let fault = Fault::new(FaultKind::Banned(Some(until)), "");
        assert_eq!(refusal_of(&fault).text, "BANNED:'2022-11-12 15-58-39'");
    }

    #[test]
    fn an_upstreams_own_word_keeps_its_form() {
        let fault = Fault::upstream(FaultKind::Word("OPERATORS_NOT_FOUND".into()), "OPERATORS_NOT_FOUND");
        assert_eq!(refusal_of(&fault).form, Form::Json);
    }
}
