//! Questions are asked again within their time, purchases and changes never; and lists that cannot be had are answered as
//! they last were, for as long as that is configured.

use std::future::Future;
use std::time::{Duration, Instant};

use smsbridge::mock::{FaultPlan, Mishap};

use super::{MISHAPS, kinds, orders, stocked, upstream};
use crate::harness::{Bridge, trip};

/// Lets time pass until it is answered.
async fn in_time<T>(bridge: &Bridge, asking: impl Future<Output = T>) -> T {
    let passing = async {
        loop {
            tokio::time::sleep(Duration::from_millis(2)).await;
            bridge.clock.advance(Duration::from_millis(100));
        }
    };
    tokio::select! {
        answer = asking => answer,
        () = passing => unreachable!(),
    }
}

#[tokio::test]
async fn a_question_that_failed_is_asked_once_more() {
    for kind in kinds() {
        for (mishap, _) in MISHAPS {
            let place = format!("{kind} {mishap:?}");
            let world = stocked(kind, "read_retries = 1\n").await;
            let (bridge, balance) = (&world.bridge, upstream(&world).names().balance);
            // What has come whole is read by the kind, which asks nothing twice.
            let whole = matches!(mishap, Mishap::TooManyRequests | Mishap::EmptyBody);
            if mishap == Mishap::CutBody {
                // Half of what is no JSON may be an amount.
                continue;
            }
            upstream(&world).fault(FaultPlan::once(mishap).on(balance));
            let answer = in_time(bridge, bridge.ask("action=getBalance")).await;
            assert_eq!(answer.starts_with("ACCESS_BALANCE:"), !whole, "{place}: {answer}");
            assert_eq!(upstream(&world).calls(balance), if whole { 1 } else { 2 }, "{place}");
            upstream(&world).fault(FaultPlan::once(Mishap::ServerError).on(balance).times(3));
            let asked = upstream(&world).calls(balance);
            assert_eq!(in_time(bridge, bridge.ask("action=getBalance")).await, "ERROR_SQL", "{place}");
            assert_eq!(upstream(&world).calls(balance) - asked, 2, "{place}");
            world.end().await;
        }
    }
}

#[tokio::test]
async fn what_buys_or_changes_something_is_never_sent_again() {
    for kind in kinds() {
        for (mishap, _) in MISHAPS {
            let place = format!("{kind} {mishap:?}");
            let world = stocked(kind, "read_retries = 3\n").await;
            let bridge = &world.bridge;
            let (id, _) = bridge.order("service=tg&country=0").await;
            trip(upstream(&world), mishap, upstream(&world).names().order);
            let order = bridge.ask("action=getNumber&service=tg&country=0");
            assert_eq!(in_time(bridge, order).await, "ERROR_SQL", "{place}");
            assert_eq!(orders(upstream(&world)), 2, "{place}");
            trip(upstream(&world), mishap, upstream(&world).names().change);
            assert_eq!(in_time(bridge, bridge.set(&id, "8")).await, "ERROR_SQL", "{place}");
            assert_eq!(upstream(&world).changes(), 1, "{place}");
            world.end().await;
        }
    }
}

#[tokio::test]
async fn lists_are_answered_as_they_last_were_for_so_long_and_balances_never() {
    let table = [
        ("sms-activate", "getPrices&service=tg&country=0"),
        ("sms-activate", "getNumbersStatus&country=0"),
        ("sms-activate", "getOperators&country=0"),
        ("sms-activate", "getCountries"),
        ("sms-activate", "getServicesList"),
        ("sms-activate", "getTopCountriesByService&service=tg"),
        ("sms-activate", "getRentServicesAndCountries&rent_time=4"),
        ("vak-sms", "getPrices&service=tg&country=0"),
        ("vak-sms", "getNumbersStatus&country=0"),
        ("smsak", "getPrices&service=tg&country=0"),
        ("sms-man", "getPrices&service=tg&country=0"),
        ("sms-service-online", "getPrices&service=tg&country=0"),
    ];
    for (kind, query) in table {
        for (mishap, _) in MISHAPS {
            let place = format!("{kind} {query} {mishap:?}");
            let world = stocked(kind, "stale_for = \"1h\"\n").await;
            let (bridge, query) = (&world.bridge, format!("action={query}"));
            let fresh = bridge.get(&query).await;
            assert_eq!(
                (fresh.body != "ERROR_SQL", fresh.header("x-smsbridge-detail")),
                (true, None),
                "{place}"
            );
            upstream(&world).fault(FaultPlan::once(mishap).times(100));
            for (later, age) in [(12 * 60, "12m"), (48 * 60 - 1, "1h")] {
                bridge.advance(later);
                let stale = bridge.get(&query).await;
                assert_eq!(stale.body, fresh.body, "{place}");
                let detail = stale.header("x-smsbridge-detail").unwrap_or_default();
                assert!(detail.starts_with(&format!("as of {age} ago, since")), "{place}: {detail}");
            }
            // Half of what is no JSON may be an amount.
            if mishap != Mishap::CutBody {
                assert_eq!(bridge.ask("action=getBalance").await, "ERROR_SQL", "{place}");
            }
            bridge.advance(1);
            assert!(bridge.get(&query).await.body.contains("ERROR"), "{place}");
            world.end().await;
        }
    }
}

#[tokio::test]
async fn no_list_stands_in_where_none_is_to() {
    let world = stocked("sms-activate", "stale_for = \"0s\"\n").await;
    let ask = async || world.bridge.ask("action=getPrices&service=tg&country=0").await;
    assert!(ask().await.starts_with("{"));
    upstream(&world).fault(FaultPlan::once(Mishap::ServerError).times(100));
    world.bridge.advance(60);
    assert_eq!(ask().await, "ERROR_SQL");
}

#[tokio::test]
async fn a_cap_is_held_against_no_old_price() {
    // Neither knows caps itself.
    for kind in ["vak-sms", "smsak"] {
        let world = stocked(kind, "").await;
        let bridge = &world.bridge;
        bridge.ask("action=getPrices&service=tg&country=0").await;
        bridge.order("service=tg&country=0").await;
        bridge.advance(60);
        upstream(&world).fault(FaultPlan::once(Mishap::ServerError).times(100));
        let asked = orders(upstream(&world));
        let answer = bridge.ask("action=getNumber&service=tg&country=0&maxPrice=500").await;
        assert_eq!((answer.as_str(), orders(upstream(&world))), ("ERROR_SQL", asked), "{kind}");
    }
}

#[tokio::test]
async fn calls_wait_for_one_another_where_only_one_may_be_under_way() {
    let world = stocked("sms-activate", "max_concurrent = 1\n").await;
    let slow = Mishap::Latency(Duration::from_millis(300));
    upstream(&world).fault(FaultPlan::once(slow).on("getBalance").times(2));
    let (from, ask) = (Instant::now(), || world.bridge.ask("action=getBalance"));
    let (one, other) = tokio::join!(ask(), ask());
    assert!(one.starts_with("ACCESS_BALANCE:") && other.starts_with("ACCESS_BALANCE:"), "{one} {other}");
    assert!(from.elapsed() >= Duration::from_millis(600), "{:?}", from.elapsed());
}
