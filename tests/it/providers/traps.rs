//! A code that both sides have for different services must never buy the other side's: every row of the
//! list of such codes is ordered through the wire (`UPSTREAMS.md` section 7).

use std::collections::HashMap;

use rust_decimal::Decimal;
use smsbridge::mock::Settings;

use super::stage::easy;
use crate::harness::World;

const TRAPS: &str = include_str!("../../../src/catalog/data/vak_sms_traps.tsv");
const PAIRS: &str = include_str!("../../../src/catalog/data/vak_sms_service_map.tsv");

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).map(|line| line.split('\t').collect())
}

/// VAK-SMS's code by the dialect's, the first of several.
fn counterparts() -> HashMap<&'static str, &'static str> {
    let mut found = HashMap::new();
    for row in rows(PAIRS).filter(|row| row[4] == "yes") {
        found.entry(row[0]).or_insert(row[2]);
    }
    found
}

#[tokio::test]
async fn no_code_buys_its_false_twin() {
    let settings = Settings { balance: Decimal::from(1_000_000), ..easy() };
    let world = World::market("vak-sms", &[], "", settings).await;
    let upstream = world.upstream.as_ref().unwrap();
    let counterparts = counterparts();
    let (mut sold, mut refused) = (0, 0);
    for row in rows(TRAPS) {
        let (code, use_instead) = (row[0], row[3]);
        upstream.market().set_stock("ru", code, 10);
        let calls = upstream.calls("getNumber");
        let (lots, expected) = (upstream.market().lots().len(), counterparts.get(code));
        if let Some(expected) = expected {
            upstream.market().set_stock("ru", expected, 10);
        }
        let answer = world.bridge.ask(&format!("action=getNumber&service={code}&country=0")).await;
        match expected {
            Some(expected) => {
                assert!(answer.starts_with("ACCESS_NUMBER:"), "{code}: {answer}");
                let lot = upstream.market().lots().pop().unwrap();
                assert_eq!(lot.service, *expected, "{code}");
                assert_ne!(lot.service, code, "the false twin");
                sold += 1;
            }
            None => {
                assert_eq!(answer, "BAD_SERVICE", "{code}");
                assert_eq!(upstream.calls("getNumber"), calls, "{code}");
                assert_eq!(upstream.market().lots().len(), lots, "{code}");
                refused += 1;
            }
        }
        // The service behind the code is bought under the dialect's own codes for it.
        for own in use_instead.split(',').filter(|own| *own != "-") {
            let answer = world.bridge.ask(&format!("action=getNumber&service={own}&country=0")).await;
            assert!(answer.starts_with("ACCESS_NUMBER:"), "{own}: {answer}");
            assert_eq!(upstream.market().lots().pop().unwrap().service, code, "{own}");
        }
    }
    assert!(sold > 10 && refused > 50, "{sold} {refused}");
    world.end().await;
}

/// The codes of the reference that fall into the trap most often, told apart without the data files.
#[tokio::test]
async fn the_best_known_traps_by_hand() {
    let world = World::of("vak-sms").await;
    let upstream = world.upstream.as_ref().unwrap();
    for (service, code) in [
        ("vk", "mr"),
        ("ma", "mr"),
        ("me", "lm"),
        ("go", "gl"),
        ("mm", "ms"),
        ("ds", "dc"),
        ("lf", "tk"),
        ("wx", "al"),
    ] {
        upstream.market().set_stock("ru", code, 10);
        world.bridge.order(&format!("service={service}&country=0")).await;
        assert_eq!(upstream.market().lots().pop().unwrap().service, code, "{service}");
    }
    world.end().await;
}
