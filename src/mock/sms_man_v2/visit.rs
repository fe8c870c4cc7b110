//! One request on its way through the checks of API v2.0: the token, the parameters' names, and the
//! values that several calls share. Knows no call.

use serde_json::{Number, Value};

use super::reply::{
    NO_NUMBERS, Refusal, WRONG_APPLICATION, WRONG_COUNTRY, WRONG_PARAMETER, WRONG_REQUEST, WRONG_TOKEN,
};
use super::tables::{self, Application, Country};
use super::{Quirks, SmsManV2};
use crate::mock::call::Call;
use crate::mock::journal::Journal;
use crate::mock::lot::Lot;
use crate::mock::market::Market;

pub(super) struct Visit<'a> {
    pub(super) house: &'a SmsManV2,
    pub(super) name: &'a str,
    pub(super) call: &'a Call,
    pub(super) journal: &'a Journal,
}

impl<'a> Visit<'a> {
    pub(super) fn market(&self) -> &'a Market {
        &self.house.market
    }

    pub(super) fn quirks(&self) -> Quirks {
        self.house.quirks
    }

    /// Notes that the document does not allow this.
    pub(super) fn blame(&self, what: &str) {
        self.journal.violation(format!("sms-man-v2 {}: {what}", self.name));
    }

    /// Notes it, and refuses.
    pub(super) fn blamed<T>(&self, refusal: Refusal, what: &str) -> Result<T, Refusal> {
        self.blame(what);
        Err(refusal)
    }

    /// The token first, then that nothing stands there which the document does not name.
    pub(super) fn admit(&self, parameters: &[&str]) -> Result<(), Refusal> {
        match self.call.get("token") {
            None => return self.blamed(WRONG_TOKEN, "token is missing"),
            Some(token) if token != self.house.token => return Err(WRONG_TOKEN),
            Some(_) => {}
        }
        let known: Vec<&str> = parameters.iter().copied().chain(["token"]).collect();
        match self.call.stray(&known) {
            None => Ok(()),
            Some(name) => self.blamed(WRONG_PARAMETER, &format!("parameter {name} is unknown or repeated")),
        }
    }

    /// One of the words that a parameter may have; `None` if it is not there.
    pub(super) fn word(&self, name: &str, words: &[&str]) -> Result<Option<&'a str>, Refusal> {
        match self.call.get(name) {
            Some(word) if !words.contains(&word) => {
                self.blamed(WRONG_PARAMETER, &format!("{name} is {word:?}, not one of {words:?}"))
            }
            word => Ok(word),
        }
    }

    fn id(&self, name: &str, wrong: Refusal) -> Result<Option<u32>, Refusal> {
        let Some(text) = self.call.get(name) else { return Ok(None) };
        match text.parse() {
            Ok(id) => Ok(Some(id)),
            Err(_) => self.blamed(wrong, &format!("{name} {text:?} is not a number")),
        }
    }

    /// The country that is named, if one is. An id that this selection lacks may well exist, and has no
    /// numbers; 0, which is any country in orders, is never what somebody wants who wants a country.
    pub(super) fn country(&self) -> Result<Option<&'static Country>, Refusal> {
        match self.id("country_id", WRONG_COUNTRY)? {
            None => Ok(None),
            Some(0) => self.blamed(WRONG_COUNTRY, "country_id 0 is no country"),
            Some(id) => tables::country(id).map(Some).ok_or(NO_NUMBERS),
        }
    }

    /// The application that is named, if one is.
    pub(super) fn application(&self) -> Result<Option<&'static Application>, Refusal> {
        match self.id("application_id", WRONG_APPLICATION)? {
            None => Ok(None),
            Some(id) => tables::application(id).map(Some).ok_or(WRONG_APPLICATION),
        }
    }

    /// The activation that `request_id` names.
    pub(super) fn lot(&self) -> Result<Lot, Refusal> {
        let id = self.call.get("request_id").unwrap_or_default();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.blamed(WRONG_REQUEST, &format!("request_id {id:?} is not a number"));
        }
        self.market().lot(id).ok_or(WRONG_REQUEST)
    }

    /// An id in an answer: a number, as the examples show.
    pub(super) fn printed(&self, id: &str) -> Value {
        match id.parse::<Number>() {
            Ok(number) if !self.quirks().string_ids => Value::Number(number),
            _ => Value::from(id),
        }
    }
}
