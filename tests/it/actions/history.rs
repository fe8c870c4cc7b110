//! `getHistory`: a list with ids and costs as numbers, and "если активация не завершена, то cost = 0".

use super::{START, START_SECONDS, golden, last_lot, price, refuse, say, upstream};
use crate::harness::{KINDS, World};

fn row(id: &str, phone: &str, sms: &str, cost: &str, status: &str) -> String {
    format!(
        r#"{{"id":{id},"date":"{START}","phone":"{phone}","sms":"{sms}","cost":{cost},"status":"{status}"}}"#
    )
}

#[tokio::test]
async fn nothing_bought_is_an_empty_list() {
    for kind in KINDS {
        let world = World::of(kind).await;
        golden(&world.bridge, &[("action=getHistory", "[]"), ("action=getHistory&start=&end=", "[]")]).await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_life_to_the_byte() {
    for kind in ["vak-sms", "sms-activate", "sms-man", "sms-man-v2"] {
        let world = World::of(kind).await;
        let cost = price(&world.bridge, "tg", 0).await.normalize().to_string();
        let (id, phone) = world.bridge.order("service=tg&country=0").await;
        let expect = async |sms: &str, cost: &str, status: &str| {
            let expected = format!("[{}]", row(&id, &phone, sms, cost, status));
            golden(&world.bridge, &[("action=getHistory", &expected)]).await;
        };
        expect("[]", "0", "4").await;
        upstream(&world).market().deliver(&last_lot(&world).id, "4242", "text").unwrap();
        assert_eq!(world.bridge.status(&id).await, "STATUS_OK:4242");
        // What it shows is a text that holds a list.
        expect(r#"[\"4242\"]"#, "0", "4").await;
        world.bridge.set(&id, "3").await;
        expect(r#"[\"4242\"]"#, "0", "4").await;
        world.bridge.set(&id, "6").await;
        expect(r#"[\"4242\"]"#, &cost, "6").await;
        world.end().await;
    }
}

#[tokio::test]
async fn what_was_refunded_cost_nothing() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (cancelled, phone) = world.bridge.order("service=tg&country=0").await;
        world.bridge.set(&cancelled, "8").await;
        let expected = format!("[{}]", row(&cancelled, &phone, "[]", "0", "8"));
        golden(&world.bridge, &[("action=getHistory", &expected)]).await;
        world.end().await;
    }
    let world = World::of("sandbox").await;
    let (expired, phone) = world.bridge.order("service=zz&country=0").await;
    world.bridge.advance(1200);
    assert_eq!(world.bridge.status(&expired).await, "STATUS_CANCEL");
    golden(&world.bridge, &[("action=getHistory", &format!("[{}]", row(&expired, &phone, "[]", "0", "8")))])
        .await;
    world.end().await;
}

#[tokio::test]
async fn what_was_used_and_left_alone_was_paid() {
    // A code came and the time is over: nothing is refunded, whether the client said 6 or not.
    for kind in KINDS {
        let world = World::of(kind).await;
        let cost = price(&world.bridge, "tg", 0).await.normalize().to_string();
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        world.bridge.status(&id).await;
        let row = async || {
            let rows = world.bridge.json("action=getHistory").await;
            (rows[0]["cost"].to_string(), rows[0]["status"].as_str().unwrap().to_owned())
        };
        world.bridge.advance(20 * 60 - 7);
        assert_eq!(row().await, ("0".to_owned(), "4".to_owned()), "{kind}");
        world.bridge.advance(1);
        assert_eq!(row().await, (cost, "6".to_owned()), "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn start_and_end_bound_it_and_the_newest_comes_first() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(world.bridge.order("service=tg&country=0").await.0);
            world.bridge.advance(100);
        }
        let [one, two, three] = &ids[..] else { panic!() };
        let at = |seconds: i64| START_SECONDS + seconds;
        let cases: [(String, Vec<&String>); 10] = [
            (String::new(), vec![three, two, one]),
            (format!("&start={}", at(0)), vec![three, two, one]),
            (format!("&start={}", at(1)), vec![three, two]),
            (format!("&start={}", at(100)), vec![three, two]),
            (format!("&end={}", at(100)), vec![two, one]),
            (format!("&end={}", at(99)), vec![one]),
            (format!("&start={}&end={}", at(100), at(100)), vec![two]),
            (format!("&start={}&end=", at(101)), vec![three]),
            (format!("&start=0&end={}", at(-1)), vec![]),
            (format!("&start={}", at(201)), vec![]),
        ];
        for (query, expected) in cases {
            let rows = world.bridge.json(&format!("action=getHistory{query}")).await;
            let found: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["id"].to_string()).collect();
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{kind} {query}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_time_that_is_none_is_a_bad_action() {
    let world = World::of("sandbox").await;
    for bad in ["yesterday", "2026-01-01", "1.5", "1e9", "%00", "null"] {
        for name in ["start", "end"] {
            refuse(&world.bridge, &format!("action=getHistory&{name}={bad}"), "BAD_ACTION").await;
        }
    }
    assert_eq!(say(&world.bridge, "action=getHistory&start=%201&end=9999999999999").await, "[]");
    world.end().await;
}
