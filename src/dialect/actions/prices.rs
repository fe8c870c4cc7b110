//! `getPrices`: `{"0":{"tg":{"cost":15.5,"count":158}}}`. Source: `api/sms-activate.txt`, "Получить
//! актуальные цены по странам".
//!
//! Cost and count are numbers, and a country without services is left out: an empty one makes the
//! official Java client fail (`WIRE.md` section 1, items 11 and 12).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Offer, Service, json_number};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// Prices and stock by country and service.
pub static ACTION: Action = Action {
    name: "getPrices",
    paths: &[Path::native(Capability::Market), Path::native(Capability::Offers)],
    refusal: Word::BadAction,
    answer,
};

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let service = params.service_if_any()?;
        super::services_list::require_known(&engine, service.as_ref())?;
        let offers = engine.prices(&caller, service, params.country_if_any()?).await.map_err(Refusal::from)?;
        Ok(Reply::json(&by_country(offers)))
    })
}

fn by_country(offers: Vec<Offer>) -> BTreeMap<Country, BTreeMap<Service, Map<String, Value>>> {
    let mut countries: BTreeMap<Country, BTreeMap<Service, Map<String, Value>>> = BTreeMap::new();
    for offer in offers {
        let mut fields = Map::new();
        fields.insert("cost".to_owned(), json_number(offer.price.amount));
        fields.insert("count".to_owned(), Value::from(offer.count));
        fields.extend(offer.extra);
        countries.entry(offer.country).or_default().insert(offer.service, fields);
    }
    countries
}
