//! How seldom upstreams are asked however many clients ask, and what becomes of work whose client, or whose
//! server, goes away.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use smsbridge::mock::{Mishap, Running};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::harness::{Books, Bridge, World, get, trip};

/// The kinds with an upstream, and its action behind `getStatus`.
const POLLED: [(&str, &str); 6] = [
    ("vak-sms", "getSmsCode"),
    ("smsak", "all-sms"),
    ("sms-service-online", "getStatus"),
    ("sms-man", "getStatus"),
    ("sms-man-v2", "get-sms"),
    ("sms-activate", "getStatus"),
];

const CROWD: usize = 50;

fn upstream(world: &World) -> &Running {
    world.upstream.as_ref().unwrap()
}

async fn crowd<T>(one: impl AsyncFn() -> T) -> Vec<T> {
    join_all((0..CROWD).map(|_| one())).await
}

/// Waits for what happens on another task; fails after a minute instead of hanging.
async fn until(what: &str, mut happened: impl AsyncFnMut() -> bool) {
    let waited = async {
        while !happened().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(60), waited).await.is_ok(), "{what} never happened");
}

#[tokio::test]
async fn a_crowd_polling_one_activation_asks_once_an_interval() {
    for (kind, action) in POLLED {
        for (line, interval) in [("", 1), ("poll_interval = \"7s\"", 7)] {
            let world = World::with(kind, &[], line).await;
            let (id, _) = world.bridge.order("service=tg&country=0").await;
            for round in 1..=3 {
                let answers = crowd(async || world.bridge.status(&id).await).await;
                let first = answers[0].clone();
                assert!(answers.iter().all(|answer| *answer == first), "{kind}: {answers:?}");
                assert_eq!(upstream(&world).calls(action), round, "{kind} {interval}");
                if first != "STATUS_WAIT_CODE" {
                    break;
                }
                world.bridge.clock.advance(Duration::from_millis(interval * 1000 - 1));
                assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE", "{kind}");
                assert_eq!(upstream(&world).calls(action), round, "{kind} {interval}");
                world.bridge.clock.advance(Duration::from_millis(1));
            }
            world.end().await;
        }
    }
}

#[tokio::test]
async fn a_received_code_is_answered_without_any_question_until_another_is_asked_for() {
    for (kind, action) in POLLED {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        let code = world.bridge.status(&id).await;
        assert!(code.starts_with("STATUS_OK:"), "{kind}: {code}");
        let asked = upstream(&world).requests().len();
        for _ in 0..3 {
            world.bridge.advance(60);
            let answers = crowd(async || world.bridge.status(&id).await).await;
            assert!(answers.iter().all(|answer| *answer == code), "{kind}");
        }
        assert_eq!(upstream(&world).requests().len(), asked, "{kind}");
        let polled = upstream(&world).calls(action);
        assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET", "{kind}");
        crowd(async || world.bridge.status(&id).await).await;
        assert_eq!(upstream(&world).calls(action), polled + 1, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn what_has_ended_is_never_asked_about() {
    for (kind, _) in POLLED {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        assert_eq!(world.bridge.set(&id, "8").await, "ACCESS_CANCEL", "{kind}");
        let asked = upstream(&world).requests().len();
        world.bridge.advance(3600);
        for query in ["getStatus", "getStatusV2", "getFullSms"] {
            assert_eq!(world.bridge.ask(&format!("action={query}&id={id}")).await, "STATUS_CANCEL", "{kind}");
        }
        world.bridge.ask("action=getHistory").await;
        world.bridge.ask("action=getActiveActivations").await;
        assert_eq!(upstream(&world).requests().len(), asked, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn price_lists_are_fetched_once_per_time_to_live() {
    let world = World::with("vak-sms", &[], "list_ttl = \"30s\"").await;
    let calls = || upstream(&world).calls("getCountNumberList");
    let bridge = &world.bridge;
    // The document's table has 33 countries, and a list is of one country.
    let answers = crowd(async || bridge.ask("action=getPrices").await).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(calls(), 33);
    for query in [
        "getPrices&country=0",
        "getPrices&service=tg",
        "getPrices&service=tg&country=6",
        "getNumbersStatus&country=0",
        "getTopCountriesByService&service=tg",
    ] {
        crowd(async || bridge.ask(&format!("action={query}")).await).await;
        assert_eq!(calls(), 33, "{query}");
    }
    bridge.clock.advance(Duration::from_millis(29_999));
    bridge.ask("action=getPrices").await;
    assert_eq!(calls(), 33);
    bridge.clock.advance(Duration::from_millis(1));
    crowd(async || bridge.ask("action=getPrices&country=0").await).await;
    assert_eq!(calls(), 34);
    crowd(async || bridge.ask("action=getPrices").await).await;
    assert_eq!(calls(), 66);
    world.end().await;
}

#[tokio::test]
async fn lists_of_a_compatible_service_are_fetched_once_per_time_to_live() {
    let table = [
        ("getPrices&service=tg", "getPrices"),
        ("getNumbersStatus&country=0", "getNumbersStatus"),
        ("getCountries", "getCountries"),
        ("getOperators&country=0", "getOperators"),
        ("getTopCountriesByService&service=tg", "getTopCountriesByService"),
        ("getServicesList", "getServicesList"),
    ];
    let world = World::of("sms-activate").await;
    for (query, action) in table {
        let ask = async || world.bridge.ask(&format!("action={query}")).await;
        let answers = crowd(&ask).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{query}");
        assert_eq!(upstream(&world).calls(action), 1, "{query}");
        world.bridge.clock.advance(Duration::from_millis(59_999));
        ask().await;
        assert_eq!(upstream(&world).calls(action), 1, "{query}");
        world.bridge.clock.advance(Duration::from_millis(1));
        crowd(&ask).await;
        assert_eq!(upstream(&world).calls(action), 2, "{query}");
    }
    // A balance is never kept: people look at it after every order.
    crowd(async || world.bridge.ask("action=getBalance").await).await;
    assert_eq!(upstream(&world).calls("getBalance"), CROWD as u64);
    world.end().await;
}

#[tokio::test]
async fn two_identical_orders_at_once_are_two_numbers() {
    for (kind, _) in POLLED {
        let world = World::of(kind).await;
        let (one, other) = tokio::join!(
            world.bridge.order("service=tg&country=0"),
            world.bridge.order("service=tg&country=0")
        );
        assert_ne!(one.0, other.0, "{kind}");
        assert_ne!(one.1, other.1, "{kind}");
        assert_eq!(upstream(&world).orders(), 2, "{kind}");
        world.end().await;
    }
}

/// Sends an order and hangs up as soon as the upstream has it, long before it answers.
async fn order_and_hang_up(world: &World) {
    let before = upstream(world).orders();
    let slow = Mishap::Latency(Duration::from_millis(300));
    trip(upstream(world), slow, upstream(world).names().order);
    let mut stream = TcpStream::connect(world.bridge.addr).await.unwrap();
    let request = "GET /stubs/handler_api.php?api_key=any&action=getNumber&service=tg&country=0 HTTP/1.1\r\n\
                   Host: localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    until("the order", async || upstream(world).orders() > before).await;
    drop(stream);
}

#[tokio::test]
async fn a_number_whose_client_hung_up_is_handed_to_its_next_identical_order() {
    for (kind, _) in POLLED {
        let world = World::of(kind).await;
        order_and_hang_up(&world).await;
        let bridge = &world.bridge;
        // It is in the ledger first, and then kept for the next order.
        until("the purchase", async || bridge.ask("action=getHistory").await != "[]").await;
        bridge.ask("action=getBalance").await;
        assert_eq!(upstream(&world).market().lots().len(), 1, "{kind}");
        let (handed, phone) = bridge.order("service=tg&country=0").await;
        assert_eq!(upstream(&world).orders(), 1, "{kind}");
        assert_eq!(phone, upstream(&world).market().lots()[0].phone, "{kind}");
        let (next, _) = bridge.order("service=tg&country=0").await;
        assert_eq!(upstream(&world).orders(), 2, "{kind}");
        assert_ne!(next, handed, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_number_that_its_client_found_by_itself_is_not_handed_to_it_as_a_new_one() {
    for (kind, _) in POLLED {
        let world = World::of(kind).await;
        order_and_hang_up(&world).await;
        let bridge = &world.bridge;
        until("the purchase", async || bridge.ask("action=getHistory").await != "[]").await;
        let active = bridge.json("action=getActiveActivations").await;
        let (next, _) = bridge.order("service=tg&country=0").await;
        assert_eq!(upstream(&world).orders(), 2, "{kind}");
        assert_ne!(next, active["activeActivations"][0]["activationId"], "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn nor_is_one_that_its_client_asked_about_or_did_something_with() {
    for (kind, _) in POLLED {
        for action in ["getStatus", "setStatus&status=1"] {
            let world = World::of(kind).await;
            order_and_hang_up(&world).await;
            let bridge = &world.bridge;
            until("the purchase", async || bridge.ask("action=getHistory").await != "[]").await;
            let id = bridge.json("action=getHistory").await[0]["id"].clone();
            bridge.ask(&format!("action={action}&id={id}")).await;
            let (next, _) = bridge.order("service=tg&country=0").await;
            assert_eq!(upstream(&world).orders(), 2, "{kind} {action}");
            assert_ne!(next, id.to_string(), "{kind} {action}");
            world.end().await;
        }
    }
}

async fn stop(bridge: Bridge) -> Books {
    let clock = Arc::clone(&bridge.clock);
    let home = bridge.stop().await.unwrap();
    Books::read(home.path(), &clock).await
}

#[tokio::test]
async fn a_purchase_whose_client_hung_up_is_settled_before_the_server_stops() {
    for (kind, _) in POLLED {
        let world = World::of(kind).await;
        order_and_hang_up(&world).await;
        let books = stop(world.bridge).await;
        let lots = world.upstream.as_ref().unwrap().market().lots();
        assert_eq!((lots.len(), books.activations.len(), books.doubts.len()), (1, 1, 0), "{kind}");
        assert_eq!(books.activations[0].upstream_id, lots[0].id, "{kind}");
        assert_eq!(books.paid(), lots[0].price, "{kind}");
    }
}

#[tokio::test]
async fn a_stopping_server_finishes_what_it_has_begun_and_answers_it() {
    for (kind, _) in POLLED {
        let world = World::of(kind).await;
        let slow = Mishap::Latency(Duration::from_millis(300));
        trip(upstream(&world), slow, upstream(&world).names().order);
        let addr = world.bridge.addr;
        let order = "/stubs/handler_api.php?api_key=any&action=getNumber&service=tg&country=0";
        let client = tokio::spawn(async move { get(addr, order, &[]).await.body });
        until("the order", async || upstream(&world).orders() == 1).await;
        let books = stop(world.bridge).await;
        let lot = world.upstream.as_ref().unwrap().market().lots().pop().unwrap();
        let id = books.activations[0].id;
        assert_eq!(client.await.unwrap(), format!("ACCESS_NUMBER:{id}:{}", lot.phone), "{kind}");
        assert_eq!((books.activations.len(), books.doubts.len()), (1, 0), "{kind}");
        assert_eq!(books.paid(), lot.price, "{kind}");
        // Nobody listens there any more.
        assert!(TcpStream::connect(addr).await.is_err(), "{kind}");
    }
}

#[tokio::test]
async fn a_cancel_whose_client_hung_up_is_carried_out_and_written_down() {
    for (kind, _) in POLLED {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let slow = Mishap::Latency(Duration::from_millis(300));
        trip(upstream(&world), slow, upstream(&world).names().change);
        let mut stream = TcpStream::connect(world.bridge.addr).await.unwrap();
        let query = format!("api_key=any&action=setStatus&status=8&id={id}");
        let request = format!("GET /stubs/handler_api.php?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        until("the cancel", async || upstream(&world).changes() == 1).await;
        drop(stream);
        assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL", "{kind}");
        let books = stop(world.bridge).await;
        assert_eq!(books.paid(), world.upstream.as_ref().unwrap().market().totals().charged, "{kind}");
    }
}
