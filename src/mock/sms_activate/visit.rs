//! One request on its way through sms-activate's checks: the key, the parameters' names, and the values
//! that several actions share. Knows no action.

use super::reply::{
    BAD_ACTION, BAD_KEY, BAD_SERVICE, CHANNELS_LIMIT, ERROR_SQL, NO_ACTIVATION, NO_KEY, NO_NUMBERS, Refusal,
};
use super::{BLOCKED_KEY, SmsActivate, country_of, is_service, tables};
use crate::mock::call::Call;
use crate::mock::journal::Journal;
use crate::mock::lot::Lot;
use crate::mock::market::Market;

pub(super) struct Visit<'a> {
    pub(super) house: &'a SmsActivate,
    pub(super) action: &'a str,
    pub(super) call: &'a Call,
    pub(super) journal: &'a Journal,
}

impl<'a> Visit<'a> {
    pub(super) fn market(&self) -> &'a Market {
        &self.house.market
    }

    /// Notes that the document does not allow this.
    pub(super) fn blame(&self, what: &str) {
        self.journal.violation(format!("sms-activate {}: {what}", self.action));
    }

    /// Notes it, and refuses with a word.
    pub(super) fn blamed<T>(&self, refusal: Refusal, what: &str) -> Result<T, Refusal> {
        self.blame(what);
        Err(refusal)
    }

    /// The key.
    pub(super) fn admit(&self) -> Result<(), Refusal> {
        match self.call.get("api_key") {
            None => self.blamed(NO_KEY, "api_key is missing"),
            Some(key) if key == self.house.key => Ok(()),
            Some(BLOCKED_KEY) => Err(CHANNELS_LIMIT),
            Some(_) if self.house.quirks.vague_errors => Err(BAD_ACTION),
            Some(_) => Err(BAD_KEY),
        }
    }

    /// That nothing stands there which the document does not name.
    pub(super) fn only(&self, parameters: &[&str]) -> Result<(), Refusal> {
        let known: Vec<&str> = parameters.iter().copied().chain(["api_key", "action"]).collect();
        match self.call.stray(&known) {
            None => Ok(()),
            Some(name) => self.blamed(BAD_ACTION, &format!("parameter {name} is unknown or repeated")),
        }
    }

    /// A switch that is one of the documented words, or is not there.
    pub(super) fn switch(&self, name: &str, off: &str, on: &str) -> Result<bool, Refusal> {
        match self.call.get(name) {
            None => Ok(false),
            Some(word) if word == off => Ok(false),
            Some(word) if word == on => Ok(true),
            Some(word) => self.blamed(BAD_ACTION, &format!("{name} is {word}, not {off} or {on}")),
        }
    }

    /// The service, which has to be named. One that is not sold here may well be sold elsewhere, so
    /// asking for it is no mistake.
    pub(super) fn service(&self) -> Result<&'a str, Refusal> {
        match self.call.get("service") {
            Some(code) if is_service(code) => Ok(code),
            Some(code) if !code.is_empty() => Err(BAD_SERVICE),
            _ => self.blamed(BAD_SERVICE, "service is missing"),
        }
    }

    /// The country's number, if one is named.
    pub(super) fn country_id(&self) -> Result<Option<u16>, Refusal> {
        let Some(text) = self.call.get("country") else { return Ok(None) };
        match text.parse() {
            Ok(id) if tables::is_country(id) => Ok(Some(id)),
            Ok(id) => self.blamed(NO_NUMBERS, &format!("country {id} does not exist")),
            Err(_) => self.blamed(ERROR_SQL, &format!("country {text:?} is not a number")),
        }
    }

    /// The country to buy in, Russia by default.
    pub(super) fn country(&self) -> Result<&'static tables::Country, Refusal> {
        let id = self.country_id()?.unwrap_or(0);
        country_of(id).ok_or(NO_NUMBERS)
    }

    /// The operators to buy from; none for any.
    pub(super) fn operators(&self, country: &tables::Country) -> Result<Vec<String>, Refusal> {
        let Some(text) = self.call.get("operator") else { return Ok(Vec::new()) };
        let names: Vec<&str> = text.split(',').collect();
        if let Some(name) = names.iter().find(|name| **name != "any" && !country.operators.contains(name)) {
            let id = country.id;
            return self.blamed(NO_NUMBERS, &format!("operator {name:?} does not exist in country {id}"));
        }
        if names.contains(&"any") {
            return Ok(Vec::new());
        }
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    /// The activation that `id` names.
    pub(super) fn lot(&self) -> Result<Lot, Refusal> {
        let id = self.call.get("id").unwrap_or_default();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.blamed(NO_ACTIVATION, &format!("id {id:?} is not a number"));
        }
        self.market().lot(id).filter(|lot| !lot.rented).ok_or(NO_ACTIVATION)
    }
}
