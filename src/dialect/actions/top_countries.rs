//! `getTopCountriesByService` and `getTopCountriesByServiceRank`: countries by stock, an object keyed "0", "1", …
//! Source: `api/sms-activate.txt`, "Запрос топ стран по сервису".
//!
//! Without a service the document promises every service's ranking but shows no shape; here it is an
//! object of rankings by service code.
//!
//! The second one, not in the document, has the prices of the account's own rank where the service has ranks
//! (the vendor's later page); elsewhere it is the first.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Service, TopCountry, json_number, two_decimals};
use crate::engine::{Caller, Engine, OwnList};
use crate::provider::Capability;

/// Countries by stock.
pub static ACTION: Action = Action {
    name: "getTopCountriesByService",
    paths: &[
        Path::native(Capability::TopCountries),
        Path::emulated(Capability::Market),
        Path::emulated(Capability::Offers),
    ],
    refusal: Word::BadAction,
    answer: |engine, caller, params| answer(engine, caller, params, None),
};

/// Countries by stock, at the prices of the account's rank.
pub static RANK: Action = Action {
    name: "getTopCountriesByServiceRank",
    answer: |engine, caller, params| answer(engine, caller, params, Some(OWN_RANK)),
    ..ACTION
};

const OWN_RANK: OwnList =
    OwnList { action: "getTopCountriesByServiceRank", has_amounts: true, is_object: true };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    country: Country,
    count: u64,
    price: Value,
    #[serde(rename = "retail_price")]
    retail_price: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    free_price_map: Option<Map<String, Value>>,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params, own: Option<OwnList>) -> Answering {
    answering(async move {
        let service = params.service_if_any()?;
        super::services_list::require_known(&engine, service.as_ref())?;
        let free_price = params.is_on("freePrice") || params.is_on("$freePrice");
        if let Some(list) = own {
            let asked = own_params(service.as_ref(), free_price);
            if let Some(ranking) = engine.own_list(&caller, list, asked).await.map_err(Refusal::from)? {
                return Ok(Reply::written(ranking));
            }
        }
        let native = engine.native_top(&caller, service.clone(), free_price).await.map_err(Refusal::from)?;
        if let Some(ranking) = native {
            return Ok(Reply::long(service.is_none(), move || Reply::json(ranking.as_ref())).await);
        }
        let mut ranks = engine.ranked(&caller, service.clone()).await.map_err(Refusal::from)?;
        Ok(match service {
            Some(service) => Reply::json(&ranking(ranks.remove(&service).unwrap_or_default(), free_price)),
            None => Reply::long(true, move || Reply::json(&every(ranks, free_price))).await,
        })
    })
}

fn own_params(service: Option<&Service>, free_price: bool) -> Vec<(String, String)> {
    let mut asked = Vec::new();
    asked.extend(service.map(|service| ("service".to_owned(), service.to_string())));
    asked.extend(free_price.then(|| ("freePrice".to_owned(), "true".to_owned())));
    asked
}

fn every(
    ranks: BTreeMap<Service, Vec<TopCountry>>,
    free_price: bool,
) -> BTreeMap<Service, BTreeMap<usize, Place>> {
    ranks.into_iter().map(|(service, rank)| (service, ranking(rank, free_price))).collect()
}

/// An object keyed by place, so never a list, not even when it is empty.
fn ranking(places: Vec<TopCountry>, free_price: bool) -> BTreeMap<usize, Place> {
    places.into_iter().map(|place| written(place, free_price)).enumerate().collect()
}

fn written(place: TopCountry, free_price: bool) -> Place {
    let map = || {
        place.free_price.iter().map(|(price, count)| (two_decimals(*price), Value::from(*count))).collect()
    };
    Place {
        country: place.country,
        count: place.count,
        price: json_number(place.price),
        retail_price: json_number(place.retail_price),
        free_price_map: free_price.then(map),
    }
}
