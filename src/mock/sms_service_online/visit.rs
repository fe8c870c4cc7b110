//! One request on its way through sms-service-online's checks: the key, the language, the parameters' names,
//! and the values that several actions share. Knows no action.

use super::lang::Lang;
use super::tables::{ANY, Country};
use super::{COUNTRIES, SmsServiceOnline};
use crate::mock::call::Call;
use crate::mock::journal::Journal;
use crate::mock::lot::Lot;
use crate::mock::market::Market;

/// A documented error's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) &'static str);

pub(super) const BAD_ACTION: Refusal = Refusal("BAD_ACTION");
pub(super) const BAD_KEY: Refusal = Refusal("BAD_KEY");
pub(super) const BAD_LANG: Refusal = Refusal("BAD_LANG");
pub(super) const ERROR_SQL: Refusal = Refusal("ERROR_SQL");
pub(super) const NO_ACTIVATION: Refusal = Refusal("NO_ACTIVATION");
pub(super) const NO_BALANCE: Refusal = Refusal("NO_BALANCE");
pub(super) const NO_NUMBERS: Refusal = Refusal("NO_NUMBERS");

pub(super) type Outcome = Result<String, Refusal>;

pub(super) struct Visit<'a> {
    pub(super) house: &'a SmsServiceOnline,
    pub(super) action: &'a str,
    pub(super) lang: Lang,
    call: &'a Call,
    journal: &'a Journal,
}

impl<'a> Visit<'a> {
    /// The key, then the language. Whoever asks for amounts in rubles and then in dollars mixes them up;
    /// names alone may be asked for in both.
    pub(super) fn admit(
        house: &'a SmsServiceOnline,
        action: &'a str,
        call: &'a Call,
        journal: &'a Journal,
    ) -> Result<Self, Refusal> {
        let mut visit = Self { house, action, lang: Lang::Ru, call, journal };
        match call.get("api_key") {
            None | Some("") => return visit.blamed(BAD_KEY, "api_key is missing"),
            Some(key) if key != house.key => return Err(BAD_KEY),
            Some(_) => {}
        }
        let Some(lang) = call.get("lang").and_then(Lang::read) else {
            return visit.blamed(BAD_LANG, "lang is missing or neither ru nor en");
        };
        visit.lang = lang;
        if action != COUNTRIES && *house.lang.get_or_init(|| lang) != lang {
            visit.blame("lang is another one than before");
        }
        Ok(visit)
    }

    pub(super) fn market(&self) -> &'a Market {
        &self.house.market
    }

    /// Notes that the document does not allow this.
    pub(super) fn blame(&self, what: &str) {
        self.journal.violation(format!("sms-service-online {}: {what}", self.action));
    }

    /// Notes it, and refuses with a word.
    pub(super) fn blamed<T>(&self, refusal: Refusal, what: &str) -> Result<T, Refusal> {
        self.blame(what);
        Err(refusal)
    }

    /// That nothing stands there which the document does not name.
    pub(super) fn only(&self, parameters: &[&str]) -> Result<(), Refusal> {
        let known: Vec<&str> = parameters.iter().copied().chain(["api_key", "action", "lang"]).collect();
        match self.call.stray(&known) {
            None => Ok(()),
            Some(name) => self.blamed(BAD_ACTION, &format!("parameter {name} is unknown or repeated")),
        }
    }

    /// A parameter that has to be there.
    pub(super) fn required(&self, name: &str, refusal: Refusal) -> Result<&'a str, Refusal> {
        match self.call.get(name) {
            Some(value) if !value.is_empty() => Ok(value),
            _ => self.blamed(refusal, &format!("{name} is missing")),
        }
    }

    /// The country. One that does not exist has no numbers, and what is not a number at all upsets the
    /// database [assumed].
    pub(super) fn country(&self) -> Result<&'a Country, Refusal> {
        let text = self.required("country", BAD_ACTION)?;
        let Ok(id) = text.parse::<u16>() else {
            return self.blamed(ERROR_SQL, &format!("country {text:?} is not a number"));
        };
        match self.house.tables.countries.iter().find(|country| country.id == id) {
            Some(country) => Ok(country),
            None => self.blamed(NO_NUMBERS, &format!("country {id} does not exist")),
        }
    }

    /// The operators to choose from; none for any. The document's request lines always have the parameter.
    pub(super) fn operators(&self, country: &Country) -> Result<Vec<String>, Refusal> {
        let name = self.required("operator", BAD_ACTION)?;
        if name == ANY {
            return Ok(Vec::new());
        }
        if country.operators.contains(&name) {
            return Ok(vec![name.to_owned()]);
        }
        let id = country.id;
        self.blamed(NO_NUMBERS, &format!("operator {name:?} does not exist in country {id}"))
    }

    /// The activation that `id` names.
    pub(super) fn lot(&self) -> Result<Lot, Refusal> {
        let id = self.required("id", NO_ACTIVATION)?;
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.blamed(NO_ACTIVATION, "id is not a number");
        }
        self.market().lot(id).ok_or(NO_ACTIVATION)
    }
}
