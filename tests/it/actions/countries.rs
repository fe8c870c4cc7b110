//! `getCountries`: an object keyed by the country's number, eight fields each, names never null and flags
//! numbers (`WIRE.md` section 1, item 12).

use serde_json::Value;
use smsbridge::provider::{self, Capability};

use super::say;
use crate::harness::{KINDS, World};

const FIELDS: [&str; 8] = ["id", "rus", "eng", "chn", "visible", "retry", "rent", "multiService"];

fn check(kind: &str, countries: &Value) {
    for (key, row) in countries.as_object().unwrap() {
        assert_eq!(row["id"].to_string(), *key, "{kind}");
        for name in ["rus", "eng", "chn"] {
            assert!(row[name].as_str().is_some_and(|text| !text.is_empty()), "{kind} {key} {name}");
        }
        for flag in ["visible", "retry", "rent", "multiService"] {
            assert!(row[flag].as_u64().is_some_and(|flag| flag <= 1), "{kind} {key} {flag}");
        }
    }
}

#[tokio::test]
async fn every_country_has_all_eight_fields_in_the_documented_types() {
    for (kind, many) in [("sandbox", 200), ("vak-sms", 33), ("smsak", 10), ("sms-activate", 17)] {
        let world = World::of(kind).await;
        let countries = world.bridge.json("action=getCountries").await;
        assert_eq!(countries.as_object().unwrap().len(), many, "{kind}");
        check(kind, &countries);
        let rows = countries.as_object().unwrap().values();
        assert!(rows.into_iter().all(|row| row.as_object().unwrap().keys().eq(FIELDS)), "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn russia_to_the_byte() {
    let names = r#""id":0,"rus":"Россия","eng":"Russia","chn":"俄罗斯""#;
    // The stand-ins for SMSAK and sms-activate list these flags themselves.
    for (kind, multi) in [("sandbox", 1), ("vak-sms", 1), ("smsak", 0), ("sms-activate", 1)] {
        let world = World::of(kind).await;
        let rent = match kind {
            "smsak" => 0,
            "sms-activate" => 1,
            _ => u8::from(provider::spec(kind).unwrap().can(Capability::Rent)),
        };
        let expected =
            format!(r#"{{"0":{{{names},"visible":1,"retry":1,"rent":{rent},"multiService":{multi}}},"#);
        let answer = say(&world.bridge, "action=getCountries").await;
        assert!(answer.starts_with(&expected), "{kind}: {}", answer.chars().take(200).collect::<String>());
        world.end().await;
    }
}

#[tokio::test]
async fn an_upstreams_list_becomes_the_object_and_its_own_fields_stay() {
    let plain = World::of("sms-activate").await;
    let expected = say(&plain.bridge, "action=getCountries").await;
    plain.end().await;

    let world = World::with("sms-activate", &["list-countries"], "").await;
    assert!(say(&world.bridge, "action=getCountries").await == expected);
    world.end().await;

    let world = World::with("sms-activate", &["extra-fields"], "").await;
    let countries = world.bridge.json("action=getCountries").await;
    check("extra-fields", &countries);
    assert_eq!(countries["0"]["prefix"], "79");
    assert_eq!(countries["0"].as_object().unwrap().keys().next_back().unwrap(), "prefix");
    world.end().await;
}

#[tokio::test]
async fn what_is_listed_can_be_priced() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let countries = world.bridge.json("action=getCountries").await;
        for country in countries.as_object().unwrap().keys().step_by(7) {
            let prices = world.bridge.json(&format!("action=getPrices&service=tg&country={country}")).await;
            assert!(prices[country]["tg"]["cost"].is_number(), "{kind} {country}");
        }
        world.end().await;
    }
}
