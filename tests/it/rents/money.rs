//! A rent is asked for once, and more time for it is: what may have been bought is in doubt, and what nobody waited
//! for is not bought twice.

use smsbridge::domain::{ActivationId, Origin, State};
use smsbridge::provider::{Fault, FaultKind};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{DONE, House, cost, error, more, rent, set, status};

fn lost() -> Fault {
    Fault::new(FaultKind::TimedOut, "no answer came").in_doubt()
}

/// Asks, and hangs up while the landlord takes its time over it.
async fn hang_up(house: &House, query: &str, call: &str) {
    let before = house.landlord.asked(call);
    let door = house.landlord.door.acquire().await.unwrap();
    let mut stream = TcpStream::connect(house.bridge.addr).await.unwrap();
    let request =
        format!("GET /stubs/handler_api.php?api_key=any&action={query} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    while house.landlord.asked(call) == before {
        tokio::task::yield_now().await;
    }
    drop(stream);
    // The server notices the closed connection before it reads what comes after it.
    house.bridge.ask("action=getBalance").await;
    drop(door);
}

#[tokio::test]
async fn an_order_whose_answer_was_lost_is_in_doubt_and_not_sent_again() {
    let house = House::new().await;
    house.landlord.fails("rent", lost());
    assert_eq!(house.bridge.ask("action=getRentNumber&service=tg&rent_time=24").await, error("SQL_ERROR"));
    assert_eq!(house.landlord.asked("rent"), 1);
    assert_eq!(house.bridge.ask("action=getRentList").await, error("NO_NUMBERS"));
    // The next one is a new one.
    rent(&house).await;
    assert_eq!(house.landlord.asked("rent"), 2);
    let books = house.books().await;
    assert_eq!(books.doubts.len(), 1);
    let order = &books.doubts[0].intent.order;
    assert_eq!((order.origin, order.rent.as_ref().unwrap().hours), (Origin::Shelf, 24));
}

#[tokio::test]
async fn more_time_whose_answer_was_lost_is_in_doubt_and_not_sent_again() {
    let house = House::new().await;
    let id = rent(&house).await;
    house.landlord.fails("prolong", lost());
    assert_eq!(more(&house, &id).await, error("SERVER_ERROR"));
    assert_eq!(house.landlord.asked("prolong"), 1);
    // Nothing is claimed of what may have been bought.
    house.bridge.advance(4 * 3600);
    assert_eq!(status(&house, &id).await, error("STATUS_FINISH"));
    let parent = ActivationId::parse(&id).unwrap();
    let books = house.books().await;
    assert_eq!(books.doubts.len(), 1);
    assert_eq!(books.doubts[0].intent.order.origin, Origin::Continued(parent));
}

#[tokio::test]
async fn every_purchase_keeps_its_price_also_where_the_upstream_names_none() {
    for tells in [true, false] {
        let house = House::with("", tells).await;
        let id = rent(&house).await;
        let answer = more(&house, &id).await;
        assert!(answer.contains("T08:00:00"), "{answer}");
        let id: i64 = id.parse().unwrap();
        let found = house.purchases(&[id, id + 1]).await;
        let [Some(rent), Some(longer)] = &found[..] else { panic!("{found:?}") };
        assert_eq!((rent.price, longer.price), (Some(cost(4)), Some(cost(4))), "tells: {tells}");
        assert_eq!((rent.state, longer.state), (State::Waiting, State::Finished));
        assert_eq!(rent.expires_at, longer.expires_at);
        assert_eq!(longer.rent.as_ref().unwrap().prolongs, Some(rent.id));
    }
}

#[tokio::test]
async fn a_rent_that_nobody_waited_for_is_the_next_identical_order() {
    let house = House::new().await;
    hang_up(&house, "getRentNumber&service=tg", "rent").await;
    let id = loop {
        let list = house.bridge.json("action=getRentList").await;
        if let Some(id) = list["values"]["0"]["id"].as_str() {
            break id.to_owned();
        }
        tokio::task::yield_now().await;
    };
    // Messages come to a rent by and by, which makes no other of it.
    house.landlord.shows_codes(&["1"]);
    assert!(status(&house, &id).await.contains("success"));
    assert_eq!(rent(&house).await, id);
    assert_eq!(house.landlord.asked("rent"), 1);
    rent(&house).await;
    assert_eq!(house.landlord.asked("rent"), 2);
}

#[tokio::test]
async fn a_rent_that_nobody_comes_back_for_is_cancelled() {
    let house = House::new().await;
    hang_up(&house, "getRentNumber&service=tg", "rent").await;
    while house.bridge.ask("action=getRentList").await == error("NO_NUMBERS") {
        tokio::task::yield_now().await;
    }
    house.bridge.tidy().await;
    assert_eq!(house.landlord.asked("cancel"), 0, "it may still be asked for");
    for _ in 0..2 {
        // On its way into the ledger the purchase may have been a moment behind the clock.
        house.bridge.advance(61);
        house.bridge.tidy().await;
    }
    assert_eq!(house.landlord.asked("cancel"), 1);
    assert_eq!(house.bridge.ask("action=getRentList").await, error("NO_NUMBERS"));
}

#[tokio::test]
async fn more_time_that_nobody_waited_for_is_not_bought_twice() {
    let house = House::new().await;
    let id = rent(&house).await;
    hang_up(&house, &format!("continueRentNumber&id={id}&rent_time=4"), "prolong").await;
    let answer = more(&house, &id).await;
    assert!(answer.contains("T08:00:00"), "{answer}");
    assert_eq!(house.landlord.asked("prolong"), 1);
    // Who asks once more wants more.
    let answer = more(&house, &id).await;
    assert!(answer.contains("T12:00:00"), "{answer}");
    assert_eq!(house.landlord.asked("prolong"), 2);
}

#[tokio::test]
async fn a_rent_does_not_end_while_more_time_is_bought_for_it() {
    let house = House::new().await;
    let id = rent(&house).await;
    house.bridge.advance(4 * 3600 - 1);
    let query = format!("action=continueRentNumber&id={id}&rent_time=4");
    let door = house.landlord.door.acquire().await.unwrap();
    let asks = house.bridge.ask(&query);
    let meanwhile = async {
        while house.landlord.asked("prolong") == 0 {
            tokio::task::yield_now().await;
        }
        house.bridge.advance(2);
        house.bridge.tidy().await;
        assert_eq!(status(&house, &id).await, error("STATUS_WAIT_CODE"));
        drop(door);
    };
    let (answer, ()) = tokio::join!(asks, meanwhile);
    assert!(answer.contains("T08:00:00"), "{answer}");
    assert_eq!(status(&house, &id).await, error("STATUS_WAIT_CODE"));
}

/// What is paid for and cannot go back is better handed out than bought once more.
#[tokio::test]
async fn a_rent_that_cannot_go_back_stays_the_next_identical_order_for_a_while() {
    for (seconds, orders) in [(15 * 60, 1), (25 * 60, 2)] {
        let house = House::new().await;
        hang_up(&house, "getRentNumber&service=tg", "rent").await;
        while house.bridge.ask("action=getRentList").await == error("NO_NUMBERS") {
            tokio::task::yield_now().await;
        }
        for _ in 0..3 {
            house.landlord.fails("cancel", Fault::new(FaultKind::BadStatus, "not here"));
        }
        for _ in 0..2 {
            house.bridge.advance(61);
            house.bridge.tidy().await;
        }
        assert_eq!(house.landlord.asked("cancel"), 1);
        house.bridge.advance(seconds);
        house.bridge.tidy().await;
        rent(&house).await;
        assert_eq!(house.landlord.asked("rent"), orders, "after {seconds} s");
    }
}

#[tokio::test]
async fn more_time_that_nobody_waited_for_cannot_go_back_either() {
    for (minutes, times) in [(15, 1), (40, 2)] {
        let house = House::new().await;
        let id = rent(&house).await;
        hang_up(&house, &format!("continueRentNumber&id={id}&rent_time=4"), "prolong").await;
        for _ in 0..minutes {
            // On its way into the ledger the purchase may be some moments behind the clock.
            house.bridge.ask("action=getHistory").await;
            house.bridge.advance(60);
            house.bridge.tidy().await;
        }
        more(&house, &id).await;
        assert_eq!(house.landlord.asked("prolong"), times, "after {minutes} minutes");
    }
}

/// Else what was paid for would be written to a rent that does not live any more.
#[tokio::test]
async fn more_time_for_a_rent_that_ended_meanwhile_is_a_rent_of_its_own() {
    let house = House::new().await;
    let id = rent(&house).await;
    house.landlord.shows_codes(&["11"]);
    assert!(status(&house, &id).await.contains("success"));
    let door = house.landlord.door.acquire().await.unwrap();
    let asks = more(&house, &id);
    let meanwhile = async {
        while house.landlord.asked("prolong") == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(set(&house, &id, 1).await, DONE);
        drop(door);
    };
    let (answer, ()) = tokio::join!(asks, meanwhile);
    assert!(answer.contains("success"), "{answer}");
    let list = house.bridge.json("action=getRentList").await;
    let other = list["values"]["0"]["id"].as_str().unwrap_or_else(|| panic!("{list}")).to_owned();
    assert_ne!(other, id);
    // What came before is no news of it.
    assert!(status(&house, &other).await.contains(r#""quantity":"1""#));
    house.landlord.shows_codes(&["11", "12"]);
    house.bridge.advance(1);
    assert!(status(&house, &other).await.contains(r#""quantity":"2""#));
}

/// Two wishes at once, to an upstream that says no end: each of them is paid for.
#[tokio::test]
async fn more_time_twice_at_once_is_twice_the_time() {
    let house = House::with("", false).await;
    let id = rent(&house).await;
    let (one, other) = tokio::join!(more(&house, &id), more(&house, &id));
    assert!(one.contains("success") && other.contains("success"), "{one} {other}");
    assert_eq!(house.landlord.asked("prolong"), 2);
    house.bridge.advance(12 * 3600 - 61);
    assert_eq!(status(&house, &id).await, error("STATUS_WAIT_CODE"));
    house.bridge.advance(61);
    assert_eq!(status(&house, &id).await, error("STATUS_FINISH"));
}

/// Nothing stands between a purchase and the ledger.
#[tokio::test]
async fn a_rent_is_written_down_before_anything_else_is_done_for_it() {
    let house = House::new().await;
    let gate = house.landlord.gate.acquire().await.unwrap();
    let meanwhile = async {
        while house.landlord.asked("begin") == 0 {
            tokio::task::yield_now().await;
        }
        let list = house.bridge.json("action=getRentList").await;
        drop(gate);
        list["values"]["0"]["id"].as_str().map(str::to_owned)
    };
    let (id, listed) = tokio::join!(rent(&house), meanwhile);
    assert_eq!(listed, Some(id.clone()));
    more(&house, &id).await;
    assert_eq!(house.landlord.asked("begin"), 1);
}
