//! `getNumbersStatusAndCostHubFree`: SMSHub's price map of a country. Not in the document; the fields are those
//! that clients of SMSHub read (GitHub `odi1n/Sms-Service`, and several bots, whose comments show a whole
//! answer). One client takes every service it knows for granted, so all of the catalog's are there.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::price_lists::{in_country, own};
use crate::catalog::Catalog;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Offer, Service, exact, json_number};
use crate::engine::{Caller, Engine, OwnList};
use crate::provider::Capability;

/// A country's services with the stock at each price.
pub static ACTION: Action = Action {
    name: "getNumbersStatusAndCostHubFree",
    paths: &[
        Path::native(Capability::Relay),
        Path::emulated(Capability::Market),
        Path::emulated(Capability::Offers),
    ],
    refusal: Word::BadAction,
    answer,
};

const OWN: OwnList = OwnList { action: "getNumbersStatusAndCostHubFree", has_amounts: true, is_object: true };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    price_map: BTreeMap<String, u64>,
    max_price: Value,
    default_price: Value,
    /// Nobody has set another price here: a cap comes with an order.
    default_max_price: bool,
    random: bool,
    quantity_for_max_price: u64,
    total_quantity: u64,
    can_auction: bool,
    auction_map: [u8; 0],
    work: bool,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let wanted = (None, params.country_if_any()?);
        if let Some(reply) = own(&engine, &caller, OWN, &wanted, &params, &["operator"]).await? {
            return Ok(reply);
        }
        let mut rows = out_of_stock(engine.catalog());
        for offer in in_country(&engine, &caller, &params).await? {
            let row = row(Some(&offer));
            rows.insert(offer.service, row);
        }
        Ok(Reply::json(&rows))
    })
}

fn out_of_stock(catalog: &Catalog) -> BTreeMap<Service, Row> {
    let sold = catalog.services().iter().filter(|entry| !entry.is_rent_only());
    sold.map(|entry| (entry.code.clone(), row(None))).collect()
}

fn row(offer: Option<&Offer>) -> Row {
    let offer = offer.filter(|offer| offer.count > 0);
    let price = || offer.map_or_else(|| Value::from(0), |offer| json_number(offer.price.amount));
    let count = offer.map_or(0, |offer| offer.count);
    Row {
        price_map: offer.map(|offer| (exact(offer.price.amount), count)).into_iter().collect(),
        max_price: price(),
        default_price: price(),
        default_max_price: true,
        random: true,
        quantity_for_max_price: count,
        total_quantity: count,
        can_auction: false,
        auction_map: [],
        work: offer.is_some(),
    }
}
