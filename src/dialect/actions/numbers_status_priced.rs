//! `getNumbersStatus1`: the stock of a country with prices, `{"vk_0":{"quant":"0","cost":10}}`. Not in the
//! document; the shape that the one client of it shows (`WIRE.md` section 4).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::json_number;
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The stock of a country, with prices.
pub static ACTION: Action = Action {
    name: "getNumbersStatus1",
    paths: &[Path::emulated(Capability::Market), Path::emulated(Capability::Offers)],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
struct Row {
    quant: String,
    cost: Value,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let offers = super::price_lists::in_country(&engine, &caller, &params).await?;
        let rows: BTreeMap<_, _> = offers
            .into_iter()
            .map(|offer| {
                let row = Row { quant: offer.count.to_string(), cost: json_number(offer.price.amount) };
                (format!("{}_0", offer.service), row)
            })
            .collect();
        Ok(Reply::json(&rows))
    })
}
