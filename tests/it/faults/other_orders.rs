//! Orders of several parts, and orders that build on another one, whose answers are lost or say less than was
//! ordered: every part is in doubt, and nothing is asked for twice.

use smsbridge::clock::MovableClock;
use smsbridge::mock::Mishap;

use super::{MISHAPS, books, orders, stocked, upstream};
use crate::harness::{Books, Bridge, Canned, World, mapping, trip};

const PAIR: &str = "action=getMultiServiceNumber&multiService=tg,wa&country=0";
const SELLING: [&str; 2] = ["vak-sms", "sms-activate"];

async fn world(kind: &'static str) -> World {
    let world = stocked(kind, "").await;
    let codes = mapping(kind);
    let country = codes.country(smsbridge::domain::Country(0)).unwrap();
    for code in ["wa", "av", "ym"] {
        for service in codes.services(&smsbridge::domain::Service::parse(code).unwrap()).iter() {
            upstream(&world).market().set_stock(&country, service, 100);
        }
    }
    world
}

#[tokio::test]
async fn every_part_of_an_order_that_went_wrong_is_in_doubt() {
    for kind in SELLING {
        for (mishap, done) in MISHAPS {
            let place = format!("{kind} {mishap:?}");
            let world = world(kind).await;
            trip(upstream(&world), mishap, upstream(&world).names().order);
            assert_eq!(world.bridge.ask(PAIR).await, "ERROR_SQL", "{place}");
            assert_eq!(orders(upstream(&world)), 1, "{place}");
            let (books, upstream) = books(world).await;
            assert_eq!(upstream.market().lots().len(), if done { 2 } else { 0 }, "{place}");
            assert_eq!(books.activations, Vec::new(), "{place}");
            let in_doubt = if mishap == Mishap::TooManyRequests { Vec::new() } else { vec!["tg", "wa"] };
            let doubted: Vec<_> =
                books.doubts.iter().map(|doubt| doubt.intent.order.service.as_str()).collect();
            assert_eq!(doubted, in_doubt, "{place}");
        }
    }
}

#[tokio::test]
async fn a_number_once_more_is_asked_for_once() {
    for kind in SELLING {
        for (mishap, done) in MISHAPS {
            let place = format!("{kind} {mishap:?}");
            let world = world(kind).await;
            let (parent, _) = world.bridge.order("service=tg&country=0").await;
            world.let_message_come();
            world.bridge.status(&parent).await;
            world.bridge.set(&parent, "6").await;
            world.bridge.advance(20 * 60);
            let names = ["prolongNumber", "getExtraActivation"];
            trip(upstream(&world), mishap, &names);
            let answer = world.bridge.ask(&format!("action=getExtraActivation&activationId={parent}")).await;
            assert_eq!(answer, "ERROR_SQL", "{place}");
            let asked: u64 = names.iter().map(|name| upstream(&world).calls(name)).sum();
            assert_eq!(asked, 1, "{place}");
            let (books, upstream) = books(world).await;
            assert_eq!(upstream.market().lots().len(), 1 + usize::from(done), "{place}");
            let in_doubt = mishap != Mishap::TooManyRequests;
            assert_eq!((books.activations.len(), books.doubts.len()), (1, usize::from(in_doubt)), "{place}");
            let built_on = books.doubts.first().and_then(|doubt| doubt.intent.order.origin.parent());
            assert_eq!(built_on.map(|id| id.to_string()), in_doubt.then_some(parent), "{place}");
        }
    }
}

#[tokio::test]
async fn a_service_beside_another_is_asked_for_once() {
    for (mishap, done) in MISHAPS {
        let world = world("sms-activate").await;
        let (parent, _) = world.bridge.order("service=av&country=0&forward=1").await;
        world.let_message_come();
        trip(upstream(&world), mishap, &["getAdditionalService"]);
        let answer = world.bridge.ask(&format!("action=getAdditionalService&service=ym&id={parent}")).await;
        assert_eq!(answer, "ERROR_SQL", "{mishap:?}");
        assert_eq!(upstream(&world).calls("getAdditionalService"), 1, "{mishap:?}");
        let (books, upstream) = books(world).await;
        assert_eq!(upstream.market().lots().len(), 1 + usize::from(done), "{mishap:?}");
        let in_doubt = usize::from(mishap != Mishap::TooManyRequests);
        assert_eq!((books.activations.len(), books.doubts.len()), (1, in_doubt), "{mishap:?}");
    }
}

/// Less was sold than was ordered, or something else, or nobody can tell.
#[tokio::test]
async fn an_answer_with_other_parts_than_the_order_is_in_doubt_as_a_whole() {
    let vak = [
        r#"[{"tel":79991112233,"service":"tg","idNum":"a"}]"#,
        r#"{"tel":79991112233,"idNum":"a"}"#,
        r#"[{"tel":79991112233,"service":"tg","idNum":"a"},{"tel":79991112233,"service":"vi","idNum":"b"}]"#,
        r#"[{"tel":79991112233,"service":"tg","idNum":"a"},{"tel":79991112234,"service":"wa","idNum":"b"}]"#,
        "[]",
    ];
    let native = [
        r#"[{"phone":"79991112233","activation":1,"service":"tg"}]"#,
        "ACCESS_NUMBER:1:79991112233",
        r#"{"phone":"79991112233","activation":1,"service":"tg"}"#,
        r#"[{"phone":"79991112233","activation":1,"service":"tg"},{"phone":"79991112233","activation":1,"service":"wa"}]"#,
        "[]",
    ];
    for (kind, answers) in [("vak-sms", vak), ("sms-activate", native)] {
        for answer in answers {
            let upstream = Canned::answering(move |target| match target {
                _ if target.contains("/getNumber/") || target.contains("action=getMulti") => {
                    (200, answer.to_owned())
                }
                _ => (200, "{}".to_owned()),
            })
            .await;
            let url = upstream.url();
            let toml =
                format!("[provider.main]\nkind = \"{kind}\"\nbase_url = \"{url}\"\napi_key = \"mock-key\"\n");
            let bridge = Bridge::at(&toml, MovableClock::standing()).await;
            assert_eq!(bridge.ask(PAIR).await, "ERROR_SQL", "{kind} {answer}");
            let asked = upstream.asked();
            let bought =
                asked.iter().filter(|line| line.contains("/getNumber/") || line.contains("getMulti"));
            assert_eq!(bought.count(), 1, "{kind} {answer}");
            let clock = bridge.clock.clone();
            let home = bridge.stop().await.unwrap();
            let books = Books::read(home.path(), &clock).await;
            assert_eq!((books.activations.len(), books.doubts.len()), (0, 2), "{kind} {answer}");
        }
    }
}
