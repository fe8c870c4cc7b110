//! `getRentList`: the rents that are not over, and `NO_NUMBERS` where there is none.

use super::{golden, refuse, rent, rent_error};
use crate::harness::World;

const ACTION: &str = "action=getRentList";

#[tokio::test]
async fn rents_are_listed_until_they_end() {
    let world = World::of("sandbox").await;
    refuse(&world.bridge, ACTION, &rent_error("NO_NUMBERS")).await;
    let (first, _, one) = rent(&world.bridge, "service=zz").await;
    let (second, _, other) = rent(&world.bridge, "service=zz&rent_time=24").await;
    let both = format!(
        r#"{{"status":"success","values":{{"0":{{"id":"{first}","phone":"{one}"}},"1":{{"id":"{second}","phone":"{other}"}}}}}}"#
    );
    golden(&world.bridge, &[(ACTION, &both), (&format!("{ACTION}&page=1&size=10&id=7"), &both)]).await;
    // More time makes no other rent of it.
    world.bridge.ask(&format!("action=continueRentNumber&id={first}&rent_time=4")).await;
    golden(&world.bridge, &[(ACTION, &both)]).await;
    world.bridge.ask(&format!("action=setRentStatus&id={first}&status=1")).await;
    let last = format!(r#"{{"status":"success","values":{{"0":{{"id":"{second}","phone":"{other}"}}}}}}"#);
    golden(&world.bridge, &[(ACTION, &last)]).await;
    world.bridge.advance(24 * 3600);
    refuse(&world.bridge, ACTION, &rent_error("NO_NUMBERS")).await;
    world.end().await;
}

#[tokio::test]
async fn activations_are_no_rents_and_rents_no_activations() {
    let world = World::of("sandbox").await;
    let (activation, _) = world.bridge.order("service=tg").await;
    refuse(&world.bridge, ACTION, &rent_error("NO_NUMBERS")).await;
    for query in [
        "getRentStatus",
        "setRentStatus&status=1",
        "setRentStatus&status=2",
        "continueRentNumber&rent_time=4",
        "getContinueRentPriceNumber&rent_time=4",
        "continueRentInfo&hours=4",
    ] {
        let query = format!("action={query}&id={activation}");
        refuse(&world.bridge, &query, &rent_error("INVALID_PHONE")).await;
    }
    world.bridge.set(&activation, "8").await;

    let (rented, _, _) = rent(&world.bridge, "service=tg").await;
    world.let_message_come();
    for query in ["getStatus", "getStatusV2", "getFullSms", "setStatus&status=8", "setStatus&status=6"] {
        refuse(&world.bridge, &format!("action={query}&id={rented}"), "NO_ACTIVATION").await;
    }
    let history = world.bridge.ask("action=getHistory").await;
    assert!(history.contains(&activation) && !history.contains(&rented), "{history}");
    golden(&world.bridge, &[("action=getActiveActivations", super::NO_ACTIVATIONS)]).await;
    world.end().await;
}
