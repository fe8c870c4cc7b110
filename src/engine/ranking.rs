//! Rankings of countries: the upstream's own, where it has one, else made from the price lists. Knows
//! neither the upstreams' calls nor how a ranking is printed.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::lists::{if_any, owner_of};
use super::{Caller, Engine, Exchange};
use crate::domain::{Offer, Service, TopCountry, amount_of_json, json_number, two_decimals};
use crate::provider::{Capability, Fault};

impl Engine {
    /// The upstream's own ranking of countries, if it has one.
    pub async fn native_top(
        &self,
        caller: &Caller,
        service: Option<Service>,
        free_price: bool,
    ) -> Result<Option<Arc<Value>>, Fault> {
        let upstream = self.main_upstream()?;
        if !upstream.can(Capability::TopCountries) {
            return Ok(None);
        }
        let cx = self.cx(upstream, caller);
        let key = (owner_of(caller), (service.clone(), free_price));
        let fetch = upstream.provider.top_countries(&cx, service.as_ref(), free_price);
        let Some(top) = if_any(upstream.listed(&upstream.lists.top, key, &cx, fetch).await)? else {
            return Ok(None);
        };
        if !upstream.exchange.is_needed() {
            return Ok(Some(top));
        }
        let mut shown = top.as_ref().clone();
        exchanged(&upstream.exchange, &mut shown)?;
        Ok(Some(Arc::new(shown)))
    }

    /// A ranking of countries by stock, service by service, made from the price lists.
    pub async fn ranked(
        &self,
        caller: &Caller,
        service: Option<Service>,
    ) -> Result<BTreeMap<Service, Vec<TopCountry>>, Fault> {
        self.price_list(caller, service, None).await?.made(ranks).await
    }
}

fn ranks(offers: Vec<Offer>) -> BTreeMap<Service, Vec<TopCountry>> {
    let mut ranks: BTreeMap<Service, Vec<TopCountry>> = BTreeMap::new();
    for offer in offers {
        ranks.entry(offer.service.clone()).or_default().push(place_of(&offer));
    }
    for rank in ranks.values_mut() {
        rank.sort_by_key(|place| (std::cmp::Reverse(place.count), place.country));
    }
    ranks
}

fn place_of(offer: &Offer) -> TopCountry {
    let price: Decimal = offer.price.amount;
    TopCountry {
        country: offer.country,
        count: offer.count,
        price,
        // No provider whose ranking is made here tells two prices apart.
        retail_price: price,
        free_price: vec![(price, offer.count)],
        extra: offer.extra.clone(),
    }
}

/// Puts what the document names as amounts into the dialect's currency, in the rows of one service or,
/// one level deeper, of all (`api/sms-activate.txt`, "Запрос топ стран по сервису").
fn exchanged(exchange: &Exchange, value: &mut Value) -> Result<(), Fault> {
    let Value::Object(fields) = value else { return Ok(()) };
    if !fields.contains_key("country") {
        return fields.values_mut().try_for_each(|inner| exchanged(exchange, inner));
    }
    for name in ["price", "retail_price"] {
        if let Some(amount) = fields.get(name).and_then(amount_of_json) {
            fields.insert(name.to_owned(), json_number(exchange.cost(amount)?.amount));
        }
    }
    if let Some(Value::Object(map)) = fields.get_mut("freePriceMap") {
        *map = exchanged_map(exchange, map)?;
    }
    Ok(())
}

/// `{"15.50":158}`; the stock of prices that have become one is added up.
fn exchanged_map(exchange: &Exchange, map: &Map<String, Value>) -> Result<Map<String, Value>, Fault> {
    let mut shown: Map<String, Value> = Map::new();
    for (price, count) in map {
        let Ok(price) = Decimal::from_str_exact(price) else { continue };
        let price = two_decimals(exchange.cost(price)?.amount);
        let count = match (shown.get(&price).and_then(Value::as_u64), count.as_u64()) {
            (Some(before), Some(more)) => Value::from(before.saturating_add(more)),
            _ => count.clone(),
        };
        shown.insert(price, count);
    }
    Ok(shown)
}
