//! `getStatus` while an activation lives, to the byte: "STATUS_OK: 'код активации'" without the blank and
//! the quotes of the prose (`WIRE.md` section 4).

use super::{golden, last_lot, refuse, say, upstream};
use crate::harness::{KINDS, World};

/// The upstreams whose market can be told what to send.
const STAND_INS: [&str; 5] = ["vak-sms", "smsak", "sms-man", "sms-man-v2", "sms-activate"];

#[tokio::test]
async fn codes_come_out_as_they_went_in() {
    for kind in STAND_INS {
        let world = World::of(kind).await;
        for code in ["4242", "000000", "12:34", "12-34", "G-123456", "AB12CD", "код 77"] {
            let (id, _) = world.bridge.order("service=tg&country=0").await;
            let ask = format!("action=getStatus&id={id}");
            golden(&world.bridge, &[(&ask, "STATUS_WAIT_CODE")]).await;
            upstream(&world).market().deliver(&last_lot(&world).id, code, "text").unwrap();
            world.bridge.advance(1);
            let expected = format!("STATUS_OK:{code}");
            golden(&world.bridge, &[(&ask, &expected), (&ask, &expected)]).await;
        }
        world.end().await;
    }
}

#[tokio::test]
async fn the_sandbox_sends_a_code_of_digits() {
    let world = World::of("sandbox").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    world.bridge.advance(4);
    assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE");
    world.bridge.advance(1);
    let answer = world.bridge.status(&id).await;
    let code = answer.strip_prefix("STATUS_OK:").unwrap();
    assert!((4..=6).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()), "{answer}");
    world.end().await;
}

#[tokio::test]
async fn messages_are_counted_so_the_same_code_counts_twice() {
    for kind in STAND_INS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let (ask, lot) = (format!("action=getStatus&id={id}"), last_lot(&world).id);
        for _ in 0..3 {
            upstream(&world).market().deliver(&lot, "4242", "text").unwrap();
            world.bridge.advance(2);
            golden(&world.bridge, &[(&ask, "STATUS_OK:4242")]).await;
            assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET", "{kind}");
            // "STATUS_WAIT_RETRY:'прошлый, неподошедший код'".
            golden(&world.bridge, &[(&ask, "STATUS_WAIT_RETRY:4242")]).await;
            world.bridge.advance(2);
            golden(&world.bridge, &[(&ask, "STATUS_WAIT_RETRY:4242")]).await;
        }
        upstream(&world).market().deliver(&lot, "77", "text").unwrap();
        world.bridge.advance(2);
        golden(&world.bridge, &[(&ask, "STATUS_OK:77")]).await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_message_that_is_wanted_once_more_is_waited_for_after_6() {
    let world = World::of("sms-activate").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    let ask = format!("action=getStatus&id={id}");
    upstream(&world).market().hold_for_resend(&last_lot(&world).id).unwrap();
    golden(&world.bridge, &[(&ask, "STATUS_WAIT_RESEND")]).await;
    assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_RETRY_GET");
    golden(&world.bridge, &[(&ask, "STATUS_WAIT_CODE")]).await;
    world.let_message_come();
    assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"));
    world.end().await;
}

#[tokio::test]
async fn ids_are_read_leniently_and_unknown_ones_refused() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let known = [
            format!("&id={id}"),
            format!("&id=%20{id}%20"),
            format!("&activationId={id}"),
            format!("&id=&activationId={id}"),
            format!("&id={id}&id=5"),
        ];
        for query in &known {
            assert_eq!(
                say(&world.bridge, &format!("action=getStatus{query}")).await,
                "STATUS_WAIT_CODE",
                "{query}"
            );
        }
        for query in [
            "",
            "&id=",
            "&id=1",
            "&id=x",
            "&id=2147483647",
            &format!("&id=-{id}"),
            &format!("&id={id}.0"),
            &format!("&id=5&id={id}"),
        ] {
            for action in ["getStatus", "getStatusV2", "getFullSms"] {
                refuse(&world.bridge, &format!("action={action}{query}"), "NO_ACTIVATION").await;
            }
        }
        world.end().await;
    }
}
