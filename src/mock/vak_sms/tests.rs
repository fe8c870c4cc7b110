use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::mock::testing::{Bench, setup};
use crate::mock::{FaultPlan, Mishap, Scope, Setup, Special};

const KEY: &str = "apiKey=mock-key";

async fn bench(quirks: &[&str]) -> Bench {
    stocked(Bench::new("vak-sms", quirks).await)
}

fn stocked(bench: Bench) -> Bench {
    for (service, price) in [("tg", 1250), ("wa", 2000), ("ig", 300)] {
        bench.running.market().set_stock("ru", service, 11);
        bench.running.market().set_price("ru", service, Decimal::new(price, 2));
    }
    bench
}

impl Bench {
    async fn ask(&self, method: &str, rest: &str) -> Value {
        self.json(&format!("/api/{method}/?{KEY}{rest}")).await
    }

    async fn bought(&self) -> String {
        self.ask("getNumber", "&service=tg").await["idNum"].as_str().unwrap().to_owned()
    }

    async fn status(&self, id: &str, status: &str) -> Value {
        self.ask("setStatus", &format!("&idNum={id}&status={status}")).await
    }
}

#[tokio::test]
async fn lists_look_as_documented() {
    let bench = bench(&[]).await;
    assert_eq!(bench.text(&format!("/api/getBalance?{KEY}")).await, r#"{"balance":1000.0}"#);
    assert_eq!(bench.ask("getCountNumber", "&service=tg").await, json!({ "tg": 11 }));
    let priced = bench.ask("getCountNumber", "&service=wa&country=ru&operator=mts&price").await;
    assert_eq!(priced.to_string(), r#"{"wa":1,"price":20.0}"#);
    let list = bench.ask("getCountNumberList", "").await;
    assert_eq!(list["ig"].to_string(), r#"{"code":"ig","count":11,"price":3}"#);
    assert_eq!(list.as_object().unwrap().len(), 280);
    bench.is_clean();
}

#[tokio::test]
async fn an_activation_goes_from_waiting_to_codes() {
    let bench = bench(&[]).await;
    let sold = bench.text(&format!("/api/getNumber/?{KEY}&service=tg&country=ru&softId=7")).await;
    let sold: Value = serde_json::from_str(&sold).unwrap();
    let id = sold["idNum"].as_str().unwrap();
    assert!(sold["tel"].is_u64() && sold["tel"].to_string().starts_with("79"));
    assert_eq!(id.len(), 32);
    let ask = |all: &str| format!("/api/getSmsCode/?{KEY}&idNum={id}{all}");
    assert_eq!(bench.text(&ask("")).await, r#"{"smsCode":null}"#);
    assert_eq!(bench.text(&ask("&all")).await, r#"{"smsCode":null}"#);
    bench.advance(5);
    let first = bench.json(&ask("")).await["smsCode"].clone();
    assert!(first.is_string());
    assert_eq!(bench.status(id, "end").await, json!({ "status": "smsReceived" }));
    assert_eq!(bench.status(id, "send").await, json!({ "status": "ready" }));
    assert_eq!(bench.status(id, "end").await, json!({ "status": "waitSMS" }));
    assert_eq!(bench.status(id, "bad").await, json!({ "status": "waitSMS" }));
    assert_eq!(bench.text(&ask("")).await, r#"{"smsCode":null}"#);
    assert_eq!(bench.json(&ask("&all=None")).await, json!({ "smsCode": [first] }));
    bench.advance(5);
    assert_eq!(bench.json(&ask("&all")).await["smsCode"].as_array().unwrap().len(), 2);
    bench.advance(20 * 60);
    assert_eq!(bench.json(&ask("")).await, json!({ "error": "idNumNotFound" }));
    assert_eq!(bench.running.market().totals().charged, Decimal::new(1250, 2));
    assert_eq!(bench.running.calls("getSmsCode"), 7);
    bench.is_clean();
}

#[tokio::test]
async fn an_unused_number_is_refunded_and_forgotten() {
    let bench = bench(&[]).await;
    for status in ["end", "bad"] {
        let id = bench.bought().await;
        assert_eq!(bench.status(&id, status).await, json!({ "status": "update" }));
        assert_eq!(bench.status(&id, status).await, json!({ "error": "idNumNotFound" }));
    }
    assert_eq!(bench.running.market().totals().charged, Decimal::ZERO);
    bench.is_clean();
}

#[tokio::test]
async fn two_services_a_rent_and_a_number_once_more() {
    let bench = bench(&[]).await;
    let pair = bench.ask("getNumber", "&service=tg,wa").await;
    assert_eq!(pair[0]["tel"], pair[1]["tel"]);
    assert_eq!((pair[0]["service"].as_str(), pair[1]["service"].as_str()), (Some("tg"), Some("wa")));
    let rent = bench.ask("getNumber", "&service=ig&rent=true").await;
    let lot = bench.running.market().lot(rent["idNum"].as_str().unwrap()).unwrap();
    assert_eq!(lot.price, Decimal::from(15));
    assert_eq!((lot.expires_at - lot.bought_at).total(jiff::Unit::Hour).unwrap(), 4.0);
    let again = format!("&service=tg&tel={}", pair[0]["tel"]);
    assert_eq!(bench.ask("prolongNumber", &again).await, json!({ "error": "noNumber" }));
    bench.advance(21 * 60);
    let more = bench.ask("prolongNumber", &again).await;
    assert_eq!(more["tel"], pair[0]["tel"]);
    assert_ne!(more["idNum"], pair[0]["idNum"]);
    bench.is_clean();
}

#[tokio::test]
async fn bad_luck_is_no_violation() {
    let specials = vec![
        (Scope::Service("wa".into()), Special::NoFunds),
        (Scope::Service("ya".into()), Special::OutOfStock),
        (Scope::Service("ms".into()), Special::Unsupported),
    ];
    let bench = stocked(Bench::with("vak-sms", Setup { specials, ..setup() }).await);
    for (rest, word) in [("wa", "noMoney"), ("ya", "noNumber"), ("ms", "noService")] {
        assert_eq!(bench.ask("getNumber", &format!("&service={rest}")).await, json!({ "error": word }));
    }
    assert_eq!(bench.ask("getSmsCode", "&idNum=unknown").await, json!({ "error": "idNumNotFound" }));
    let wrong = bench.json("/api/getBalance/?apiKey=wrong").await;
    assert_eq!(wrong, json!({ "error": "apiKeyNotFound" }));
    bench.is_clean();
}

#[tokio::test]
async fn what_the_document_does_not_allow_is_refused_and_kept() {
    let bench = bench(&[]).await;
    let id = bench.bought().await;
    let cases = [
        ("getNumber", "&service=tg&maxPrice=5".to_owned(), "badData"),
        ("getNumber", "&service=tg&service=wa".to_owned(), "badData"),
        ("getNumber", "&country=ru".to_owned(), "badData"),
        ("getNumber", "&service=tg,wa,ig".to_owned(), "badData"),
        ("getNumber", "&service=tg&rent=1".to_owned(), "badData"),
        ("getNumber", "&service=go".to_owned(), "badService"),
        ("getNumber", "&service=tg&country=RU".to_owned(), "noCountry"),
        ("getNumber", "&service=tg&country=0".to_owned(), "noCountry"),
        ("getNumber", "&service=tg&operator=any".to_owned(), "noOperator"),
        ("getNumber", "&service=tg&operator=kyivstar".to_owned(), "noOperator"),
        ("setStatus", format!("&idNum={id}&status=8"), "badStatus"),
        ("setStatus", format!("&idNum={id}&status=send"), "badStatus"),
        ("prolongNumber", "&service=tg&tel=%2B79".to_owned(), "badData"),
    ];
    for (nth, (method, rest, word)) in cases.iter().enumerate() {
        assert_eq!(bench.ask(method, rest).await, json!({ "error": word }), "{method}{rest}");
        assert_eq!(bench.running.violations().len(), nth + 1, "{method}{rest}");
    }
    for path in ["/api/getBalance/?apikey=mock-key", "/api/getBalance/"] {
        assert_eq!(bench.json(path).await, json!({ "error": "apiKeyNotFound" }));
    }
    for path in
        ["/getBalance/?apiKey=mock-key", "/api/getBalances/?apiKey=mock-key", "/stubs/handler_api.php"]
    {
        assert_eq!(bench.get(path).await.0, 404, "{path}");
    }
    assert_eq!(bench.post(&format!("/api/getBalance/?{KEY}"), None).await.0, 405);
    assert_eq!(bench.running.violations().len(), cases.len() + 6);
    assert!(!bench.running.requests().iter().any(|line| line.contains("mock-key")));
    assert_eq!(bench.running.market().totals().purchases, 1);
}

#[tokio::test]
async fn quirks_change_what_they_say() {
    let all = ["http400", "numeric-idnum", "price-in-number", "count-sms", "empty-code"];
    let bench = bench(&all).await;
    let sold = bench.ask("getNumber", "&service=tg").await;
    assert_eq!(sold["price"].to_string(), "12.5");
    let id = sold["idNum"].as_str().unwrap();
    assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(bench.ask("getSmsCode", &format!("&idNum={id}")).await, json!({ "smsCode": "" }));
    bench.advance(5);
    assert_eq!(bench.status(id, "send").await, json!({ "status": "ready", "countSMS": 1 }));
    let (status, body) = bench.get(&format!("/api/getSmsCode/?{KEY}&idNum=1")).await;
    let expected = r#"{"statusCode":400,"message":"UserApiService error: {\"error\":\"idNumNotFound\"}"}"#;
    assert_eq!((status, body.as_str()), (400, expected));
    bench.is_clean();
}

#[tokio::test]
async fn mishaps_happen_before_or_after_the_effect() {
    let bench = bench(&[]).await;
    let buy = format!("/api/getNumber/?{KEY}&service=tg");
    let cases = [
        (Mishap::DropBefore, None, 0),
        (Mishap::DropAfter, None, 1),
        (Mishap::ServerError, Some(500), 1),
        (Mishap::BadGateway, Some(502), 1),
        (Mishap::TooManyRequests, Some(429), 1),
        (Mishap::CutBody, Some(200), 2),
        (Mishap::EmptyBody, Some(200), 3),
    ];
    for (mishap, status, purchases) in cases {
        bench.running.fault(FaultPlan::once(mishap).on("getNumber"));
        assert_eq!(bench.get(&format!("/api/getBalance/?{KEY}")).await.0, 200);
        let answer = bench.try_get(&buy).await;
        assert_eq!(answer.as_ref().ok().map(|answer| answer.0), status, "{mishap:?}");
        if status == Some(200) {
            assert!(serde_json::from_str::<Value>(&answer.unwrap().1).is_err(), "{mishap:?}");
        }
        assert_eq!(bench.running.market().totals().purchases, purchases, "{mishap:?}");
    }
    assert_eq!(bench.running.calls("getNumber"), 7);
    assert!(bench.ask("getNumber", "&service=tg").await["idNum"].is_string());
}

#[tokio::test]
async fn strings_can_be_pulled_over_http() {
    let bench = bench(&[]).await;
    bench.post("/_mock/market?country=ru&service=ya&stock=3&price=7.50&balance=20", None).await;
    assert_eq!(bench.ask("getCountNumber", "&service=ya&price").await.to_string(), r#"{"ya":3,"price":7.5}"#);
    let id = bench.bought().await;
    assert_eq!(bench.post(&format!("/_mock/deliver?id={id}&code=4711"), None).await.0, 200);
    assert_eq!(bench.ask("getSmsCode", &format!("&idNum={id}")).await, json!({ "smsCode": "4711" }));
    assert_eq!(bench.post("/_mock/clock?advance=21m", None).await.0, 200);
    assert_eq!(bench.post("/_mock/clock?advance=soon", None).await.0, 400);
    assert_eq!(bench.post("/_mock/market?special=no-funds", None).await.0, 400);
    assert_eq!(bench.post("/_mock/deliver?id=none&code=1", None).await.0, 409);
    assert_eq!(bench.json("/_mock/totals").await["charged"], "12.50");
    assert_eq!(bench.json("/_mock/calls").await["getNumber"].to_string(), "1");
    assert_eq!(bench.json("/_mock/lots").await[0]["state"], "finished");
    assert_eq!(bench.json("/_mock/violations").await, json!([]));
    bench.post("/_mock/fault?kind=drop-after&action=getNumber&times=2", None).await;
    for _ in 0..2 {
        assert!(bench.try_get(&format!("/api/getNumber/?{KEY}&service=ya")).await.is_err());
    }
    assert_eq!(bench.json("/_mock/totals").await["balance"], "0.00");
}
