//! What a flavour wants of a request before its action is looked at: parameters that its document calls
//! mandatory, and the language, which is a currency. Knows no action's work.

use super::{Lang, Shape};
use crate::dialect::Params;
use crate::dialect::code::{Refusal, Word};
use crate::domain::Currency;

impl Shape {
    /// Whether a request for `action` has what it must have in this flavour.
    ///
    /// # Errors
    /// `BAD_LANG`, or `BAD_ACTION` for any other parameter that is missing.
    pub fn demand(&self, action: &str, params: &Params) -> Result<(), Refusal> {
        if self.lang == Lang::Required && super::flavours::ITS_ACTIONS.contains(&action) {
            demand_language(action, params)?;
        }
        let needed = self.needs.iter().filter(|needs| needs.action == action);
        match needed.flat_map(|needs| needs.parameters).find(|name| params.get(name).is_none()) {
            Some(name) => Err(Refusal::new(Word::BadAction, format!("the parameter {name} is missing"))),
            None => Ok(()),
        }
    }
}

/// A client leaves it out of `setStatus`, where it chooses nothing (`UPSTREAMS.md` section 3); its numbers
/// could not be given back if that were refused.
fn demand_language(action: &str, params: &Params) -> Result<(), Refusal> {
    match params.get("lang") {
        Some("ru" | "en") => Ok(()),
        None if action == "setStatus" => Ok(()),
        _ => Err(Refusal::new(Word::BadLang, "the parameter lang is ru or en")),
    }
}

impl Params {
    /// The currency in which this client wants amounts told: that of its `lang` where the flavour has one,
    /// rubles for `ru` and dollars for `en` (`api/sms-service-online.txt`, the first paragraph). `None` for
    /// the dialect's own.
    pub fn told_currency(&self) -> Option<Currency> {
        match (self.shape().lang, self.get("lang")) {
            (Lang::Required, Some("ru")) => Some(Currency::RUB),
            (Lang::Required, Some("en")) => Some(Currency::USD),
            _ => None,
        }
    }
}
