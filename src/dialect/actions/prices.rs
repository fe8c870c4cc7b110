//! `getPrices`: `{"0":{"tg":{"cost":15.5,"count":158}}}`. Source: `api/sms-activate.txt`, "Получить
//! актуальные цены по странам".
//!
//! Cost and count are numbers, the cost a text where that is wanted, and a country without services is left out: an
//! empty one makes the official Java client fail (`WIRE.md` section 1, items 11 and 12).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::shape::Costs;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Extra, Offer, Service, json_number};
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
        let offers =
            engine.prices(&caller, service, params.country_if_any()?).await.map_err(Refusal::from)?;
        Ok(Reply::json(&by_country(offers, params.shape().costs)))
    })
}

pub(crate) fn by_country(offers: Vec<Offer>, form: Costs) -> impl Serialize + use<> {
    let mut countries: BTreeMap<Country, BTreeMap<Service, Priced>> = BTreeMap::new();
    for Offer { service, country, price, count, extra } in offers {
        let cost = match form {
            Costs::Number => json_number(price.amount),
            Costs::Text => Value::from(price.amount.normalize().to_string()),
        };
        let priced = Priced { cost, count, extra };
        countries.entry(country).or_default().insert(service, priced);
    }
    countries
}

/// The documented fields, then whatever else the upstream said.
struct Priced {
    cost: Value,
    count: u64,
    extra: Extra,
}

impl Serialize for Priced {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(Some(2 + self.extra.len()))?;
        fields.serialize_entry("cost", &self.cost)?;
        fields.serialize_entry("count", &self.count)?;
        for (name, value) in &self.extra {
            fields.serialize_entry(name, value)?;
        }
        fields.end()
    }
}
