//! `getRentStatus`: messages, newest first, and each word for a rent that has none to show.

use std::time::Duration;

use super::{golden, refuse, rent, rent_error, rent_status};
use crate::harness::{Bridge, World};
use smsbridge::clock::MovableClock;

#[tokio::test]
async fn messages_come_by_and_by_and_are_shown_newest_first() {
    let world = World::of("sandbox").await;
    let (id, _, _) = rent(&world.bridge, "service=tg").await;
    let query = format!("action=getRentStatus&id={id}");
    refuse(&world.bridge, &query, &rent_error("STATUS_WAIT_CODE")).await;
    for many in 1..=3_usize {
        world.let_message_come();
        let status = world.bridge.json(&query).await;
        let fields: Vec<_> = status.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["status", "quantity", "values"]);
        assert_eq!((&status["status"], &status["quantity"]), (&"success".into(), &many.to_string().into()));
        let values = status["values"].as_object().unwrap();
        let keys: Vec<_> = values.keys().cloned().collect();
        assert_eq!(keys, (0..many).map(|nth| nth.to_string()).collect::<Vec<_>>());
        let dates: Vec<_> = values.values().map(|row| row["date"].as_str().unwrap()).collect();
        assert!(dates.windows(2).all(|pair| pair[0] > pair[1]), "{dates:?}");
        assert_eq!(dates[0], format!("2026-01-01 00:00:{:02}", 6 * many - 1));
        let row: Vec<_> = values["0"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(row, ["phoneFrom", "text", "service", "date"]);
        assert_eq!(values["0"]["service"], "tg");
        assert!(values["0"]["text"].as_str().unwrap().starts_with("Your code is "));
        assert!(values["0"]["phoneFrom"].as_str().unwrap().bytes().all(|b| b.is_ascii_digit()));
    }
    world.end().await;
}

#[tokio::test]
async fn what_a_whole_numbers_messages_are_for_nobody_knows() {
    let world = World::of("sandbox").await;
    let (id, _, _) = rent(&world.bridge, "service=full").await;
    world.let_message_come();
    let status = world.bridge.json(&format!("action=getRentStatus&id={id}")).await;
    assert_eq!(status["values"]["0"]["service"], "ot");
    world.end().await;
}

#[tokio::test]
async fn each_refusal_has_its_word() {
    let world = World::of("sandbox").await;
    let (finished, _, _) = rent(&world.bridge, "service=zz").await;
    let (cancelled, _, _) = rent(&world.bridge, "service=zz").await;
    let (waiting, _, _) = rent(&world.bridge, "service=zz").await;
    for (id, status) in [(&finished, 1), (&cancelled, 2)] {
        let query = format!("action=setRentStatus&id={id}&status={status}");
        golden(&world.bridge, &[(&query, r#"{"status":"success"}"#)]).await;
    }
    for (id, word) in [
        ("", "NO_ID_RENT"),
        ("&id=", "NO_ID_RENT"),
        ("&id=abc", "INVALID_PHONE"),
        ("&id=0", "INVALID_PHONE"),
        ("&id=1", "INVALID_PHONE"),
        ("&id=99999999999", "INVALID_PHONE"),
        (&format!("&id={finished}"), "STATUS_FINISH"),
        (&format!("&id={cancelled}"), "STATUS_CANCEL"),
        (&format!("&id={waiting}"), "STATUS_WAIT_CODE"),
    ] {
        refuse(&world.bridge, &format!("action=getRentStatus{id}"), &rent_error(word)).await;
    }
    world.end().await;
}

#[tokio::test]
async fn the_end_of_its_time_finishes_a_rent() {
    for polled in [true, false] {
        let world = World::of("sandbox").await;
        let (unused, _, _) = rent(&world.bridge, "service=zz").await;
        let (used, _, _) = rent(&world.bridge, "service=tg").await;
        world.let_message_come();
        world.bridge.advance(4 * 3600 - 7);
        assert_eq!(rent_status(&world.bridge, &unused).await, rent_error("STATUS_WAIT_CODE"));
        if !polled {
            world.bridge.advance(1);
            world.bridge.tidy().await;
        }
        world.bridge.advance(1);
        for id in [&unused, &used] {
            assert_eq!(rent_status(&world.bridge, id).await, rent_error("STATUS_FINISH"));
            let end = |status: u8| format!("action=setRentStatus&id={id}&status={status}");
            for status in [1, 2] {
                refuse(&world.bridge, &end(status), &rent_error("ALREADY_FINISH")).await;
            }
        }
        world.end().await;
    }
}

#[tokio::test]
async fn rents_outlive_the_process() {
    let home = tempfile::tempdir().unwrap();
    let clock = MovableClock::standing();
    let toml = "[provider.main]\nkind = \"sandbox\"\nsms_delay = \"5s\"\n";
    let bridge = Bridge::over(toml, clock.clone(), home.path()).await;
    let (used, _, _) = rent(&bridge, "service=tg").await;
    clock.advance(Duration::from_secs(6));
    let before = rent_status(&bridge, &used).await;
    let (waiting, _, _) = rent(&bridge, "service=tg").await;
    let (ended, _, _) = rent(&bridge, "service=zz").await;
    bridge.ask(&format!("action=continueRentNumber&id={used}&rent_time=4")).await;
    bridge.ask(&format!("action=setRentStatus&id={ended}&status=2")).await;
    bridge.stop().await;

    let bridge = Bridge::over(toml, clock.clone(), home.path()).await;
    assert_eq!(rent_status(&bridge, &used).await, before);
    assert_eq!(rent_status(&bridge, &waiting).await, rent_error("STATUS_WAIT_CODE"));
    assert_eq!(rent_status(&bridge, &ended).await, rent_error("STATUS_CANCEL"));
    clock.advance(Duration::from_secs(6));
    assert!(rent_status(&bridge, &used).await.contains(r#""quantity":"2""#));
    assert!(rent_status(&bridge, &waiting).await.contains(r#""quantity":"1""#));
    let list = bridge.ask("action=getRentList").await;
    assert!(list.contains(&used) && list.contains(&waiting) && !list.contains(&ended), "{list}");
    // What was bought before the restart is kept: the second four hours.
    clock.advance(Duration::from_secs(5 * 3600));
    assert!(rent_status(&bridge, &used).await.contains("success"));
    assert_eq!(rent_status(&bridge, &waiting).await, rent_error("STATUS_FINISH"));
    bridge.stop().await;
}
