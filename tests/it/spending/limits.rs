//! How many may be open; and that everything that costs counts, not only numbers.

use smsbridge::mock::{FaultPlan, Mishap};

use super::{ORDER, REFUSED, buys, clients, is_refused, rival, selling, upstream};
use crate::harness::World;

#[tokio::test]
async fn only_so_many_are_open_at_a_time() {
    for kind in ["vak-sms", "sms-activate"] {
        let world = selling(kind, &clients("open_activations = 1")).await;
        let first = buys(&world.bridge).await;
        is_refused(&world.bridge, "[clients.key.shop] open_activations = 1").await;
        assert!(rival(&world.bridge).await.starts_with("ACCESS_NUMBER:"), "{kind}");
        assert_eq!(world.bridge.set(&first, "8").await, "ACCESS_CANCEL", "{kind}");
        let used = buys(&world.bridge).await;
        world.let_message_come();
        assert!(world.bridge.status(&used).await.starts_with("STATUS_OK:"), "{kind}");
        assert_eq!(world.bridge.ask(ORDER).await, REFUSED, "{kind}: it is open still");
        assert_eq!(world.bridge.set(&used, "6").await, "ACCESS_ACTIVATION", "{kind}");
        buys(&world.bridge).await;
        world.end().await;
    }
}

/// Nobody could be asked how it ended, but it does not stand in the way for ever.
#[tokio::test]
async fn what_was_over_long_ago_is_not_open() {
    let world = selling("vak-sms", "[spending]\nopen_activations = 1").await;
    buys(&world.bridge).await;
    let market = upstream(&world);
    market.fault(FaultPlan::once(Mishap::ServerError).on_any(market.names().poll).times(1000));
    for (minutes, is_open) in [(25, true), (60, false)] {
        world.bridge.advance(minutes * 60);
        world.bridge.tidy().await;
        if is_open {
            is_refused(&world.bridge, "[spending] open_activations = 1").await;
        }
    }
    buys(&world.bridge).await;
    drop(world.bridge.stop().await);
}

#[tokio::test]
async fn the_sandbox_has_limits_too() {
    let world = World::with("sandbox", &[], "[spending]\nmax_price = \"0.01\"").await;
    assert_eq!(world.bridge.ask(ORDER).await, REFUSED);
    world.end().await;
}

#[tokio::test]
async fn rents_mail_and_more_services_count_and_are_refused_in_their_own_form() {
    let world = selling("sms-activate", "[spending]\nper_day = 11").await;
    let rent = "action=getRentNumber&service=tg&rent_time=4";
    let mail = "action=buyMailActivation&site=apple.com&mail_type=1&mail_domain=info";
    let sold = world.bridge.ask(mail).await;
    assert!(sold.contains("\"OK\""), "{sold}");
    // The address took what a number would have needed.
    assert!(upstream(&world).market().totals().spent > 1.into());
    assert_eq!(world.bridge.ask(ORDER).await, REFUSED);
    let refused = r#"{"status":"error","message":"NO_BALANCE"}"#;
    assert_eq!(world.bridge.ask(rent).await, refused);
    let both = "action=getMultiServiceNumber&country=0&multiService=tg,wa";
    assert_eq!(world.bridge.ask(both).await, REFUSED);
    world.end().await;

    let world = selling("sms-activate", "[spending]\nmax_price = \"0.01\"").await;
    assert_eq!(world.bridge.ask(mail).await, "BAD_BALANCE");
    assert_eq!(world.bridge.ask(rent).await, refused);
    assert_eq!(upstream(&world).market().totals().spent, 0.into());
    world.end().await;
}
