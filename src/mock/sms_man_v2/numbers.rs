//! How API v2.0 sells a number, and how it shows one that was sold.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::reply::{Outcome, Refusal, WRONG_APPLICATION, WRONG_COUNTRY, WRONG_PARAMETER};
use super::tables;
use super::visit::Visit;
use crate::mock::lot::Lot;
use crate::mock::want::Want;

/// get-number: `{"request_id":1,"country_id":1,"application_id":1,"number":"79002415539"}`.
///
/// The document lets both ids be left out, and the country be 0 for any one; what that buys is nobody's
/// order, and the live service refuses it. So both have to be named here.
pub(super) fn number(visit: &Visit<'_>) -> Outcome {
    let Some(country) = visit.country()? else {
        return visit.blamed(WRONG_COUNTRY, "country_id is missing");
    };
    let Some(application) = visit.application()? else {
        return visit.blamed(WRONG_APPLICATION, "application_id is missing");
    };
    visit.word("hasMultipleSms", &["true", "false", "True", "False"])?;
    // Of the currencies that a cap may be in, this market knows rubles.
    visit.word("currency", &["RUB"])?;
    let want =
        Want { max_price: max_price(visit)?, ..Want::new(&country.dialect.to_string(), application.code) };
    let lot = visit.market().buy(want)?;
    Ok(shown(visit, &lot))
}

/// "Integer", as the document has it. That a dearer number is out of stock is assumed.
fn max_price(visit: &Visit<'_>) -> Result<Option<Decimal>, Refusal> {
    let Some(text) = visit.call.get("maxPrice") else { return Ok(None) };
    match text.parse::<u32>() {
        Ok(most) => Ok(Some(Decimal::from(most))),
        Err(_) => visit.blamed(WRONG_PARAMETER, "maxPrice is no whole number"),
    }
}

/// What get-number answers, and what get-sms repeats.
pub(super) fn shown(visit: &Visit<'_>, lot: &Lot) -> Value {
    let country = tables::country_of(&lot.country).map_or(0, |country| country.id);
    let application = tables::application_of(&lot.service).map_or(0, |application| application.id);
    json!({
        "request_id": visit.printed(&lot.id),
        "country_id": visit.printed(&country.to_string()),
        "application_id": visit.printed(&application.to_string()),
        "number": lot.phone,
    })
}
