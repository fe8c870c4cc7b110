//! `getPricesVerification`: what numbers cost that take a verification call, `{"tg":{"0":{"count":158,"price":
//! "15.50"}}}`. Source: `api/sms-activate.txt`, "Получить актуальные цены по сервисам для верификации". The other
//! way round than `getPrices`, and the price a text. Where nothing is sold for that, `{}` (`UPSTREAMS.md` section 6).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Offer, Service, exact};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// Prices and stock of numbers that are called.
pub static ACTION: Action = Action {
    name: "getPricesVerification",
    paths: &[Path::native(Capability::CallPrices), Path::own()],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
struct Priced {
    count: u64,
    price: String,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let service = params.service_if_any()?;
        super::services_list::require_known(&engine, service.as_ref())?;
        let offers = engine.call_prices(&caller, service).await.map_err(Refusal::from)?;
        let mut services: BTreeMap<Service, BTreeMap<Country, Priced>> = BTreeMap::new();
        for Offer { service, country, price, count, .. } in offers {
            let priced = Priced { count, price: exact(price.amount) };
            services.entry(service).or_default().insert(country, priced);
        }
        Ok(Reply::json(&services))
    })
}
