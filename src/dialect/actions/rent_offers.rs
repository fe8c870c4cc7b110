//! `getRentServicesAndCountries`: `{"countries":{"0":0},"operators":{"0":"any"},"services":{"tg":{"cost","quant"}}}`.
//! Source: `api/sms-activate.txt`, "Запросить доступные страны и сервисы". Cost and quant are numbers (`WIRE.md`
//! section 4); nothing to rent is `OUT_OF_STOCK`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::rent::{Part, hours, refuse};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Offer, Operator, Service, is_rent_period, json_number};
use crate::engine::{Caller, Engine};
use crate::provider::{Capability, RentOffers};

/// What there is to rent.
pub static ACTION: Action = Action {
    name: "getRentServicesAndCountries",
    paths: &[Path::native(Capability::RentOffers)],
    refusal: Word::OutOfStock,
    answer,
};

#[derive(Serialize)]
struct List<'a> {
    countries: BTreeMap<usize, Country>,
    operators: BTreeMap<usize, &'a str>,
    services: BTreeMap<&'a Service, Priced>,
}

#[derive(Serialize)]
struct Priced {
    cost: Value,
    quant: u64,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let wrong = || {
            refuse(Word::OutOfStock, "numbers are rented for 4, 12, 24, 48, 72 and so on up to 1344 hours")
        };
        let hours = hours(&params).filter(|hours| is_rent_period(*hours)).ok_or_else(wrong)?;
        let query = Part::Offers.query(&params, hours)?;
        let offers = engine.rent_offers(&caller, query).await.map_err(|fault| Part::Offers.refusal(fault))?;
        if offers.services.iter().all(|offer| offer.count == 0) {
            return Err(refuse(Word::OutOfStock, "no number can be rented there"));
        }
        Ok(written(&offers))
    })
}

pub(crate) fn written(offers: &RentOffers) -> Reply {
    let mut operators: Vec<_> = offers.operators.iter().map(Operator::as_str).chain(["any"]).collect();
    operators.sort_unstable();
    operators.dedup();
    Reply::json(&List {
        countries: offers.countries.iter().copied().enumerate().collect(),
        operators: operators.into_iter().enumerate().collect(),
        services: offers.services.iter().map(|offer| (&offer.service, priced(offer))).collect(),
    })
}

fn priced(offer: &Offer) -> Priced {
    Priced { cost: json_number(offer.price.amount), quant: offer.count }
}
