//! Rented numbers, their messages and what can be rented. Knows no other answer.

use std::collections::BTreeMap;

use super::{Bytes, Reader, states};
use crate::dialect::actions::{rent_number, rent_offers, rent_status};
use crate::dialect::shape::RentValues;
use crate::domain::{Activation, Country, Extra, Inbox, Money, Offer, Progress, Service, Sms};
use crate::fuzzing::sample;
use crate::provider::{RentOffers, RentQuery};

pub(super) fn rented(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let rent =
        Activation { id: bytes.id(), phone: bytes.phone(), expires_at: bytes.time(), ..sample::rent() };
    let reply = rent_number::written(&rent);
    let order = sample::rent_order(4);
    let read = reader.read(&reply, async |provider, cx| provider.rentals().rent(cx, &order).await);
    let Ok(read) = read else { panic!("{}: {read:?}", reply.body) };
    assert_eq!((read.upstream_id, read.phone), (rent.id.to_string(), rent.phone), "{}", reply.body);
    assert_eq!(read.expires_at, Some(rent.expires_at), "{}", reply.body);
}

pub(super) fn messages(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let form = bytes.one_of(&[RentValues::Object, RentValues::List]);
    let messages = states::sms(bytes);
    // What has no message yet is told by a word.
    if messages.is_empty() {
        return;
    }
    let rent = Activation { messages, ..sample::rent() };
    let reply = rent_status::written(&rent, form);
    let read = reader.read(&reply, async |provider, cx| provider.rentals().messages(cx, &rent).await);
    let Ok(Progress::Received(Inbox::All(read))) = read else { panic!("{}: {read:?}", reply.body) };
    let said = |all: &[Sms]| -> Vec<_> {
        all.iter().map(|sms| (sms.text_or_code().to_owned(), sms.received_at)).collect()
    };
    let (read, mut written) = (said(&read), said(&rent.messages));
    // What came within one second has no order that anybody could read.
    if written.first().map(|(_, at)| at) == written.last().map(|(_, at)| at) {
        let mut read = read;
        read.sort();
        written.sort();
        return assert_eq!(read, written, "{}", reply.body);
    }
    assert_eq!(read, written, "{}", reply.body);
}

pub(super) fn offers(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let country = Country(0);
    let row = |bytes: &mut Bytes<'_>| Offer {
        service: bytes.service(),
        country,
        price: Money::rub(bytes.amount().normalize()),
        count: bytes.number(),
        extra: Extra::new(),
    };
    let of = |offer: Offer| (offer.service.clone(), offer);
    let services: BTreeMap<Service, Offer> = bytes.several(5, row).into_iter().map(of).collect();
    let mut operators: Vec<_> = bytes.several(4, Bytes::operator).into_iter().flatten().collect();
    operators.sort();
    operators.dedup();
    let offers = RentOffers {
        countries: bytes.several(4, Bytes::country),
        operators,
        services: services.into_values().collect(),
    };
    let reply = rent_offers::written(&offers);
    let query = RentQuery { country, operators: Vec::new(), hours: 24, incoming_call: false };
    let read = reader.read(&reply, async |provider, cx| provider.rentals().offers(cx, &query).await);
    assert_eq!(read, Ok(offers), "{}", reply.body);
}
