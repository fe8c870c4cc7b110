//! `getNumbersStatus`: how many numbers each service has in a country, `{"vk_0":"76",…}`. Source:
//! `api/sms-activate.txt`, "Запрос количества доступных номеров".
//!
//! Counts are texts, as on the original's wire, unless numbers are wanted, and every service of the catalog is
//! there, since a client fails on the first one that is not (`WIRE.md` section 1, items 6 and 7).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::catalog::Catalog;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::shape::Counts;
use crate::dialect::{Action, Params, Path, Reply};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The stock of a country.
pub static ACTION: Action = Action {
    name: "getNumbersStatus",
    paths: &[
        Path::native(Capability::Counts),
        Path::native(Capability::Offers),
        Path::emulated(Capability::Market),
    ],
    refusal: Word::BadAction,
    answer,
};

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let counts =
            engine.counts(&caller, params.country()?, params.operators()?).await.map_err(Refusal::from)?;
        let form = params.shape().counts;
        Ok(listed(zeros(engine.catalog(), form), counts, form))
    })
}

/// These counts, and of the stock what is not among them.
pub(crate) fn listed(mut stock: Map<String, Value>, counts: BTreeMap<String, u64>, form: Counts) -> Reply {
    for (key, count) in counts {
        stock.insert(key, written(count, form));
    }
    Reply::json(&stock)
}

fn written(count: u64, form: Counts) -> Value {
    match form {
        Counts::Text => Value::String(count.to_string()),
        Counts::Number => Value::from(count),
    }
}

/// Every service of the catalog at 0: `_0` without call forwarding, `_1` with it where that exists.
fn zeros(catalog: &Catalog, form: Counts) -> Map<String, Value> {
    let zero = || written(0, form);
    let mut stock = Map::new();
    for entry in catalog.services().iter().filter(|entry| !entry.is_rent_only()) {
        stock.insert(format!("{}_0", entry.code), zero());
        if entry.forwardable {
            stock.insert(format!("{}_1", entry.code), zero());
        }
    }
    stock
}
