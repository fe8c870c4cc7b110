//! The forms that clients disagree about (`WIRE.md` section 5): each as it is, and as `[dialect.shape]` can
//! have it.

use serde_json::{Value, json};

use super::{golden, refused, sandbox};
use crate::harness::{Bridge, Response, World};
use smsbridge::server::DIALECT_PATH;

/// A server with one form chosen.
async fn with(key: &str, word: &str) -> Bridge {
    sandbox(&format!("[dialect.shape]\n{key} = \"{word}\"")).await
}

/// A field of an object.
fn field<'a>(answer: &'a Value, name: &str) -> &'a Value {
    answer.get(name).unwrap_or_else(|| panic!("no {name}: {answer}"))
}

#[tokio::test]
async fn json_is_called_what_was_chosen() {
    async fn asked(bridge: &Bridge, action: &str, accept: &str) -> Option<String> {
        let target = format!("{DIALECT_PATH}?api_key=k&action={action}");
        let response: Response = crate::harness::get(bridge.addr, &target, &[("Accept", accept)]).await;
        response.header("content-type").map(str::to_owned)
    }
    let (html, json) = ("text/html; charset=UTF-8", "application/json");
    for (word, plain, naming) in [("auto", html, json), ("html", html, html), ("json", json, json)] {
        let bridge = with("json_type", word).await;
        // JSON that is an error is JSON as well.
        for action in ["getCountries", "getActiveActivations"] {
            assert_eq!(asked(&bridge, action, "*/*").await.as_deref(), Some(plain), "{word} {action}");
            assert_eq!(asked(&bridge, action, "application/json").await.as_deref(), Some(naming), "{word}");
        }
        for action in ["getBalance", "nonsense"] {
            assert_eq!(asked(&bridge, action, "application/json").await.as_deref(), Some(html), "{word}");
        }
        bridge.stop().await;
    }
}

#[tokio::test]
async fn number_v2_has_the_types_that_were_chosen() {
    for (key, word, name, right) in [
        ("activation_id", "number", "activationId", Value::is_u64 as fn(&Value) -> bool),
        ("activation_id", "text", "activationId", |id| {
            id.as_str().is_some_and(|id| id.parse::<i32>().is_ok())
        }),
        ("can_get_another_sms", "text", "canGetAnotherSms", |value| *value == json!("1")),
        ("can_get_another_sms", "bool", "canGetAnotherSms", |value| *value == json!(true)),
        ("can_get_another_sms", "number", "canGetAnotherSms", |value| *value == json!(1)),
    ] {
        let bridge = with(key, word).await;
        let bought = bridge.json("action=getNumberV2&service=tg&country=0").await;
        assert!(right(field(&bought, name)), "{key} {word}: {bought}");
        // One key changes one field.
        let others = bought.as_object().unwrap().iter().filter(|(other, _)| *other != name);
        for (other, value) in others {
            assert!(value.is_string() || other == "activationId" && value.is_u64(), "{other}: {value}");
        }
        bridge.stop().await;
    }
}

#[tokio::test]
async fn number_v2_names_its_currency_to_those_who_want_it() {
    let order = "action=getNumberV2&service=tg&country=0";
    for (word, said) in [("passed", None), ("number", Some(json!(643)))] {
        let bridge = with("v2_currency", word).await;
        assert_eq!(bridge.json(order).await.get("currency").cloned(), said, "{word}");
        bridge.stop().await;
    }
}

#[tokio::test]
async fn counts_costs_and_countries_have_the_forms_that_were_chosen() {
    let counts = "action=getNumbersStatus&country=0";
    for (word, right) in [("text", Value::is_string as fn(&Value) -> bool), ("number", Value::is_u64)] {
        let bridge = with("counts", word).await;
        let answer = bridge.json(counts).await;
        assert!(answer.as_object().unwrap().values().all(right), "{word}");
        bridge.stop().await;
    }
    for (word, right) in [("number", Value::is_number as fn(&Value) -> bool), ("text", Value::is_string)] {
        let bridge = with("costs", word).await;
        let answer = bridge.json("action=getPrices&service=tg&country=0").await;
        assert!(right(&answer["0"]["tg"]["cost"]) && answer["0"]["tg"]["count"].is_u64(), "{word}: {answer}");
        bridge.stop().await;
    }
    for (word, first) in [
        ("object", r#"{"0":{"id":0,"rus":"Россия","eng":"Russia","chn":"#),
        ("list", r#"[{"id":0,"name":"Россия","name_en":"Russia"},"#),
        ("russian", r#"{"0":{"id":"0","rus":"Россия","visible":1,"#),
    ] {
        let bridge = with("countries", word).await;
        assert!(bridge.ask("action=getCountries").await.starts_with(first), "{word}");
        bridge.stop().await;
    }
}

#[tokio::test]
async fn services_stand_in_an_object_or_alone() {
    let (wrapped, bare) = (with("services_list", "wrapped").await, with("services_list", "bare").await);
    let (whole, list) =
        (wrapped.json("action=getServicesList").await, bare.json("action=getServicesList").await);
    assert_eq!(whole["services"], list);
    assert!(list.as_array().is_some_and(|list| list.len() > 100));
    wrapped.stop().await;
    bare.stop().await;
}

#[tokio::test]
async fn status_v2_awaits_in_json_or_in_words() {
    let waiting = r#"{"verificationType":0,"sms":null,"call":null}"#;
    for (word, first, again) in
        [("json", waiting, waiting), ("text", "STATUS_WAIT_CODE", "STATUS_WAIT_RETRY:")]
    {
        for kind in ["sandbox", "sms-activate"] {
            let lines = format!("[dialect.shape]\nstatus_v2_waiting = \"{word}\"");
            let world = World::with(kind, &[], &lines).await;
            let bridge = &world.bridge;
            let (id, _) = bridge.order("service=tg&country=0").await;
            let ask = format!("action=getStatusV2&id={id}");
            golden(bridge, &[(&ask, first)]).await;
            world.let_message_come();
            let received = bridge.json(&ask).await;
            let code = received["sms"]["code"].as_str().unwrap().to_owned();
            assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
            let expected = if again.ends_with(':') { format!("{again}{code}") } else { again.to_owned() };
            golden(bridge, &[(&ask, &expected)]).await;
            world.end().await;
        }
    }
}

#[tokio::test]
async fn active_activations_have_every_code_or_the_last() {
    for (word, none, two) in
        [("list", json!([]), json!(["1111", "2222"])), ("text", json!(""), json!("2222"))]
    {
        let lines = format!("[dialect.shape]\nsms_code = \"{word}\"");
        let world = World::with("sms-activate", &[], &lines).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let codes = async || {
            world.bridge.json("action=getActiveActivations").await["activeActivations"][0]["smsCode"].clone()
        };
        assert_eq!(codes().await, none, "{word}");
        let market = world.upstream.as_ref().unwrap().market();
        let lot = market.lots().pop().unwrap().id;
        for code in ["1111", "2222"] {
            market.deliver(&lot, code, "text").unwrap();
            world.bridge.advance(2);
            assert_eq!(world.bridge.status(&id).await, format!("STATUS_OK:{code}"));
            assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
        }
        assert_eq!(codes().await, two, "{word}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_rents_messages_stand_in_an_object_or_a_list() {
    for word in ["object", "list"] {
        let world = World::with("sandbox", &[], &format!("[dialect.shape]\nrent_values = \"{word}\"")).await;
        let rented = world.bridge.json("action=getRentNumber&service=tg").await;
        let ask = format!("action=getRentStatus&id={}", rented["phone"]["id"]);
        golden(&world.bridge, &[(&ask, r#"{"status":"error","message":"STATUS_WAIT_CODE"}"#)]).await;
        world.let_message_come();
        world.bridge.json(&ask).await;
        world.let_message_come();
        let status = world.bridge.json(&ask).await;
        let rows: Vec<_> = match field(&status, "values") {
            Value::Object(rows) if word == "object" => {
                assert!(rows.keys().eq(["0", "1"]), "{status}");
                rows.values().collect()
            }
            Value::Array(rows) if word == "list" => rows.iter().collect(),
            other => panic!("{word}: {other}"),
        };
        let dates: Vec<_> = rows.iter().map(|row| field(row, "date").as_str().unwrap()).collect();
        assert_eq!((dates.len(), dates[0] > dates[1]), (2, true), "{word}: {status}");
        world.end().await;
    }
}

#[tokio::test]
async fn an_id_that_is_no_activations_has_the_word_that_was_chosen() {
    for word in ["NO_ACTIVATION", "WRONG_ACTIVATION_ID"] {
        let bridge = with("unknown_id", word).await;
        refused(
            &bridge,
            &[
                ("action=getStatus&id=1", word),
                ("action=getStatus", word),
                ("action=getStatusV2&id=1", word),
                ("action=getFullSms&id=1", word),
                ("action=setStatus&id=1&status=8", word),
                // That is another thing.
                ("action=getActiveActivations", r#"{"status":"error","error":"NO_ACTIVATIONS"}"#),
            ],
        )
        .await;
        bridge.stop().await;
    }
}

#[tokio::test]
async fn a_balance_is_bare_and_a_language_mandatory_where_that_was_chosen() {
    let bridge = sandbox("[dialect.shape]\nbalance = \"bare\"\nlang = \"required\"").await;
    golden(&bridge, &[("action=getBalance&lang=ru", "463.02"), ("action=getBalance", "BAD_LANG")]).await;
    bridge.stop().await;
    let dialect = "[dialect]\nflavour = \"sms-service-online\"\n[dialect.shape]\nbalance = \"word\"\nlang = \"ignored\"";
    let bridge = sandbox(dialect).await;
    golden(&bridge, &[("action=getBalance", "ACCESS_BALANCE:463.02")]).await;
    golden(&bridge, &[("action=getBalance&lang=en", "ACCESS_BALANCE:463.02")]).await;
    bridge.stop().await;
}
