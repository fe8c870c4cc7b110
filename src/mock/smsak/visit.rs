//! One request on its way through SMSAK's checks: the key, the parameters' names, and the values that
//! several methods share. Knows no method.

use super::reply::{
    BAD_KEY, BAD_REQUEST, BLOCKED, NO_ACTIVATION, NO_KEY, NO_NUMBERS, NO_RENT, NO_SERVICE, Refusal,
};
use super::tables::{COUNTRIES, Country, SERVICES, Service};
use super::{BLOCKED_KEY, Smsak};
use crate::mock::call::Call;
use crate::mock::journal::Journal;
use crate::mock::lot::Lot;
use crate::mock::market::Market;

pub(super) struct Visit<'a> {
    pub(super) house: &'a Smsak,
    pub(super) method: &'a str,
    pub(super) call: &'a Call,
    pub(super) journal: &'a Journal,
}

impl<'a> Visit<'a> {
    pub(super) fn market(&self) -> &'a Market {
        &self.house.market
    }

    /// Notes that the document does not allow this.
    pub(super) fn blame(&self, what: &str) {
        self.journal.violation(format!("smsak {}: {what}", self.method));
    }

    /// Notes it, and refuses.
    pub(super) fn blamed<T>(&self, refusal: Refusal, what: &str) -> Result<T, Refusal> {
        self.blame(what);
        Err(refusal)
    }

    /// The key first, which may be percent-encoded; then that nothing stands there which the document does
    /// not name.
    pub(super) fn admit(&self, key: &str, parameters: &[&str]) -> Result<(), Refusal> {
        match decoded(key).as_deref() {
            Some("") => return self.blamed(NO_KEY, "the key is missing"),
            _ if key.contains('/') => return self.blamed(BAD_KEY, "something follows the key"),
            Some(key) if key == self.house.key => {}
            Some(BLOCKED_KEY) => return Err(BLOCKED),
            _ => return Err(BAD_KEY),
        }
        match self.call.stray(parameters) {
            None => Ok(()),
            Some(name) => self.blamed(BAD_REQUEST, &format!("parameter {name} is unknown or repeated")),
        }
    }

    /// A parameter that has to be there.
    pub(super) fn required(&self, name: &str, refusal: Refusal) -> Result<&'a str, Refusal> {
        match self.call.get(name) {
            Some(value) if !value.is_empty() => Ok(value),
            _ => self.blamed(refusal, &format!("{name} is missing")),
        }
    }

    /// The service that `id` names.
    pub(super) fn service(&self) -> Result<&'static Service, Refusal> {
        let id = self.required("id", NO_SERVICE)?;
        match SERVICES.iter().find(|service| service.id == id) {
            Some(service) => Ok(service),
            None => self.blamed(NO_SERVICE, &format!("service {id:?} does not exist")),
        }
    }

    /// The country that `code` names; one that does not exist has no numbers (UPSTREAMS.md section 8,
    /// assumed).
    pub(super) fn country(&self) -> Result<&'static Country, Refusal> {
        let code = self.required("code", NO_NUMBERS)?;
        match COUNTRIES.iter().find(|country| country.code == code) {
            Some(country) => Ok(country),
            None => self.blamed(NO_NUMBERS, &format!("country {code:?} does not exist")),
        }
    }

    /// The living activation that `id` names.
    pub(super) fn activation(&self) -> Result<Lot, Refusal> {
        let lot = self.market().lot(self.id(NO_ACTIVATION)?);
        lot.filter(|lot| lot.is_active() && !lot.rented).ok_or(NO_ACTIVATION)
    }

    /// The rented number that `id` names, while it is rented.
    pub(super) fn rented(&self) -> Result<Lot, Refusal> {
        let lot = self.market().lot(self.id(NO_RENT)?);
        lot.filter(|lot| lot.is_active() && lot.rented).ok_or(NO_RENT)
    }

    /// The rented number that `phone` names. Its plus sign has to be percent-encoded: a bare one arrives as
    /// a blank.
    pub(super) fn rented_phone(&self) -> Result<Lot, Refusal> {
        let phone = self.required("phone", NO_RENT)?;
        let digits = phone.strip_prefix('+').unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.blamed(NO_RENT, "phone is not a plus sign and digits");
        }
        let lots = self.market().lots();
        let found = lots.into_iter().find(|lot| lot.is_active() && lot.rented && lot.phone == digits);
        found.ok_or(NO_RENT)
    }

    fn id(&self, refusal: Refusal) -> Result<&'a str, Refusal> {
        let id = self.required("id", refusal)?;
        if id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(id);
        }
        self.blamed(refusal, "id is not a number")
    }
}

/// A path segment without its percent-encoding; `None` when that is broken.
fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, tail) = tail.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = tail;
    }
    String::from_utf8(bytes).ok()
}
