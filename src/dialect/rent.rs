//! What the rent section of the dialect has of its own: the words that faults become there, the form in which they
//! are written, and how a rent, its hours and its place are named. Knows no action and no provider.
//!
//! Source: `api/sms-activate.txt`, "API АРЕНДЫ"; spellings of parameters: `WIRE.md` section 4.

use super::Params;
use super::code::{Form, Refusal, Word, heed};
use crate::domain::ActivationId;
use crate::provider::{Fault, FaultKind, RentQuery};

/// How long a number is rented where nothing is said ("По умолчанию: 4 часа").
const USUAL_HOURS: u32 = 4;

/// A part of the section, with its own words for the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What there is to rent.
    Offers,
    /// Renting a number, and which are rented.
    Order,
    /// How a rent stands.
    Status,
    /// Ending a rent.
    End,
    /// More time for a rent.
    More,
}

impl Part {
    /// The part that an action of this name belongs to; `None` for one of another section.
    pub fn of(action: &str) -> Option<Self> {
        match action {
            "getRentServicesAndCountries" | "serviceCountRent" => Some(Self::Offers),
            "getRentNumber" | "getRentList" | "getRentPrices" => Some(Self::Order),
            "getRentStatus" => Some(Self::Status),
            "setRentStatus" => Some(Self::End),
            "continueRentNumber" | "getContinueRentPriceNumber" | "continueRentInfo" => Some(Self::More),
            _ => None,
        }
    }

    /// The words of this part for a fault.
    pub fn refusal(self, fault: Fault) -> Refusal {
        heed(&fault);
        let detail = fault.to_string();
        match fault.kind {
            FaultKind::Word(text) => in_form(Refusal { text, ..Refusal::new(Word::SqlError, detail) }),
            FaultKind::TooManyHours(max) if self == Self::More => {
                let word = refuse(Word::MaxHoursExceed, detail);
                Refusal { text: format!("{}:{max}", word.text), ..word }
            }
            kind => refuse(self.word(&kind), detail),
        }
    }

    /// The table from faults to the section's words.
    fn word(self, kind: &FaultKind) -> Word {
        match kind {
            FaultKind::WrongKey => Word::BadKey,
            FaultKind::NoFunds | FaultKind::SpendingLimit => Word::NoBalance,
            FaultKind::Banned(_) => Word::ChannelsLimit,
            FaultKind::UnknownService => Word::BadService,
            FaultKind::UnknownActivation => Word::InvalidPhone,
            FaultKind::RentOver | FaultKind::NotRenewable => Word::RentDie,
            FaultKind::WrongHours | FaultKind::TooManyHours(_) if self == Self::More => Word::InvalidTime,
            FaultKind::BadStatus | FaultKind::TooEarlyToCancel if self == Self::End => Word::CantCancel,
            FaultKind::NoStock
            | FaultKind::UnknownCountry
            | FaultKind::UnknownOperator
            | FaultKind::WrongHours
            | FaultKind::TooManyHours(_)
            | FaultKind::PriceAboveCap(_)
            | FaultKind::BadStatus
            | FaultKind::Unsupported(_) => self.nothing_there(),
            _ => self.failure(),
        }
    }

    /// The word for what is not to be had.
    fn nothing_there(self) -> Word {
        match self {
            Self::Offers => Word::OutOfStock,
            Self::Order => Word::NoNumbers,
            Self::Status | Self::End => Word::InvalidPhone,
            Self::More => Word::RentDie,
        }
    }

    /// The word for a failure of this server or the upstream.
    fn failure(self) -> Word {
        if self == Self::More { Word::ServerError } else { Word::SqlError }
    }

    /// What the other sections refuse in their own words, in this part's.
    pub fn reword(self, refusal: Refusal) -> Refusal {
        let word = match refusal.text.as_str() {
            "ERROR_SQL" => self.failure(),
            "NO_NUMBERS" => self.nothing_there(),
            _ => return in_form(refusal),
        };
        refuse(word, refusal.detail)
    }

    /// What is looked for to rent.
    pub fn query(self, params: &Params, hours: u32) -> Result<RentQuery, Refusal> {
        Ok(RentQuery {
            country: params.country().map_err(|refusal| self.reword(refusal))?,
            operators: params.operators().map_err(|refusal| self.reword(refusal))?,
            hours,
            incoming_call: params.is_on("incomingCall"),
        })
    }
}

/// A word of the section, and why.
pub fn refuse(word: Word, detail: impl Into<String>) -> Refusal {
    in_form(Refusal::new(word, detail))
}

/// As the section writes it; what is wrong with the key is a bare word everywhere (`WIRE.md` section 1, item 10).
fn in_form(refusal: Refusal) -> Refusal {
    let form = if refusal.text == Word::BadKey.as_str() { Form::Text } else { Form::Message };
    Refusal { form, ..refusal }
}

/// The rent that a request is about. What is no id is nobody's rent.
pub fn id(params: &Params) -> Result<ActivationId, Refusal> {
    let text = params
        .get_any(&["id", "activationId"])
        .ok_or_else(|| refuse(Word::NoIdRent, "the parameter id is missing"))?;
    ActivationId::parse(text).ok_or_else(|| refuse(Word::InvalidPhone, "the parameter id is no rent's id"))
}

/// For how many hours, by any of the spellings; `duration` is in minutes. `None` for what is no number of hours.
pub fn hours(params: &Params) -> Option<u32> {
    if let Some(text) = params.get_any(&["rent_time", "time", "hours"]) {
        return text.parse().ok();
    }
    let Some(text) = params.get("duration") else { return Some(USUAL_HOURS) };
    let minutes: u32 = text.parse().ok()?;
    minutes.is_multiple_of(60).then_some(minutes / 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Params {
        Params::of_urlencoded(text.as_bytes())
    }

    #[test]
    fn hours_have_many_spellings() {
        for (text, expected) in [
            ("", Some(4)),
            ("rent_time=", Some(4)),
            ("rent_time=24", Some(24)),
            ("time=24", Some(24)),
            ("time%20=24", Some(24)),
            ("hours=24", Some(24)),
            ("duration=1440", Some(24)),
            ("duration=90", None),
            ("rent_time=4.5", None),
            ("rent_time=-4", None),
            ("time=day", None),
        ] {
            assert_eq!(hours(&of(text)), expected, "{text}");
        }
    }

    #[test]
    fn each_part_has_its_own_words() {
        let said = |part: Part, kind| part.refusal(Fault::new(kind, "why")).text;
        assert_eq!(said(Part::Offers, FaultKind::NoStock), "OUT_OF_STOCK");
        assert_eq!(said(Part::Order, FaultKind::NoStock), "NO_NUMBERS");
        assert_eq!(said(Part::Order, FaultKind::WrongHours), "NO_NUMBERS");
        assert_eq!(said(Part::More, FaultKind::WrongHours), "INVALID_TIME");
        assert_eq!(said(Part::More, FaultKind::TooManyHours(24)), "MAX_HOURS_EXCEED:24");
        assert_eq!(said(Part::More, FaultKind::TimedOut), "SERVER_ERROR");
        assert_eq!(said(Part::Order, FaultKind::Ledger), "SQL_ERROR");
        assert_eq!(said(Part::End, FaultKind::BadStatus), "CANT_CANCEL");
        assert_eq!(said(Part::Order, FaultKind::Banned(None)), "CHANNELS_LIMIT");
        assert_eq!(said(Part::Order, FaultKind::Word("ACCOUNT_INACTIVE".into())), "ACCOUNT_INACTIVE");
    }

    #[test]
    fn all_but_a_wrong_key_is_written_as_a_message() {
        let form = |kind| Part::Order.refusal(Fault::new(kind, "why")).form;
        assert_eq!(form(FaultKind::NoFunds), Form::Message);
        assert_eq!(form(FaultKind::Word("ACCOUNT_INACTIVE".into())), Form::Message);
        assert_eq!(form(FaultKind::WrongKey), Form::Text);
    }
}
