//! `getServicesAndCost`: a country's services as a list, `[{"id":"vk","name":"Вконтакте","price":29.88,"quantity":
//! "19"}]`. Source: `api/sms-service-online.txt`, getServicesAndCost. The price is a number, 0 for what is out of
//! stock, and the quantity a text. Its `lang` chooses names there and the currency; here there is one of each,
//! but for who speaks its flavour: then the currency is that of `lang`.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::balance::no_rate;
use super::country_and_operators::require_language;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Offer, json_number};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The services of a country with price and stock.
pub static ACTION: Action = Action {
    name: "getServicesAndCost",
    paths: &[Path::native(Capability::Offers), Path::emulated(Capability::Market)],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    price: Value,
    quantity: String,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        require_language(&params)?;
        let mut offers = super::price_lists::in_country(&engine, &caller, &params).await?;
        if let Some(currency) = params.told_currency() {
            for offer in &mut offers {
                offer.price = engine.price_in(offer.price, currency).ok_or_else(|| no_rate(currency))?;
            }
        }
        let rows: Vec<_> = offers.iter().map(|offer| row(&engine, offer)).collect();
        Ok(Reply::json(&rows))
    })
}

fn row<'a>(engine: &'a Engine, offer: &'a Offer) -> Row<'a> {
    let code = offer.service.as_str();
    let in_stock = offer.count > 0;
    Row {
        id: code,
        name: engine.catalog().service(&offer.service).map_or(code, |entry| entry.name.as_str()),
        price: if in_stock { json_number(offer.price.amount) } else { Value::from(0) },
        quantity: offer.count.to_string(),
    }
}
