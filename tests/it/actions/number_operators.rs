//! `getNumber` with `operator`: "сотовый оператор номера, можно указывать несколько через запятую". The
//! number is one of theirs or there is none.

use super::{balance, last_lot, refuse, upstream};
use crate::harness::{KINDS, World, has_operators};

/// Orders and gives the operator that getNumberV2 names.
async fn operator_of(world: &World, operators: &str) -> String {
    let query = format!("action=getNumberV2&service=tg&country=0&operator={operators}");
    world.bridge.json(&query).await["activationOperator"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn one_operator_is_the_operator() {
    for kind in KINDS.into_iter().filter(|kind| has_operators(kind)) {
        let world = World::of(kind).await;
        for (asked, got) in [("mts", "mts"), ("MTS", "mts"), ("%20tele2%20", "tele2"), ("tele2,", "tele2")] {
            assert_eq!(operator_of(&world, asked).await, got, "{kind} {asked}");
            if kind != "sandbox" {
                assert_eq!(last_lot(&world).operator.as_deref(), Some(got), "{kind} {asked}");
            }
        }
        world.end().await;
    }
}

#[tokio::test]
async fn one_of_several_operators_is_the_operator() {
    for kind in KINDS.into_iter().filter(|kind| has_operators(kind)) {
        let world = World::of(kind).await;
        for _ in 0..6 {
            let got = operator_of(&world, "tele2,mts").await;
            assert!(["tele2", "mts"].contains(&got.as_str()), "{kind}: {got}");
        }
        // An unknown one beside a known one does no harm; sms-activate's document allows no unknown one.
        if kind != "sms-activate" {
            assert_eq!(operator_of(&world, "nosuch,mts").await, "mts", "{kind}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn any_operator_among_several_is_any_operator() {
    for kind in KINDS {
        let world = World::of(kind).await;
        for asked in ["any", "ANY", "mts,any", "any,nosuch"] {
            world.bridge.order(&format!("service=tg&country=0&operator={asked}")).await;
        }
        if let Some(upstream) = &world.upstream {
            // Some upstreams have a word for it, which is the dialect's.
            let names_one = |asked: &String| asked.replace("operator=any", "").contains("operator=");
            assert!(!upstream.requests().iter().any(names_one), "{kind}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn an_operator_that_is_not_there_has_no_numbers() {
    for kind in KINDS.into_iter().filter(|kind| *kind != "sms-activate") {
        let world = World::of(kind).await;
        let before = balance(&world.bridge).await;
        // "kcell" is one of Kazakhstan's.
        for operator in ["nosuch", "kcell", "nosuch,kcell", "%00", &"x".repeat(50)] {
            refuse(
                &world.bridge,
                &format!("action=getNumber&service=tg&country=0&operator={operator}"),
                "NO_NUMBERS",
            )
            .await;
        }
        if !has_operators(kind) {
            // Whoever tells no operators apart cannot honour any.
            refuse(&world.bridge, "action=getNumber&service=tg&country=0&operator=mts,tele2", "NO_NUMBERS")
                .await;
        }
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn where_one_can_be_asked_at_a_time_the_next_is_asked_on_no_number_only() {
    let world = World::of("vak-sms").await;
    // VAK-SMS's first operator in Russia gets the only number.
    upstream(&world).market().set_stock("ru", "tg", 1);
    assert_eq!(operator_of(&world, "yota,beeline,mts").await, "beeline");
    assert_eq!(upstream(&world).calls("getNumber"), 2);
    refuse(&world.bridge, "action=getNumber&service=tg&country=0&operator=yota,beeline", "NO_NUMBERS").await;
    assert_eq!(upstream(&world).calls("getNumber"), 4);
    world.end().await;
}
