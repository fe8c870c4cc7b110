//! Lists: balance, prices, stock, countries, services, operators. Asked for once per time to
//! live however many clients want them. Knows neither the upstreams' list calls nor the dialect's shapes.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;

use super::cached::Cached;
use super::price_list::PriceList;
use super::upstream::cheaper;
use super::{Caller, Engine, Upstream, Written};
use crate::clock::Clock;
use crate::domain::{Country, Extra, MailOffers, Money, Offer, Operator, Order, Owner, Service, Sms};
use crate::ledger::Tally;
use crate::metrics;
use crate::provider::calls::IncomingCall;
use crate::provider::{Capability, Cx, Fault, FaultKind, ListedService, RentOffers, RentQuery};

/// How many countries' lists are fetched at a time.
const COUNTRIES_AT_A_TIME: usize = 4;

/// Prices may differ by account, so where clients bring their own keys their lists are their own.
pub(super) type ByOwner<K> = (Option<Owner>, K);
/// All of a country's offers from one operator or any.
type InCountry = (Country, Option<Operator>);
/// A country's stock at several operators.
type OfOperators = (Country, Vec<Operator>);
/// A country's services, named in a language.
type InLanguage = (Option<Country>, Option<String>);
/// The parameters of an action that is passed on.
type Asked = Vec<(String, String)>;
/// The offers of a service, a country, both, or all.
pub(super) type Wanted = (Option<Service>, Option<Country>);

/// One upstream's lists.
pub struct Lists {
    offers: Cached<ByOwner<InCountry>, Vec<Offer>>,
    market: Cached<ByOwner<Wanted>, Vec<Offer>>,
    counts: Cached<ByOwner<OfOperators>, BTreeMap<String, u64>>,
    pub(super) top: Cached<ByOwner<(Option<Service>, bool)>, Value>,
    countries: Cached<ByOwner<()>, Vec<CountryLine>>,
    services: Cached<ByOwner<InLanguage>, Vec<ListedService>>,
    operators: Cached<ByOwner<Option<Country>>, BTreeMap<Country, Vec<Operator>>>,
    pub(super) call_prices: Cached<ByOwner<Option<Service>>, Vec<Offer>>,
    pub(super) own: Cached<ByOwner<Asked>, Option<Arc<Written>>>,
    pub(super) tallies: Cached<Service, Vec<Tally>>,
    /// By the activation's id there; kept no longer than polls are.
    pub(super) incoming: Cached<String, IncomingCall>,
    pub(super) messages: Cached<String, Vec<Sms>>,
    pub(super) rents: Cached<ByOwner<RentQuery>, RentOffers>,
    /// By the site that mail is to come from.
    pub(super) mail: Cached<ByOwner<String>, MailOffers>,
}

impl Lists {
    /// Empty lists, which count the calls that they save.
    pub fn new(clock: &Arc<dyn Clock>, metrics: &metrics::Upstream) -> Self {
        let saved = metrics.saved_lists();
        Self {
            offers: Cached::counting(clock, &saved),
            market: Cached::counting(clock, &saved),
            counts: Cached::counting(clock, &saved),
            top: Cached::counting(clock, &saved),
            countries: Cached::counting(clock, &saved),
            services: Cached::counting(clock, &saved),
            operators: Cached::counting(clock, &saved),
            call_prices: Cached::counting(clock, &saved),
            own: Cached::counting(clock, &saved),
            // From the ledger: no call is saved.
            tallies: Cached::new(clock),
            incoming: Cached::counting(clock, &saved),
            messages: Cached::counting(clock, &saved),
            rents: Cached::counting(clock, &saved),
            mail: Cached::counting(clock, &saved),
        }
    }
}

/// A country that can be ordered from, with whatever fields the upstream gave.
#[derive(Debug, Clone, PartialEq)]
pub struct CountryLine {
    /// Its number.
    pub country: Country,
    /// The upstream's own fields; where it has no such list, whether it rents numbers and sells
    /// those of several services.
    pub fields: Extra,
}

impl Engine {
    /// The balance; with its cash-back where that is asked for and exists. Never kept.
    pub async fn balance(&self, caller: &Caller, with_cashback: bool) -> Result<Money, Fault> {
        let upstream = self.main_upstream()?;
        let cx = self.cx(upstream, caller);
        let with_cashback = with_cashback && upstream.can(Capability::Cashback);
        let held = match with_cashback {
            true => if_any(upstream.provider.balance_and_cashback(&cx).await)?,
            false => None,
        };
        let held = match held {
            Some(held) => held,
            None => upstream.provider.balance(&cx).await?,
        };
        upstream.exchange.balance(held.amount)
    }

    /// Whether the balance with its cash-back may be another than the one without.
    pub fn has_cashback(&self) -> bool {
        self.main_upstream().is_ok_and(|upstream| upstream.can(Capability::Cashback))
    }

    /// Prices and stock: of everything, of one service, of one country, or of both.
    pub async fn prices(
        &self,
        caller: &Caller,
        service: Option<Service>,
        country: Option<Country>,
    ) -> Result<Vec<Offer>, Fault> {
        self.price_list(caller, service, country).await?.offers()
    }

    /// The same as it is kept, with what was written of it.
    pub async fn price_list(
        &self,
        caller: &Caller,
        service: Option<Service>,
        country: Option<Country>,
    ) -> Result<PriceList, Fault> {
        let upstream = self.main_upstream()?;
        let parts = self.price_parts(upstream, caller, service.as_ref(), country).await?;
        let wanted = (service, country);
        let writings = if upstream.list_ttl.is_zero() {
            // Another list each time.
            Arc::default()
        } else {
            upstream.price_lists.of((owner_of(caller), wanted.clone()), &parts)
        };
        Ok(PriceList::new(parts, wanted, upstream.exchange, writings))
    }

    /// The lists in which everything wanted is, beside other things.
    async fn price_parts(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        service: Option<&Service>,
        country: Option<Country>,
    ) -> Result<Vec<Arc<Vec<Offer>>>, Fault> {
        let cx = self.cx(upstream, caller);
        let owner = owner_of(caller);
        if upstream.can(Capability::Market) {
            let key = (owner, (service.cloned(), country));
            let fetch = upstream.provider.market(&cx, service, country);
            return Ok(vec![upstream.listed(&upstream.lists.market, key, &cx, fetch).await?]);
        }
        let countries: Vec<_> = match country {
            Some(country) => vec![country],
            None => upstream.mapping.mapped_countries().collect(),
        };
        stream::iter(countries)
            .map(|country| country_offers(upstream, &cx, &owner, country, None))
            .buffered(COUNTRIES_AT_A_TIME)
            .try_collect()
            .await
    }

    /// How many numbers are in stock, by the dialect's keys (`tg_0`).
    pub async fn counts(
        &self,
        caller: &Caller,
        country: Country,
        operators: Vec<Operator>,
    ) -> Result<BTreeMap<String, u64>, Fault> {
        let upstream = self.main_upstream()?;
        let cx = self.cx(upstream, caller);
        let owner = owner_of(caller);
        if upstream.can(Capability::Counts) {
            let fetch = upstream.provider.counts(&cx, country, &operators);
            let key = (owner.clone(), (country, operators.clone()));
            if let Some(counts) = if_any(upstream.listed(&upstream.lists.counts, key, &cx, fetch).await)? {
                return Ok(counts.as_ref().clone());
            }
        }
        let offers = if upstream.can(Capability::Offers) {
            operator_offers(upstream, &cx, &owner, country, &operators).await?
        } else if operators.is_empty() {
            self.price_list(caller, None, Some(country)).await?.charged()
        } else {
            // Its price list does not tell operators apart, so nothing is known of theirs.
            Vec::new()
        };
        Ok(offers.into_iter().map(|offer| (format!("{}_0", offer.service), offer.count)).collect())
    }

    /// The countries that can be ordered from.
    pub async fn countries(&self, caller: &Caller) -> Result<Arc<Vec<CountryLine>>, Fault> {
        let upstream = self.main_upstream()?;
        let mapped = || {
            let flag = |name: &str, capability| (name.to_owned(), u8::from(upstream.can(capability)).into());
            let fields = [flag("rent", Capability::Rent), flag("multiService", Capability::MultiService)];
            let fields: Extra = fields.into_iter().collect();
            let line = |country| CountryLine { country, fields: fields.clone() };
            Arc::new(upstream.mapping.mapped_countries().map(line).collect())
        };
        if !upstream.can(Capability::Countries) {
            return Ok(mapped());
        }
        let cx = self.cx(upstream, caller);
        let fetch = async {
            let listed = upstream.provider.countries(&cx).await?;
            let line = |row: crate::provider::ListedCountry| CountryLine {
                country: row.country,
                fields: row.fields,
            };
            Ok(listed.into_iter().map(line).collect())
        };
        let listed = upstream.listed(&upstream.lists.countries, (owner_of(caller), ()), &cx, fetch).await;
        Ok(if_any(listed)?.unwrap_or_else(mapped))
    }

    /// The services that can be ordered.
    pub async fn services(
        &self,
        caller: &Caller,
        country: Option<Country>,
        lang: Option<String>,
    ) -> Result<Arc<Vec<ListedService>>, Fault> {
        let upstream = self.main_upstream()?;
        if upstream.can(Capability::Services) {
            let cx = self.cx(upstream, caller);
            let key = (owner_of(caller), (country, lang.clone()));
            let fetch = upstream.provider.services(&cx, country, lang.as_deref());
            match upstream.listed(&upstream.lists.services, key, &cx, fetch).await {
                // It is not in sms-activate's document, so not every service of this kind has it.
                Err(Fault { kind: FaultKind::Word(_) | FaultKind::Unsupported(_), .. }) => {}
                listed => return listed,
            }
        }
        let sold = |entry: &&crate::catalog::ServiceEntry| {
            !entry.is_rent_only() && !upstream.mapping.services(&entry.code).is_empty()
        };
        let mapped = self.catalog.services().iter().filter(sold);
        let line = |entry: &crate::catalog::ServiceEntry| ListedService {
            service: entry.code.clone(),
            name: entry.name.clone(),
            extra: Extra::new(),
        };
        Ok(Arc::new(mapped.map(line).collect()))
    }

    /// The operators that can be asked for, in one country or in all.
    pub async fn operators(
        &self,
        caller: &Caller,
        country: Option<Country>,
    ) -> Result<Arc<BTreeMap<Country, Vec<Operator>>>, Fault> {
        let upstream = self.main_upstream()?;
        if upstream.can(Capability::Operators) {
            let cx = self.cx(upstream, caller);
            let fetch = upstream.provider.operators(&cx, country);
            let key = (owner_of(caller), country);
            let listed = upstream.listed(&upstream.lists.operators, key, &cx, fetch).await;
            if let Some(listed) = if_any(listed)? {
                return Ok(listed);
            }
        }
        let countries: Vec<_> = match country {
            Some(country) => vec![country],
            None => upstream.mapping.mapped_countries().collect(),
        };
        let named = countries.into_iter().map(|country| (country, upstream.mapping.operators(country)));
        Ok(Arc::new(named.filter(|(_, names)| !names.is_empty()).collect()))
    }

    /// What an order would cost by the list that is kept; `None` when nobody knows.
    pub(super) async fn listed_price(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        cx: &Cx,
        order: &Order,
    ) -> Option<Money> {
        let owner = owner_of(caller);
        let offers = if upstream.can(Capability::Market) {
            let key = (owner, (Some(order.service.clone()), Some(order.country)));
            let fetch = upstream.provider.market(cx, Some(&order.service), Some(order.country));
            upstream.listed(&upstream.lists.market, key, cx, fetch).await.ok()?
        } else {
            country_offers(upstream, cx, &owner, order.country, order.operators.first()).await.ok()?
        };
        let offer = offers.iter().find(|offer| wanted(offer, Some(&order.service), Some(order.country)))?;
        // 0 is what some upstreams print for what is out of stock; nobody sells at that.
        Some(offer.price).filter(|price| !price.amount.is_zero())
    }
}

pub(super) fn owner_of(caller: &Caller) -> Option<Owner> {
    caller.own_key.is_some().then(|| caller.owner.clone())
}

/// What a service answered; `None` where it turns out to lack what its kind has, so that there is another way
/// to go.
pub(super) fn if_any<T>(outcome: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match outcome {
        Err(Fault { kind: FaultKind::Unsupported(_), .. }) => Ok(None),
        outcome => outcome.map(Some),
    }
}

pub(super) fn wanted(offer: &Offer, service: Option<&Service>, country: Option<Country>) -> bool {
    service.is_none_or(|service| offer.service == *service)
        && country.is_none_or(|country| offer.country == country)
}

/// A country's offers. A country the upstream does not have offers nothing.
async fn country_offers(
    upstream: &Upstream,
    cx: &Cx,
    owner: &Option<Owner>,
    country: Country,
    operator: Option<&Operator>,
) -> Result<Arc<Vec<Offer>>, Fault> {
    let key = (owner.clone(), (country, operator.cloned()));
    let fetch = async {
        match upstream.provider.offers(cx, country, operator).await {
            Err(fault) if nothing_there(&fault) => Ok(Vec::new()),
            outcome => outcome,
        }
    };
    upstream.listed(&upstream.lists.offers, key, cx, fetch).await
}

fn nothing_there(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::UnknownCountry | FaultKind::UnknownOperator | FaultKind::NoStock)
}

/// The offers of several operators together: stock is added up, the price is the lowest.
async fn operator_offers(
    upstream: &Upstream,
    cx: &Cx,
    owner: &Option<Owner>,
    country: Country,
    operators: &[Operator],
) -> Result<Vec<Offer>, Fault> {
    if operators.is_empty() {
        return Ok(country_offers(upstream, cx, owner, country, None).await?.as_ref().clone());
    }
    let mut together: BTreeMap<Service, Offer> = BTreeMap::new();
    for operator in operators {
        for offer in country_offers(upstream, cx, owner, country, Some(operator)).await?.iter() {
            let sum = match together.remove(&offer.service) {
                Some(before) => cheaper(before, offer),
                None => offer.clone(),
            };
            together.insert(offer.service.clone(), sum);
        }
    }
    Ok(together.into_values().collect())
}
