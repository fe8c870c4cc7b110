use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::QUIRKS;
use crate::mock::testing::{Bench, setup};
use crate::mock::{FaultPlan, Mishap, Scope, Setup, Special};

const TOKEN: &str = "token=mock-key";

async fn bench(quirks: &[&str]) -> Bench {
    stocked(Bench::new("sms-man-v2", quirks).await)
}

fn stocked(bench: Bench) -> Bench {
    let market = bench.running.market();
    for (service, kopecks) in [("tg", 1500), ("wa", 1235)] {
        market.set_stock("0", service, 26);
        market.set_price("0", service, Decimal::new(kopecks, 2));
    }
    bench
}

async fn ask(bench: &Bench, call: &str, rest: &str) -> Value {
    bench.json(&format!("/control/{call}?{TOKEN}{rest}")).await
}

async fn sold(bench: &Bench) -> String {
    ask(bench, "get-number", "&country_id=1&application_id=3").await["request_id"].to_string()
}

async fn sms(bench: &Bench, id: &str) -> Value {
    ask(bench, "get-sms", &format!("&request_id={id}")).await
}

async fn tell(bench: &Bench, id: &str, status: &str) -> Value {
    ask(bench, "set-status", &format!("&request_id={id}&status={status}")).await
}

/// The code of an error, whose form is the documented one.
fn error(answer: &Value) -> &str {
    assert_eq!(answer["success"], false, "{answer}");
    assert!(answer["error_msg"].is_string(), "{answer}");
    answer["error_code"].as_str().unwrap()
}

fn success(id: &str) -> Value {
    json!({ "request_id": id.parse::<u64>().unwrap(), "success": true })
}

#[tokio::test]
async fn lists_look_as_documented() {
    let bench = bench(&[]).await;
    assert_eq!(ask(&bench, "get-balance", "").await, json!({ "balance": "1000.00" }));
    let one = ask(&bench, "limits", "&country_id=1&application_id=3").await;
    assert_eq!(one.to_string(), r#"[{"application_id":"3","country_id":"1","numbers":"26"}]"#);
    assert_eq!(ask(&bench, "limits", "&application_id=3").await.as_array().unwrap().len(), 17);
    assert_eq!(ask(&bench, "limits", "").await.as_array().unwrap().len(), 17 * 26);
    let prices = ask(&bench, "get-prices", "&country_id=1").await;
    assert_eq!(prices["1"]["3"].to_string(), r#"{"cost":"15","count":26}"#);
    assert_eq!(prices.as_object().unwrap().len(), 1);
    assert_eq!(ask(&bench, "get-prices", "").await["1"]["6"]["cost"], "12.35");
    let countries = ask(&bench, "countries", "").await;
    assert_eq!(countries["1"].to_string(), r#"{"id":"1","title":"Russia","code":"RU"}"#);
    let applications = ask(&bench, "applications", "").await;
    assert_eq!(applications["3"].to_string(), r#"{"id":"3","name":"Telegram","code":"tg"}"#);
    // A country of which this selection knows nothing.
    assert_eq!(ask(&bench, "limits", "&country_id=999").await, json!([]));
    assert_eq!(ask(&bench, "get-prices", "&country_id=999").await, json!({}));
    let response = reqwest::get(format!("{}/control/countries?{TOKEN}", bench.running.url())).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    bench.is_clean();
}

#[tokio::test]
async fn an_activation_goes_from_waiting_to_codes() {
    let bench = bench(&[]).await;
    let order = "&country_id=1&application_id=3&ref=partner&hasMultipleSms=true";
    let number = ask(&bench, "get-number", order).await;
    let phone = number["number"].as_str().unwrap();
    assert!(phone.starts_with("79"));
    let expected =
        json!({ "request_id": 572_295_481, "country_id": 1, "application_id": 3, "number": phone });
    assert_eq!(number, expected);
    let id = number["request_id"].to_string();
    let waiting = sms(&bench, &id).await;
    assert_eq!(
        (&waiting["error_code"], &waiting["error_msg"]),
        (&json!("wait_sms"), &json!("Still waiting..."))
    );
    assert_eq!(waiting["number"], phone);
    assert!(waiting.get("success").is_none() && waiting.get("sms_code").is_none());
    assert_eq!(tell(&bench, &id, "ready").await, success(&id));
    bench.advance(5);
    let first = sms(&bench, &id).await;
    assert!(first["sms_code"].is_string() && first.get("error_code").is_none());
    for _ in 0..2 {
        assert_eq!(tell(&bench, &id, "retrysms").await, success(&id));
        assert_eq!(sms(&bench, &id).await["error_code"], "wait_sms");
    }
    bench.advance(5);
    let second = sms(&bench, &id).await;
    assert!(second["sms_code"].is_string());
    assert_eq!(tell(&bench, &id, "close").await, success(&id));
    assert_eq!(sms(&bench, &id).await, second);
    assert_eq!(error(&tell(&bench, &id, "close").await), "wrong_status");
    assert_eq!(bench.running.calls("get-sms"), 6);
    assert_eq!(bench.running.calls("get-number"), 1);
    assert_eq!(bench.running.market().totals().charged, Decimal::from(15));
    bench.is_clean();
}

#[tokio::test]
async fn what_was_not_used_is_refunded() {
    let bench = bench(&[]).await;
    bench.running.market().declare(Scope::Service("tg".into()), Special::NoMessage);
    for word in ["reject", "used"] {
        let id = sold(&bench).await;
        assert_eq!(ask(&bench, "get-balance", "").await["balance"], "985.00");
        assert_eq!(tell(&bench, &id, word).await, success(&id));
        assert_eq!(error(&sms(&bench, &id).await), "wrong_request_id");
        for again in ["reject", "used", "ready", "close", "retrysms"] {
            assert_eq!(error(&tell(&bench, &id, again).await), "wrong_status", "{word} {again}");
        }
        assert_eq!(ask(&bench, "get-balance", "").await["balance"], "1000.00");
    }
    let expired = sold(&bench).await;
    bench.advance(20 * 60);
    assert_eq!(error(&sms(&bench, &expired).await), "wrong_request_id");
    let totals = bench.running.market().totals();
    assert_eq!((totals.purchases, totals.charged), (3, Decimal::ZERO));
    assert_eq!(totals.credited, totals.balance + totals.charged);
    bench.is_clean();
}

#[tokio::test]
async fn bad_luck_is_no_violation() {
    let specials = vec![
        (Scope::Service("vk".into()), Special::NoFunds),
        (Scope::Service("ok".into()), Special::OutOfStock),
        (Scope::Service("go".into()), Special::Unsupported),
    ];
    let bench = stocked(Bench::with("sms-man-v2", Setup { specials, ..setup() }).await);
    bench.running.market().set_stock("0", "vk", 9);
    for (rest, code) in [
        ("&country_id=1&application_id=1", "balance"),
        ("&country_id=1&application_id=4", "no_numbers"),
        ("&country_id=1&application_id=9", "wrong_application_id"),
        ("&country_id=1&application_id=9999", "wrong_application_id"),
        ("&country_id=999&application_id=3", "no_numbers"),
        ("&country_id=1&application_id=3&maxPrice=14&currency=RUB", "no_numbers"),
    ] {
        assert_eq!(error(&ask(&bench, "get-number", rest).await), code, "{rest}");
    }
    assert_eq!(error(&sms(&bench, "1").await), "wrong_request_id");
    assert_eq!(error(&tell(&bench, "1", "reject").await), "wrong_request_id");
    let wrong = bench.get("/control/get-balance?token=wrong").await;
    let expected = r#"{"success":false,"error_code":"wrong_token","error_msg":"Wrong token!"}"#;
    assert_eq!(wrong, (200, expected.to_owned()));
    // The code came, but the buyer has not seen it yet.
    let id = sold(&bench).await;
    bench.advance(5);
    for word in ["reject", "used", "ready"] {
        assert_eq!(error(&tell(&bench, &id, word).await), "wrong_status");
    }
    bench.is_clean();
    assert_eq!(bench.running.market().totals().purchases, 1);
}

#[tokio::test]
async fn what_the_document_does_not_allow_is_refused_and_kept() {
    let bench = bench(&[]).await;
    let id = sold(&bench).await;
    let cases = [
        ("get-number", "&application_id=3".to_owned(), "wrong_country_id"),
        ("get-number", "&country_id=0&application_id=3".to_owned(), "wrong_country_id"),
        ("get-number", "&country_id=RU&application_id=3".to_owned(), "wrong_country_id"),
        ("get-number", "&country_id=1".to_owned(), "wrong_application_id"),
        ("get-number", "&country_id=1&application_id=tg".to_owned(), "wrong_application_id"),
        ("get-number", "&country_id=1&application_id=3&operator=any".to_owned(), "wrong_parameter"),
        ("get-number", "&country_id=1&application_id=3&country_id=2".to_owned(), "wrong_parameter"),
        ("get-number", "&country_id=1&application_id=3&maxPrice=12.5".to_owned(), "wrong_parameter"),
        ("get-number", "&country_id=1&application_id=3&currency=BTC".to_owned(), "wrong_parameter"),
        ("get-number", "&country_id=1&application_id=3&hasMultipleSms=1".to_owned(), "wrong_parameter"),
        ("get-prices", "&application_id=3".to_owned(), "wrong_parameter"),
        ("countries", "&lang=en".to_owned(), "wrong_parameter"),
        ("limits", "&country_id=0".to_owned(), "wrong_country_id"),
        ("get-sms", String::new(), "wrong_request_id"),
        ("get-sms", "&request_id=abc".to_owned(), "wrong_request_id"),
        ("set-status", format!("&request_id={id}"), "wrong_status"),
        ("set-status", format!("&request_id={id}&status=cancel"), "wrong_status"),
        ("set-status", format!("&request_id={id}&status=8"), "wrong_status"),
        ("set-status", format!("&request_id={id}&status=close"), "wrong_status"),
        ("set-status", format!("&request_id={id}&status=retrysms"), "wrong_status"),
    ];
    for (nth, (call, rest, code)) in cases.iter().enumerate() {
        assert_eq!(error(&ask(&bench, call, rest).await), *code, "{call}{rest}");
        assert_eq!(bench.running.violations().len(), nth + 1, "{call}{rest}");
    }
    bench.advance(5);
    assert!(sms(&bench, &id).await["sms_code"].is_string());
    for late in ["reject", "used", "ready"] {
        assert_eq!(error(&tell(&bench, &id, late).await), "wrong_status", "{late}");
    }
    for path in ["/control/get-balance", "/control/get-balance?api_key=mock-key"] {
        assert_eq!(error(&bench.json(path).await), "wrong_token", "{path}");
    }
    for path in ["/control/services", "/control/", "/get-balance", "/stubs/handler_api.php"] {
        assert_eq!(bench.get(&format!("{path}?{TOKEN}")).await.0, 404, "{path}");
    }
    assert_eq!(bench.running.violations().len(), cases.len() + 9);
    assert_eq!(bench.running.market().totals().purchases, 1);
}

#[tokio::test]
async fn a_form_is_as_good_as_a_query() {
    let bench = bench(&[]).await;
    let expected = (200, r#"{"balance":"1000.00"}"#.to_owned());
    assert_eq!(bench.post("/control/get-balance", Some(TOKEN)).await, expected);
    assert_eq!(bench.post(&format!("/control/get-balance?{TOKEN}"), None).await, expected);
    assert!(bench.running.requests().iter().all(|line| !line.contains("mock-key")));
    bench.is_clean();
}

#[tokio::test]
async fn errors_may_come_with_http_400_and_messages_may_be_objects() {
    let bench = bench(&["v2-http400", "error-object"]).await;
    let (status, body) = bench.get("/control/get-balance?token=wrong").await;
    let expected = r#"{"success":false,"error_code":"wrong_token","error_msg":{"token":"Wrong token!"}}"#;
    assert_eq!((status, body.as_str()), (400, expected));
    let none = format!("/control/get-number?{TOKEN}&country_id=999&application_id=3");
    assert_eq!(bench.get(&none).await.0, 400);
    // That there is no code yet is no error, though it is said with an error's code.
    let id = sold(&bench).await;
    let (status, body) = bench.get(&format!("/control/get-sms?{TOKEN}&request_id={id}")).await;
    assert_eq!((status, body.contains("wait_sms")), (200, true));
    bench.is_clean();
}

#[tokio::test]
async fn answers_may_have_the_shapes_met_in_the_wild() {
    let all: Vec<&str> = QUIRKS.iter().map(|quirk| quirk.name).collect();
    let bench = bench(&all).await;
    let balance = ask(&bench, "get-balance", "").await;
    assert!(balance["balance"].is_string() && balance["hold"].is_u64() && balance["channels"].is_u64());
    let limits = ask(&bench, "limits", "&country_id=1").await;
    assert_eq!(limits["3"].to_string(), r#"{"application_id":"3","country_id":"1","numbers":"26"}"#);
    assert!(ask(&bench, "limits", "").await.is_array());
    let prices = ask(&bench, "get-prices", "&country_id=1").await;
    let row = r#"{"cost":"15","count":26,"application_id":"3","country_id":"1"}"#;
    assert_eq!(prices["3"].to_string(), row);
    assert_eq!(ask(&bench, "get-prices", "").await["1"]["3"]["cost"], "15");
    assert_eq!(ask(&bench, "countries", "").await[0]["title"], "Russia");
    assert_eq!(ask(&bench, "applications", "").await[0]["title"], "Vkontakte");
    let number = ask(&bench, "get-number", "&country_id=1&application_id=3").await;
    assert_eq!((&number["request_id"], &number["country_id"]), (&json!("572295481"), &json!("1")));
    bench.advance(5);
    let shown = sms(&bench, "572295481").await;
    let text = format!("Your code is {}", shown["sms_code"].as_str().unwrap());
    assert_eq!(shown["full_sms"], text);
    assert_eq!(tell(&bench, "572295481", "close").await["request_id"], "572295481");
    bench.is_clean();
}

#[tokio::test]
async fn an_order_may_be_carried_out_and_its_answer_lost() {
    let bench = bench(&[]).await;
    bench.running.fault(FaultPlan::once(Mishap::DropAfter).on("get-number"));
    let order = format!("/control/get-number?{TOKEN}&country_id=1&application_id=3");
    assert!(bench.try_get(&order).await.is_err());
    assert_eq!(bench.running.market().totals().purchases, 1);
    assert_eq!(ask(&bench, "get-balance", "").await["balance"], "985.00");
}
