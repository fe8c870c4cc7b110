//! `getPrices`: `{"0":{"tg":{"cost":15.5,"count":158}}}`. Source: `api/sms-activate.txt`, "Получить
//! актуальные цены по странам".
//!
//! Cost and count are numbers, the cost a text where that is wanted, and a country without services is left out: an
//! empty one makes the official Java client fail (`WIRE.md` section 1, items 11 and 12).

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::price_lists::written;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::shape::Costs;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Offer, json_number};
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
        let list = engine.price_list(&caller, service, params.country_if_any()?).await;
        let costs = params.shape().costs;
        let form = match costs {
            Costs::Number => "getPrices",
            Costs::Text => "getPrices, costs as texts",
        };
        written(list, form, move |offers| Reply::json(&by_country(offers, costs))).await
    })
}

pub(crate) fn by_country(offers: Vec<Offer>, form: Costs) -> impl Serialize + use<> {
    ByCountry(in_order(offers), form)
}

/// By country and then service; of several offers of the same the last.
fn in_order(mut offers: Vec<Offer>) -> Vec<Offer> {
    let key = |offer: &Offer| (offer.country, offer.service.clone());
    offers.sort_by_key(key);
    offers.dedup_by(|next, kept| {
        let same = key(next) == key(kept);
        if same {
            std::mem::swap(next, kept);
        }
        same
    });
    offers
}

/// Written straight from the offers: of all countries there may be a hundred thousand.
struct ByCountry(Vec<Offer>, Costs);

impl Serialize for ByCountry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(offers, form) = self;
        let countries = offers.chunk_by(|one, next| one.country == next.country);
        serializer.collect_map(countries.filter_map(|of| Some((of.first()?.country, InCountry(of, *form)))))
    }
}

struct InCountry<'a>(&'a [Offer], Costs);

impl Serialize for InCountry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(offers, form) = self;
        serializer.collect_map(offers.iter().map(|offer| (&offer.service, Priced(offer, *form))))
    }
}

/// The documented fields, then whatever else the upstream said.
struct Priced<'a>(&'a Offer, Costs);

impl Serialize for Priced<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(offer, form) = self;
        let mut fields = serializer.serialize_map(Some(2 + offer.extra.len()))?;
        match form {
            Costs::Number => fields.serialize_entry("cost", &json_number(offer.price.amount))?,
            Costs::Text => fields.serialize_entry("cost", &offer.price.amount.normalize().to_string())?,
        }
        fields.serialize_entry("count", &offer.count)?;
        for (name, value) in &offer.extra {
            fields.serialize_entry(name, value)?;
        }
        fields.end()
    }
}
