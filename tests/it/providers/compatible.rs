//! What only an upstream that speaks the dialect itself brings along: fields nobody documented, words
//! nobody knows, ids that are too large, and the newer generation's errors.

use serde_json::Value;

use super::stage::everywhere;
use crate::harness::{Bridge, Canned, World};

fn keys(row: &Value) -> Vec<&str> {
    row.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn undocumented_fields_survive_after_the_documented_ones() {
    everywhere(async |stage| {
        if !stage.spec.speaks_dialect || !stage.has("extra-fields") {
            return;
        }
        let bridge = stage.bridge();
        let prices = bridge.json("action=getPrices&service=tg&country=0").await;
        assert_eq!(keys(&prices["0"]["tg"]), ["cost", "count", "physicalCount"]);
        let top = bridge.json("action=getTopCountriesByService&service=tg&freePrice=true").await;
        assert_eq!(
            keys(&top["0"]),
            ["country", "count", "price", "retail_price", "freePriceMap", "physicalTotalCount"]
        );
        let countries = bridge.json("action=getCountries").await;
        let documented = ["id", "rus", "eng", "chn", "visible", "retry", "rent", "multiService", "prefix"];
        assert_eq!(keys(&countries["0"]), documented);
        assert_eq!(countries["0"]["prefix"], "79");
        let number = bridge.json("action=getNumberV2&service=tg&country=0").await;
        assert_eq!(keys(&number)[7..], ["currency", "activationEndTime"]);
        assert_eq!(number["currency"], 643);
    })
    .await;
}

#[tokio::test]
async fn countries_are_an_object_whatever_the_upstream_sends() {
    everywhere(async |stage| {
        let countries = stage.bridge().json("action=getCountries").await;
        for (id, row) in countries.as_object().unwrap() {
            assert_eq!(row["id"].to_string(), *id);
            for number in ["visible", "retry", "rent", "multiService"] {
                assert!(row[number].is_u64(), "{id}: {row}");
            }
            for text in ["rus", "eng", "chn"] {
                assert!(row[text].as_str().is_some_and(|name| !name.is_empty()), "{id}: {row}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn large_ids_become_small_ones_and_large_ones_again() {
    everywhere(async |stage| {
        if !stage.is("sms-activate") {
            return;
        }
        let bridge = stage.bridge();
        let (id, _) = bridge.order("service=tg&country=0").await;
        let own = stage.last_lot().unwrap().id;
        assert!(own.parse::<i64>().unwrap() > i64::from(i32::MAX));
        bridge.status(&id).await;
        bridge.set(&id, "8").await;
        let requests = stage.upstream().unwrap().requests();
        let about_it: Vec<_> = requests.iter().filter(|request| request.contains("id=")).collect();
        assert!(about_it.len() >= 2, "{requests:?}");
        assert!(about_it.iter().all(|request| request.contains(&format!("id={own}"))), "{requests:?}");
        // The upstream's own id is nobody's here.
        assert_eq!(bridge.status(&own).await, "NO_ACTIVATION");
    })
    .await;
}

async fn compatible(answer: impl Fn(&str) -> (u16, String) + Send + Sync + 'static) -> (Canned, Bridge) {
    let upstream = Canned::answering(answer).await;
    let toml = format!(
        "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"mock-key\"\nlist_ttl = \"0s\"\n",
        upstream.url()
    );
    let bridge = Bridge::start(&toml).await;
    (upstream, bridge)
}

#[tokio::test]
async fn error_words_come_through_to_the_action_that_caused_them() {
    // What the upstream says to an order, and what the client hears.
    let table = [
        (200, "BANNED:'2022-11-12 15-58-39'", "BANNED:'2022-11-12 15-58-39'"),
        (200, "CHANNELS_LIMIT", "CHANNELS_LIMIT"),
        (200, "NO_BALANCE_FORWARD", "NO_BALANCE_FORWARD"),
        (200, "WHATSAPP_NOT_AVAILABLE", "WHATSAPP_NOT_AVAILABLE"),
        (200, "NO_YULA_MAIL", "NO_YULA_MAIL"),
        (200, "WRONG_EXCEPTION_PHONE", "WRONG_EXCEPTION_PHONE"),
        (200, "WRONG_MAX_PRICE:7.5", "WRONG_MAX_PRICE:7.5"),
        (200, "BAD_ACTION", "BAD_ACTION"),
        (200, "SOMETHING_NEW:5", "SOMETHING_NEW:5"),
        (200, "NO_NUMBERS", "NO_NUMBERS"),
        (200, "BAD_KEY", "BAD_KEY"),
        (400, r#"{"title":"WRONG_MAX_PRICE","details":"x","info":{"min":7.5}}"#, "WRONG_MAX_PRICE:7.5"),
        (403, r#"{"title":"SERVICE_UNAVAILABLE_REGION","details":"x"}"#, "SERVICE_UNAVAILABLE_REGION"),
        (401, r#"{"title":"BAD_KEY","details":"x"}"#, "BAD_KEY"),
        (200, r#"{"status":"error","message":"ORDER_ALREADY_EXISTS"}"#, "ORDER_ALREADY_EXISTS"),
        (200, r#"{"status":"error","msg":"SIM_OFFLINE"}"#, "SIM_OFFLINE"),
    ];
    for (status, says, hears) in table {
        let (upstream, bridge) = compatible(move |_| (status, says.to_owned())).await;
        let answer = bridge.ask("action=getNumber&service=tg&country=0").await;
        assert_eq!(answer, hears, "{status} {says}");
        let orders = upstream.asked().iter().filter(|asked| asked.contains("action=getNumber&")).count();
        assert_eq!(orders, 1, "{says}");
    }
}

#[tokio::test]
async fn an_error_that_is_json_in_the_document_stays_json() {
    for (status, says) in [
        (200, r#"{"status":"error","error":"OPERATORS_NOT_FOUND"}"#),
        (200, "OPERATORS_NOT_FOUND"),
        (404, r#"{"title":"OPERATORS_NOT_FOUND","details":"x"}"#),
    ] {
        let (_upstream, bridge) = compatible(move |_| (status, says.to_owned())).await;
        let answer = bridge.ask("action=getOperators&country=0").await;
        assert_eq!(answer, r#"{"status":"error","error":"OPERATORS_NOT_FOUND"}"#, "{says}");
    }
}

#[tokio::test]
async fn a_service_of_the_older_generation_gets_the_first_form_instead_of_the_second() {
    let (upstream, bridge) = compatible(|target| {
        let answer = match target {
            _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:3807035855:79991112233",
            _ if target.contains("action=getStatus&") => "STATUS_OK:12:34",
            _ if target.contains("action=getPrices") => r#"{"0":{"tg":{"cost":"12.5","count":"3"}}}"#,
            _ => "BAD_ACTION",
        };
        (200, answer.to_owned())
    })
    .await;
    let sold = bridge.json("action=getNumberV2&service=tg&country=0").await;
    assert_eq!((&sold["phoneNumber"], &sold["activationCost"]), (&"79991112233".into(), &"12.50".into()));
    let id = sold["activationId"].to_string();
    let shown = bridge.json(&format!("action=getStatusV2&id={id}")).await;
    assert_eq!(shown["sms"]["code"], "12:34");
    assert_eq!(bridge.ask(&format!("action=getFullSms&id={id}")).await, "FULL_SMS:12:34");
    let orders: Vec<_> = upstream.asked().into_iter().filter(|asked| asked.contains("getNumber")).collect();
    assert_eq!(orders.len(), 2, "{orders:?}");
}

#[tokio::test]
async fn the_old_message_in_the_second_form_is_not_taken_for_the_one_that_was_asked_for() {
    let old = r#"{"verificationType":0,"sms":{"dateTime":"2026-01-01 00:00:00","code":"11","text":"11"},"call":null}"#;
    let (_upstream, bridge) = compatible(move |target| {
        let answer = match target {
            _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:5:79991112233",
            _ if target.contains("action=getStatusV2") => old,
            _ if target.contains("action=getStatus&") => "STATUS_WAIT_RETRY:11",
            _ if target.contains("action=setStatus") => "ACCESS_RETRY_GET",
            _ => "{}",
        };
        (200, answer.to_owned())
    })
    .await;
    let (id, _) = bridge.order("service=tg&country=0").await;
    let second = format!("action=getStatusV2&id={id}");
    assert_eq!(bridge.ask(&second).await, old);
    assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(bridge.ask(&second).await, r#"{"verificationType":0,"sms":null,"call":null}"#);
    assert_eq!(bridge.status(&id).await, "STATUS_WAIT_RETRY:11");
}

#[tokio::test]
async fn the_newer_generation_is_folded_back_into_the_dialect() {
    let world = World::with("sms-activate", &["modern-errors"], "").await;
    let bridge = &world.bridge;
    let (id, _) = bridge.order("service=tg&country=0").await;
    for (query, answer) in [
        (format!("action=setStatus&id={id}&status=1"), "ACCESS_READY".to_owned()),
        ("action=getNumber&service=qqqq&country=0".into(), "BAD_SERVICE".into()),
        ("action=getNumber&service=tg&country=0&maxPrice=0.5".into(), {
            let price =
                bridge.json("action=getPrices&service=tg&country=0").await["0"]["tg"]["cost"].to_string();
            format!("WRONG_MAX_PRICE:{price}")
        }),
    ] {
        let response = bridge.get(&query).await;
        assert_eq!((response.status, response.body), (200, answer), "{query}");
    }
    world.end().await;
}
