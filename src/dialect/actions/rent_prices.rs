//! `getRentPrices` and `serviceCountRent`: what there is to rent, in the shapes of services that came after
//! sms-activate. Neither is in its document.
//!
//! `getRentPrices` is Grizzly SMS's and SMS.online's: `{"status":"success","values":{"0":{"tg":{"cost","count"}}}}`,
//! and its client reads errors under `error` (`WIRE.md` section 3, GRZ). `serviceCountRent` is HeroSMS's: one
//! service's prices and stock by country and hours, `{"6":{"4":{"price","count"}}}`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Form, Refusal, Word};
use crate::dialect::rent::{Part, hours, refuse};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Service, is_rent_period, json_number};
use crate::engine::{Caller, Engine};
use crate::provider::{Capability, Fault, FaultKind, RentOffers, RentQuery};

/// Prices and stock of rents, by country and service.
pub static GET_RENT_PRICES: Action = Action {
    name: "getRentPrices",
    paths: &[Path::emulated(Capability::RentOffers)],
    refusal: Word::NoNumbers,
    answer: prices,
};

/// Prices and stock of one service's rents, by country and hours.
pub static SERVICE_COUNT_RENT: Action = Action {
    name: "serviceCountRent",
    paths: &[Path::emulated(Capability::RentOffers)],
    refusal: Word::OutOfStock,
    answer: counts,
};

/// The hours that `serviceCountRent` looks at: the two short ones, then days, weeks and months.
const PERIODS: [u32; 9] = [4, 12, 24, 48, 72, 168, 336, 720, 1344];

#[derive(Serialize)]
struct List {
    status: &'static str,
    values: BTreeMap<Country, BTreeMap<Service, Costs>>,
}

#[derive(Serialize)]
struct Costs {
    cost: Value,
    count: u64,
}

#[derive(Serialize)]
struct Priced {
    price: Value,
    count: u64,
}

fn prices(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        listed(&engine, &caller, &params).await.map_err(|refusal| match refusal.form {
            Form::Message => Refusal { form: Form::Json, ..refusal },
            Form::Text | Form::Json => refusal,
        })
    })
}

async fn listed(engine: &Arc<Engine>, caller: &Caller, params: &Params) -> Result<Reply, Refusal> {
    let service = service(engine, params)?;
    let wrong =
        || refuse(Word::InvalidTime, "numbers are rented for 4, 12, 24, 48, 72 and so on up to 1344 hours");
    let hours = hours(params).filter(|hours| is_rent_period(*hours)).ok_or_else(wrong)?;
    let query = Part::Order.query(params, hours)?;
    let country = query.country;
    let offers = engine.rent_offers(caller, query).await.map_err(|fault| Part::Order.refusal(fault))?;
    let asked_for = offers
        .services
        .into_iter()
        .filter(|offer| offer.count > 0 && service.as_ref().is_none_or(|service| offer.service == *service));
    let costs = |amount, count| Costs { cost: json_number(amount), count };
    let services: BTreeMap<_, _> =
        asked_for.map(|offer| (offer.service, costs(offer.price.amount, offer.count))).collect();
    if services.is_empty() {
        return Err(refuse(Word::NoNumbers, "no number can be rented there"));
    }
    Ok(Reply::json(&List { status: "success", values: BTreeMap::from([(country, services)]) }))
}

fn counts(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let service = params.service().map_err(|refusal| Part::Offers.reword(refusal))?;
        super::services_list::require_known(&engine, Some(&service))
            .map_err(|refusal| Part::Offers.reword(refusal))?;
        let mut periods = BTreeMap::new();
        let query = Part::Offers.query(&params, 0)?;
        for hours in PERIODS {
            let query = RentQuery { hours, ..query.clone() };
            let offers = if_any(engine.rent_offers(&caller, query).await)?;
            let offer = offers.services.into_iter().find(|offer| offer.service == service && offer.count > 0);
            let priced =
                offer.map(|offer| Priced { price: json_number(offer.price.amount), count: offer.count });
            periods.extend(priced.map(|priced| (hours, priced)));
        }
        if periods.is_empty() {
            return Err(refuse(Word::OutOfStock, "no number can be rented there"));
        }
        Ok(Reply::json(&BTreeMap::from([(query.country, periods)])))
    })
}

/// What is on offer for some hours; nothing where nobody rents for them.
fn if_any(outcome: Result<RentOffers, Fault>) -> Result<RentOffers, Refusal> {
    match outcome {
        Err(Fault {
            kind: FaultKind::WrongHours | FaultKind::TooManyHours(_) | FaultKind::NoStock, ..
        }) => Ok(RentOffers::default()),
        outcome => outcome.map_err(|fault| Part::Offers.refusal(fault)),
    }
}

fn service(engine: &Engine, params: &Params) -> Result<Option<Service>, Refusal> {
    let service = params.service_if_any().map_err(|refusal| Part::Order.reword(refusal))?;
    super::services_list::require_known(engine, service.as_ref())
        .map_err(|refusal| Part::Order.reword(refusal))?;
    Ok(service)
}
