//! Prices, stock, operators and services. Knows neither orders nor states.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Bytes, Reader};
use crate::dialect::Reply;
use crate::dialect::actions::{numbers_status, operators, prices, prices_v2, services_list};
use crate::dialect::shape::{Costs, Counts, ServicesList};
use crate::domain::{Country, Extra, Money, Offer, Operator, Service};
use crate::provider::ListedService;

/// A list by what it is about: the price and the stock.
type Priced = BTreeMap<(Country, Service), (Decimal, u64)>;

fn offers(bytes: &mut Bytes<'_>) -> Vec<Offer> {
    let all = bytes.several(6, |bytes| Offer {
        country: bytes.country(),
        service: bytes.service(),
        price: Money::rub(bytes.amount()),
        count: bytes.number(),
        extra: Extra::new(),
    });
    let of = |offer: Offer| ((offer.country, offer.service.clone()), offer);
    all.into_iter().map(of).collect::<BTreeMap<_, _>>().into_values().collect()
}

fn priced(offers: &[Offer]) -> Priced {
    let row = |offer: &Offer| {
        ((offer.country, offer.service.clone()), (offer.price.amount.normalize(), offer.count))
    };
    offers.iter().map(row).collect()
}

fn read_prices(reader: &Reader<'_>, reply: &Reply) -> Priced {
    let read = reader.read(reply, async |provider, cx| provider.market(cx, None, None).await);
    let read = read.unwrap_or_else(|fault| panic!("{}: {fault:?}", reply.body));
    let listed = priced(&read);
    assert_eq!(listed.len(), read.len(), "something is there twice: {}", reply.body);
    listed
}

pub(super) fn prices(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let form = bytes.one_of(&[Costs::Number, Costs::Text]);
    let offers = offers(bytes);
    let reply = Reply::json(&prices::by_country(offers.clone(), form));
    assert_eq!(read_prices(reader, &reply), priced(&offers), "{}", reply.body);
}

pub(super) fn prices_by_price(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let mut offers = offers(bytes);
    let reply = Reply::json(&prices_v2::by_price(offers.clone()));
    offers.retain(|offer| offer.count > 0);
    assert_eq!(read_prices(reader, &reply), priced(&offers), "{}", reply.body);
}

pub(super) fn counts(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let form = bytes.one_of(&[Counts::Text, Counts::Number]);
    let row = |bytes: &mut Bytes<'_>| (format!("{}_{}", bytes.service(), bytes.byte() % 2), bytes.number());
    let stock: BTreeMap<_, _> = bytes.several(6, row).into_iter().collect();
    let reply = numbers_status::listed(Extra::new(), stock.clone(), form);
    let read = reader.read(&reply, async |provider, cx| provider.counts(cx, Country(0), &[]).await);
    assert_eq!(read, Ok(stock), "{}", reply.body);
}

pub(super) fn operators(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let row = |bytes: &mut Bytes<'_>| -> (Country, Vec<Operator>) {
        (bytes.country(), bytes.several(4, Bytes::operator).into_iter().flatten().collect())
    };
    let mut named: BTreeMap<_, _> = bytes.several(4, row).into_iter().collect();
    let reply = operators::written(&named);
    named.retain(|_, names| !names.is_empty());
    let Some(reply) = reply else { return assert!(named.is_empty(), "{named:?}") };
    let read = reader.read(&reply, async |provider, cx| provider.operators(cx, None).await);
    assert_eq!(read, Ok(named), "{}", reply.body);
}

pub(super) fn services(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let form = bytes.one_of(&[ServicesList::Wrapped, ServicesList::Bare]);
    let listed = bytes.several(5, |bytes| ListedService {
        service: bytes.service(),
        name: bytes.text(),
        extra: Extra::new(),
    });
    let reply = services_list::written(&listed, form);
    let read = reader.read(&reply, async |provider, cx| provider.services(cx, None, None).await);
    assert_eq!(read, Ok(listed), "{}", reply.body);
}
