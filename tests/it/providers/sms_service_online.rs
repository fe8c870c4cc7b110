//! What only SMS-Service-Online brings along: prices of 0, one word for every refusal, and a currency that
//! every request names. Source: `api/sms-service-online.txt`; `UPSTREAMS.md` sections 3 and 6b.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rust_decimal::Decimal;

use crate::harness::{Books, Bridge, Canned, World};

const KIND: &str = "sms-service-online";

#[tokio::test]
async fn the_price_of_what_is_out_of_stock_is_none() {
    let world = World::of(KIND).await;
    let upstream = world.upstream.as_ref().unwrap();
    upstream.market().set_stock("0", "tg", 0);
    let listed = world.bridge.ask("action=getPrices&service=tg&country=0").await;
    assert_eq!(listed, r#"{"0":{"tg":{"cost":0,"count":0}}}"#);
    let capped = "action=getNumber&service=tg&country=0&maxPrice=1000";
    assert_eq!(world.bridge.ask(capped).await, "NO_NUMBERS");
    assert_eq!(upstream.orders(), 0, "a cap was held against no price");
    // It is in stock again while the list is still kept.
    upstream.market().set_stock("0", "tg", 10);
    world.bridge.order("service=tg&country=0").await;
    let home = world.bridge.stop().await.unwrap();
    let clock = smsbridge::clock::MovableClock::standing();
    let books = Books::read(home.path(), &clock).await;
    assert_eq!(books.activations.iter().map(|sold| sold.price).collect::<Vec<_>>(), [None]);
}

#[tokio::test]
async fn every_request_names_the_currency() {
    for (line, lang) in [("", "lang=ru"), ("lang = \"en\"\n[dialect.rates]\nUSD = 80", "lang=en")] {
        let world = World::with(KIND, &[], line).await;
        let (id, _) = world.bridge.order("service=tg&country=0&lang=fr&maxPrice=1000").await;
        assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE");
        assert_eq!(world.bridge.set(&id, "8").await, "ACCESS_CANCEL");
        for query in ["action=getBalance", "action=getOperators", "action=getPrices&country=1"] {
            world.bridge.ask(query).await;
        }
        let requests = world.upstream.as_ref().unwrap().requests();
        assert!(requests.len() >= 7 && requests.iter().all(|asked| asked.ends_with(lang)), "{requests:?}");
        world.end().await;
    }
}

/// A server on an upstream that sells a number, answers `state` to getStatus and refuses every setStatus.
async fn refusing(state: &'static str) -> (Canned, Bridge, String) {
    let upstream = Canned::answering(move |target| {
        let answer = match target {
            _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:234242:79991728822",
            _ if target.contains("action=getStatus&") => state,
            _ if target.contains("action=setStatus") => "BAD_ACTION",
            _ => "[]",
        };
        (200, answer.to_owned())
    })
    .await;
    let bridge = Bridge::start(&configuration(&upstream)).await;
    let (id, _) = bridge.order("service=tg&country=0").await;
    (upstream, bridge, id)
}

fn configuration(upstream: &Canned) -> String {
    format!("[provider.main]\nkind = \"{KIND}\"\nbase_url = \"{}\"\napi_key = \"mock-key\"\n", upstream.url())
}

#[tokio::test]
async fn only_a_code_makes_a_refused_cancellation_a_bad_status() {
    // Some software answers BAD_STATUS with 6, finish and pay (UPSTREAMS.md section 5).
    for (state, word) in [
        ("STATUS_WAIT_CODE", "EARLY_CANCEL_DENIED"),
        ("STATUS_OK:4711", "BAD_STATUS"),
        ("STATUS_CANCEL", "ACCESS_CANCEL"),
        ("ERROR_SQL", "ERROR_SQL"),
        ("<html>", "ERROR_SQL"),
    ] {
        for status in ["8", "-1"] {
            let (upstream, bridge, id) = refusing(state).await;
            assert_eq!(bridge.set(&id, status).await, word, "{state}: {status}");
            let told = upstream.asked().into_iter().filter(|asked| asked.contains("setStatus"));
            assert_eq!(told.count(), 1, "{state}: {status}");
        }
    }
}

#[tokio::test]
async fn an_order_is_done_or_certainly_not_or_in_doubt() {
    for (says, hears, in_doubt) in [
        ("NO_NUMBERS", "NO_NUMBERS", false),
        ("NO_BALANCE", "NO_BALANCE", false),
        ("BAD_KEY", "BAD_KEY", false),
        ("BAD_LANG", "ERROR_SQL", false),
        ("BAD_ACTION", "ERROR_SQL", false),
        ("ERROR_SQL", "ERROR_SQL", true),
        ("SOMETHING_NEW", "ERROR_SQL", true),
        ("ACCESS_NUMBER:234242", "ERROR_SQL", true),
        ("", "ERROR_SQL", true),
    ] {
        let upstream = Canned::answering(move |target| {
            (200, if target.contains("getNumber&") { says } else { "[]" }.to_owned())
        })
        .await;
        let bridge = Bridge::start(&configuration(&upstream)).await;
        assert_eq!(bridge.ask("action=getNumber&service=tg&country=0").await, hears, "{says}");
        let orders = upstream.asked().iter().filter(|asked| asked.contains("getNumber&")).count();
        let clock = bridge.clock.clone();
        let home = bridge.stop().await.unwrap();
        let books = Books::read(home.path(), &clock).await;
        assert_eq!((orders, books.doubts.len()), (1, usize::from(in_doubt)), "{says}");
        assert_eq!(books.paid(), Decimal::ZERO, "{says}");
    }
}

/// A server on an upstream that sells a number and shows its code; then the client asks for another one, and
/// of that the answer is lost. What is shown after it is `after`.
async fn asked_in_vain(after: &'static str) -> (Canned, Bridge, String) {
    let told = Arc::new(AtomicBool::new(false));
    let upstream = Canned::answering(move |target| {
        let answer = match target {
            _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:234242:79991728822",
            _ if target.contains("action=setStatus") && told.swap(true, Ordering::SeqCst) => {
                "ACCESS_RETRY_GET"
            }
            _ if target.contains("action=setStatus") => "",
            _ if target.contains("action=getStatus&") && told.load(Ordering::SeqCst) => after,
            _ if target.contains("action=getStatus&") => "STATUS_OK:4711",
            _ => "[]",
        };
        (200, answer.to_owned())
    })
    .await;
    let bridge = Bridge::start(&configuration(&upstream)).await;
    let (id, _) = bridge.order("service=tg&country=0").await;
    assert_eq!(bridge.status(&id).await, "STATUS_OK:4711");
    assert_eq!(bridge.set(&id, "3").await, "ERROR_SQL");
    (upstream, bridge, id)
}

#[tokio::test]
async fn another_message_that_costs_again_is_not_asked_for_twice() {
    for (after, times, then) in [
        ("STATUS_WAIT_CODE", 1, "STATUS_WAIT_RETRY:4711"),
        ("STATUS_OK:0815", 1, "STATUS_OK:0815"),
        ("STATUS_OK:4711", 2, "STATUS_WAIT_RETRY:4711"),
    ] {
        let (upstream, bridge, id) = asked_in_vain(after).await;
        assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET", "{after}");
        let told = upstream.asked().into_iter().filter(|asked| asked.contains("setStatus"));
        assert_eq!(told.count(), times, "{after}");
        assert_eq!(bridge.status(&id).await, then, "{after}");
    }
    let (upstream, bridge, id) = asked_in_vain("ERROR_SQL").await;
    assert_eq!(bridge.set(&id, "3").await, "ERROR_SQL");
    let told = upstream.asked().into_iter().filter(|asked| asked.contains("setStatus"));
    assert_eq!(told.count(), 1, "nobody knows what has become of the first");
}

#[tokio::test]
async fn who_waits_for_another_code_does_not_wait_for_ever() {
    let upstream = Canned::answering(|target| {
        let answer = match target {
            _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:234242:79991728822",
            _ if target.contains("action=setStatus") => "ACCESS_RETRY_GET",
            _ if target.contains("action=getStatus&") => "STATUS_OK:4711",
            _ => "[]",
        };
        (200, answer.to_owned())
    })
    .await;
    let bridge = Bridge::start(&configuration(&upstream)).await;
    let (id, _) = bridge.order("service=tg&country=0").await;
    assert_eq!(bridge.status(&id).await, "STATUS_OK:4711");
    assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
    bridge.advance(20 * 60 - 1);
    assert_eq!(bridge.status(&id).await, "STATUS_WAIT_RETRY:4711");
    bridge.advance(2);
    assert_eq!(bridge.status(&id).await, "STATUS_CANCEL");
    let asked = upstream.asked().len();
    bridge.advance(60);
    assert_eq!(bridge.status(&id).await, "STATUS_CANCEL");
    assert_eq!(upstream.asked().len(), asked);
}
