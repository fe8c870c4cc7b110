//! `getAdditionalService`: a further service on a number that forwards, `ADDITIONAL:id:phone`. Words:
//! `api/sms-activate.txt`, "Дополнительный сервис для номеров с переадресацией".

use rust_decimal::Decimal;

use super::{balance, refuse, rich, say, upstream};
use crate::harness::{KINDS, World};

const SELLING: [&str; 2] = ["sandbox", "sms-activate"];

/// A number of Avito's that forwards, with its first message.
async fn forwarding(kind: &'static str) -> (World, String, String) {
    let world = World::market(kind, &[], "", rich()).await;
    if let Some(upstream) = &world.upstream {
        for service in ["av", "ym", "ya"] {
            upstream.market().set_stock("0", service, 9);
        }
    }
    let (id, phone) = world.bridge.order("service=av&country=0&forward=1").await;
    world.let_message_come();
    assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"), "{kind}");
    (world, id, phone)
}

fn add(id: &str, service: &str) -> String {
    format!("action=getAdditionalService&id={id}&service={service}")
}

#[tokio::test]
async fn a_service_is_added_under_an_id_of_its_own() {
    for kind in SELLING {
        let (world, parent, phone) = forwarding(kind).await;
        let before = balance(&world.bridge).await;
        let answer = say(&world.bridge, &add(&parent, "ym")).await;
        let fields: Vec<_> = answer.split(':').collect();
        let ["ADDITIONAL", id, same] = fields[..] else { panic!("{kind}: {answer}") };
        assert_eq!(same, phone, "{kind}");
        assert_ne!(id, parent, "{kind}");
        // "Стоимость дополнительного сервиса составляет всего 5р".
        assert_eq!(balance(&world.bridge).await, before - Decimal::from(5), "{kind}");
        assert_eq!(world.bridge.status(id).await, "STATUS_WAIT_CODE", "{kind}");
        world.let_message_come();
        assert!(world.bridge.status(id).await.starts_with("STATUS_OK:"), "{kind}");
        let other = say(&world.bridge, &format!("{}&activationId={parent}", add("", "ya"))).await;
        assert!(other.starts_with("ADDITIONAL:"), "{kind}: {other}");
        world.end().await;
    }
}

#[tokio::test]
async fn every_refusal_has_its_word_and_sells_nothing() {
    for kind in SELLING {
        let (world, parent, _) = forwarding(kind).await;
        let (plain, _) = world.bridge.order("service=av&country=0").await;
        let (fresh, _) = world.bridge.order("service=av&country=0&forward=1").await;
        say(&world.bridge, &add(&parent, "ym")).await;
        let before = balance(&world.bridge).await;
        for (query, word) in [
            (add(&parent, "tg"), "WRONG_ADDITIONAL_SERVICE"),
            (add(&parent, "qqqq"), "WRONG_ADDITIONAL_SERVICE"),
            (add(&parent, "q%20q"), "WRONG_ADDITIONAL_SERVICE"),
            (add(&parent, ""), "WRONG_ADDITIONAL_SERVICE"),
            (add("1", "ym"), "WRONG_ACTIVATION_ID"),
            (add("", "ym"), "WRONG_ACTIVATION_ID"),
            (add("abc", "ym"), "WRONG_ACTIVATION_ID"),
            (add(&plain, "ym"), "WRONG_SECURITY"),
            (add(&fresh, "ym"), "WRONG_SECURITY"),
            (add(&parent, "ym"), "REPEAT_ADDITIONAL_SERVICE"),
            (add(&parent, "av"), "REPEAT_ADDITIONAL_SERVICE"),
        ] {
            refuse(&world.bridge, &query, word).await;
        }
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        assert_eq!(world.bridge.set(&parent, "6").await, "ACCESS_ACTIVATION", "{kind}");
        refuse(&world.bridge, &add(&parent, "ya"), "WRONG_SECURITY").await;
        world.bridge.stop().await;
    }
}

#[tokio::test]
async fn what_is_over_has_no_number_to_add_to() {
    for kind in SELLING {
        let (world, parent, _) = forwarding(kind).await;
        world.bridge.advance(20 * 60);
        let asked = world.upstream.as_ref().map(|upstream| upstream.requests().len());
        refuse(&world.bridge, &add(&parent, "ym"), "WRONG_SECURITY").await;
        assert_eq!(world.upstream.as_ref().map(|upstream| upstream.requests().len()), asked, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn without_money_it_is_no_balance() {
    let (world, parent, _) = forwarding("sms-activate").await;
    upstream(&world).market().set_balance(Decimal::ONE);
    refuse(&world.bridge, &add(&parent, "ym"), "NO_BALANCE").await;
    world.end().await;
}

#[tokio::test]
async fn where_nobody_sells_it_nobody_is_asked() {
    for kind in KINDS.into_iter().filter(|kind| !SELLING.contains(kind)) {
        let world = World::of(kind).await;
        let (parent, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        world.bridge.status(&parent).await;
        let asked = upstream(&world).requests().len();
        for service in ["av", "tg", "ym"] {
            refuse(&world.bridge, &add(&parent, service), "WRONG_ADDITIONAL_SERVICE").await;
        }
        refuse(&world.bridge, &add("1", "av"), "WRONG_ACTIVATION_ID").await;
        assert_eq!(upstream(&world).requests().len(), asked, "{kind}");
        world.end().await;
    }
}

/// The sandbox's market is made anew by a restart, and knows again which of its numbers forward.
#[tokio::test]
async fn the_sandbox_knows_after_a_restart_what_forwards() {
    use crate::harness::Bridge;
    use smsbridge::clock::MovableClock;
    let home = tempfile::tempdir().unwrap();
    let clock = MovableClock::standing();
    let toml = "[provider.main]\nkind = \"sandbox\"\nsms_delay = \"1s\"";
    let bridge = Bridge::over(toml, clock.clone(), home.path()).await;
    let (parent, phone) = bridge.order("service=av&country=0&forward=1").await;
    let (plain, _) = bridge.order("service=av&country=0").await;
    bridge.advance(2);
    assert!(bridge.status(&parent).await.starts_with("STATUS_OK:"));
    assert!(bridge.status(&plain).await.starts_with("STATUS_OK:"));
    bridge.stop().await;
    let bridge = Bridge::over(toml, clock, home.path()).await;
    let added = bridge.ask(&add(&parent, "ym")).await;
    assert!(added.starts_with("ADDITIONAL:") && added.ends_with(&phone), "{added}");
    assert_eq!(bridge.ask(&add(&plain, "ym")).await, "WRONG_SECURITY");
}
