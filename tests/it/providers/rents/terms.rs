//! What there is to rent, and what it costs.

use std::time::Duration;

use smsbridge::clock::Clock;
use smsbridge::domain::{Country, Operator, Order};
use smsbridge::mock::Settings;
use smsbridge::provider::{Capability, Effect, FaultKind, RentQuery};

use super::super::stage::easy;
use super::flat::{Flat, in_every_flat, on_market, order_of};

#[tokio::test]
async fn a_rent_costs_what_is_listed_and_lasts_its_hours() {
    in_every_flat(async |flat| {
        let listed = flat.rentals().offers(&flat.cx, &flat.query()).await.unwrap();
        assert!(listed.countries.contains(&Country(0)), "{:?}", listed.countries);
        assert!(listed.operators.iter().all(|name| name.as_str() != "any"));
        let offer = listed.services.iter().find(|offer| offer.service.as_str() == flat.service).unwrap();
        assert_eq!((offer.count, offer.country), (100, Country(0)));
        let bought = flat.rentals().rent(&flat.cx, &flat.order()).await.unwrap();
        let (lot, totals) = (flat.last_lot(), flat.market().totals());
        assert_eq!((totals.purchases, totals.charged), (1, offer.price.amount));
        assert!(bought.price.is_none_or(|price| price == offer.price), "{:?}", bought.price);
        assert_eq!((bought.upstream_id.as_str(), bought.phone.digits()), (&*lot.id, &*lot.phone));
        let end = flat.clock.now() + Duration::from_secs(u64::from(flat.hours) * 3600);
        assert_eq!((bought.expires_at, lot.expires_at), (Some(end), end));
        let again = flat.rentals().offers(&flat.cx, &flat.query()).await.unwrap();
        let left = again.services.iter().find(|offer| offer.service.as_str() == flat.service).unwrap();
        assert_eq!(left.count, 99);
    })
    .await;
}

/// Every request names the parameters of the document, and never the client's webhook.
#[tokio::test]
async fn the_client_s_webhook_is_not_passed_on() {
    in_every_flat(async |flat| {
        flat.rent().await;
        let requests = flat.upstream.requests();
        assert!(requests.iter().all(|line| !line.contains("url") && !line.contains("hook")), "{requests:?}");
    })
    .await;
}

#[tokio::test]
async fn an_operator_is_one_that_there_is() {
    in_every_flat(async |flat| {
        let operators = vec![Operator::parse("mts").unwrap()];
        let (order, query) = (flat.order(), flat.query());
        let (order, query) =
            (Order { operators: operators.clone(), ..order }, RentQuery { operators, ..query });
        let rented = flat.rentals().rent(&flat.cx, &order).await;
        let listed = flat.rentals().offers(&flat.cx, &query).await;
        if !flat.can(Capability::Operator) {
            assert_eq!(rented.unwrap_err().kind, FaultKind::UnknownOperator);
            assert_eq!(listed.unwrap_err().kind, FaultKind::UnknownOperator);
            return;
        }
        assert_eq!(flat.last_lot().operator.as_deref(), Some("mts"));
        assert!(rented.is_ok());
        let counts = |listed: smsbridge::provider::RentOffers| {
            listed.services.iter().find(|offer| offer.service.as_str() == flat.service).unwrap().count
        };
        let one = counts(listed.unwrap());
        let both = ["mts", "yota"].map(|name| Operator::parse(name).unwrap()).to_vec();
        let both = RentQuery { operators: both, ..flat.query() };
        let both = counts(flat.rentals().offers(&flat.cx, &both).await.unwrap());
        let all = counts(flat.rentals().offers(&flat.cx, &flat.query()).await.unwrap());
        assert!(0 < one && one < both && both < all, "{one} {both} {all}");
    })
    .await;
}

/// That this order is refused for certain, and nothing was rented.
async fn refused(flat: &Flat, order: &Order) -> FaultKind {
    let before = flat.market().totals();
    let fault = flat.rentals().rent(&flat.cx, order).await.unwrap_err();
    assert_eq!(fault.effect, Effect::None, "{fault}");
    assert_eq!(flat.market().totals(), before);
    fault.kind
}

#[tokio::test]
async fn what_nobody_rents_is_refused_before_anything_is_bought() {
    in_every_flat(async |flat| {
        if flat.spec.speaks_dialect {
            // It is asked with the client's own words, and says so itself.
            let nobody = order_of("zzz", 4);
            assert_eq!(refused(flat, &nobody).await, FaultKind::UnknownService);
            let elsewhere = Order { country: Country(1), ..flat.order() };
            assert_eq!(refused(flat, &elsewhere).await, FaultKind::NoStock);
            let elsewhere = RentQuery { country: Country(1), ..flat.query() };
            let listed = flat.rentals().offers(&flat.cx, &elsewhere).await;
            assert_eq!(listed.unwrap_err().kind, FaultKind::NoStock);
            return;
        }
        let orders = flat.upstream.orders();
        for hours in [0, 1, 5, 12, 25, 48, 1344] {
            assert_eq!(refused(flat, &order_of(flat.service, hours)).await, FaultKind::WrongHours, "{hours}");
            let query = RentQuery { hours, ..flat.query() };
            let listed = flat.rentals().offers(&flat.cx, &query).await;
            assert_eq!(listed.unwrap_err().kind, FaultKind::WrongHours, "{hours}");
        }
        let other = if flat.service == "full" { "tg" } else { "full" };
        assert_eq!(refused(flat, &order_of(other, flat.hours)).await, FaultKind::UnknownService);
        let nowhere = Order { country: Country(190), ..flat.order() };
        assert_eq!(refused(flat, &nowhere).await, FaultKind::UnknownCountry);
        let calls = Order { verification: true, ..flat.order() };
        let unsupported = FaultKind::Unsupported(Capability::Verification);
        assert_eq!(refused(flat, &calls).await, unsupported);
        let calls = RentQuery { incoming_call: true, ..flat.query() };
        assert_eq!(flat.rentals().offers(&flat.cx, &calls).await.unwrap_err().kind, unsupported);
        assert_eq!(flat.upstream.orders(), orders, "nothing was even asked for");
    })
    .await;
}

#[tokio::test]
async fn no_number_and_no_money_are_told_apart() {
    let poor = Settings { balance: 1.into(), ..easy() };
    on_market(poor, async |flat| {
        assert_eq!(refused(flat, &flat.order()).await, FaultKind::NoFunds);
        flat.sell_out();
        assert_eq!(refused(flat, &flat.order()).await, FaultKind::NoStock);
    })
    .await;
}
