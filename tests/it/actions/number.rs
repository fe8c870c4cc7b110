//! `getNumber`: `ACCESS_NUMBER:id:phone`, exactly three fields, an id below 2³¹ and a phone of digits
//! only (`WIRE.md` section 1, item 8); the parameters that change nothing, and countries left out.

use super::{balance, last_lot, price, refuse, rich, say};
use crate::harness::{KINDS, World, telegram};

#[tokio::test]
async fn a_number_has_three_fields_that_clients_can_read() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            let answer = say(&world.bridge, "action=getNumber&service=tg&country=0").await;
            let fields: Vec<_> = answer.split(':').collect();
            let [word, id, phone] = fields[..] else { panic!("{kind}: {answer}") };
            assert_eq!(word, "ACCESS_NUMBER", "{kind}");
            let number: i32 = id.parse().unwrap();
            // No sign, no leading zero.
            assert_eq!(number.to_string(), id, "{kind}");
            ids.push(number);
            assert!(phone.bytes().all(|byte| byte.is_ascii_digit()), "{kind}: {phone}");
            assert!(phone.starts_with("79") && phone.len() == 11, "{kind}: {phone}");
        }
        // "A fresh ledger starts numbering at the seconds since 2020-01-01", and the clock stands at 2026.
        let first = i32::try_from(super::START_SECONDS - 1_577_836_800).unwrap();
        assert_eq!(ids, [first, first + 1, first + 2], "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn phones_are_those_that_the_upstream_sold() {
    for kind in ["vak-sms", "smsak", "sms-man", "sms-man-v2", "sms-activate"] {
        let world = World::of(kind).await;
        let (id, phone) = world.bridge.order("service=tg&country=0").await;
        let lot = last_lot(&world);
        assert_eq!((phone, lot.service), (lot.phone, telegram(kind).1), "{kind}");
        assert_ne!(id, lot.id, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn russia_is_meant_where_no_country_is_named() {
    for kind in KINDS {
        let world = World::of(kind).await;
        for query in ["", "&country=", "&country=any", "&country=Any", "&country=0", "&country=%200"] {
            let (_, phone) = world.bridge.order(&format!("service=tg{query}")).await;
            assert!(phone.starts_with("79"), "{kind} {query}: {phone}");
        }
        let (_, phone) = world.bridge.order("service=tg&country=1").await;
        assert!(phone.starts_with("380"), "{kind}: {phone}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_country_is_a_number_that_exists() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let before = balance(&world.bridge).await;
        // "unknown numeric country NO_NUMBERS, non-numeric ERROR_SQL" (UPSTREAMS.md section 8).
        for country in ["ru", "-1", "1.0", "null"] {
            refuse(&world.bridge, &format!("action=getNumber&service=tg&country={country}"), "ERROR_SQL")
                .await;
        }
        if kind != "sms-activate" {
            refuse(&world.bridge, "action=getNumber&service=tg&country=999", "NO_NUMBERS").await;
        }
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn what_clients_send_besides_changes_nothing() {
    // RU, JAVA, GRC, ASA, BOW, NPM, CSM (WIRE.md sections 3 and 4); the stand-ins count a parameter that is
    // passed on against their document as a violation.
    let extras = [
        "&ref=1222",
        "&ref=null",
        "&ref=https://example.com/?a=b",
        "&ref_id=tysik",
        "&json=1",
        "&lang=en",
        "&userID=7&providerIds=1&exceptProviderIds=2&minPrice=1",
        "&forward=0",
        "&forward=",
        "&forward=false",
        "&verification=false",
        "&verification=",
        "&useCashBack=false",
        "&phoneException=",
        "&maxPrice=",
        "&operator=",
        "&operator=any",
        "&orderId=5&activationType=0&language=1",
    ];
    for kind in KINDS {
        let world = World::market(kind, &[], "", rich()).await;
        let cost = price(&world.bridge, "tg", 0).await;
        for extra in extras {
            let before = balance(&world.bridge).await;
            world.bridge.order(&format!("service=tg&country=0{extra}")).await;
            assert_eq!(balance(&world.bridge).await, before - cost, "{kind} {extra}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_configured_referral_is_sent_and_a_clients_is_not() {
    let world = World::with("sms-activate", &[], "ref = \"ours\"\n").await;
    world.bridge.order("service=tg&country=0&ref=theirs").await;
    let asked = super::upstream(&world).requests().join("\n");
    assert!(asked.contains("ref=ours") && !asked.contains("theirs"), "{asked}");
    world.end().await;

    let world = World::with("vak-sms", &[], "soft_id = 42\n").await;
    world.bridge.order("service=tg&country=0&ref=7").await;
    let asked = super::upstream(&world).requests().join("\n");
    assert!(asked.contains("softId=42") && !asked.contains("ref="), "{asked}");
    world.end().await;
}
