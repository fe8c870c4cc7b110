//! One request on its way through SMS-Man's checks: the key, the parameters' names, and the values that
//! several actions share. Knows no action.

use super::{BAD_ACTION, BAD_KEY, NO_ACTIVATION, NO_NUMBERS, Refusal, SmsMan, tables};
use crate::mock::call::Call;
use crate::mock::journal::Journal;
use crate::mock::lot::Lot;
use crate::mock::market::Market;

pub(super) struct Visit<'a> {
    pub(super) house: &'a SmsMan,
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
        self.journal.violation(format!("sms-man {}: {what}", self.action));
    }

    /// Notes it, and refuses with a word.
    pub(super) fn blamed<T>(&self, refusal: Refusal, what: &str) -> Result<T, Refusal> {
        self.blame(what);
        Err(refusal)
    }

    /// The key, for which there is but one error.
    pub(super) fn admit(&self) -> Result<(), Refusal> {
        match self.call.get("api_key") {
            None => self.blamed(BAD_KEY, "api_key is missing"),
            Some(key) if key == self.house.key => Ok(()),
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

    /// A parameter that has to be there; without it the request is malformed (`UPSTREAMS.md` section 8,
    /// assumed).
    pub(super) fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        match self.call.get(name) {
            Some(value) if !value.is_empty() => Ok(value),
            _ => self.blamed(BAD_ACTION, &format!("{name} is missing")),
        }
    }

    /// The country that a text names. One that is not sold here may well be sold elsewhere, so asking for
    /// it is no mistake; a number that nobody gave to a country is.
    pub(super) fn country(&self, text: &str) -> Result<&'static tables::Country, Refusal> {
        let Ok(id) = text.parse() else {
            return self.blamed(BAD_ACTION, &format!("country {text:?} is not a number"));
        };
        if !tables::is_country(id) {
            self.blame(&format!("country {id} does not exist"));
        }
        tables::country_of(id).ok_or(NO_NUMBERS)
    }

    /// The activation that `id` names.
    pub(super) fn lot(&self) -> Result<Lot, Refusal> {
        let id = self.required("id")?;
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.blamed(NO_ACTIVATION, &format!("id {id:?} is not a number"));
        }
        self.market().lot(id).ok_or(NO_ACTIVATION)
    }
}
