use std::ops::Deref;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::mock::testing::{Bench, setup};
use crate::mock::{Scope, Settings, Setup, Special};

const GONE: &str = r#"{"error":"Активация не найдена"}"#;

/// A bench with this provider's words.
pub(super) struct Ak(pub(super) Bench);

impl Deref for Ak {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.0
    }
}

async fn bench(quirks: &[&str]) -> Ak {
    stocked(Bench::new("smsak", quirks).await)
}

fn stocked(bench: Bench) -> Ak {
    for (service, price) in [("6", 1300), ("4", 500)] {
        bench.running.market().set_stock("RU", service, 11);
        bench.running.market().set_price("RU", service, Decimal::new(price, 2));
    }
    Ak(bench)
}

fn coded(code: u16, message: &str) -> Value {
    let kind = "app\\helpers\\apiException";
    json!({ "name": "error", "message": message, "code": code, "status": 200, "type": kind })
}

impl Ak {
    pub(super) async fn call(&self, method: &str, query: &str) -> String {
        let (status, body) = self.get(&format!("/api/{method}/mock-key{query}")).await;
        assert_eq!(status, 200, "{method}{query}");
        body
    }

    pub(super) async fn value(&self, method: &str, query: &str) -> Value {
        serde_json::from_str(&self.call(method, query).await).unwrap()
    }

    /// A number of a service of Russia: its id.
    async fn number(&self, service: &str) -> String {
        self.value("getnumber", &format!("?id={service}&code=RU")).await["id"].to_string()
    }

    fn charged(&self) -> Decimal {
        let totals = self.running.market().totals();
        assert_eq!(totals.charged, totals.credited - totals.balance);
        totals.charged
    }
}

#[tokio::test]
async fn lists_look_as_documented() {
    let bench = bench(&[]).await;
    assert_eq!(bench.call("getbalance", "").await, "1000");
    let countries = bench.value("countries", "").await;
    assert_eq!(countries.as_array().unwrap().len(), 10);
    assert_eq!(countries[0].to_string(), r#"{"name":"Россия","code":"RU"}"#);
    assert_eq!(countries[5]["code"], "BL");
    let services = bench.value("getservices", "").await;
    let telegram = r#"{"id":6,"name":"telegram","logo":"/uploads/logo/te.png","cost":13}"#;
    assert_eq!(services[4].to_string(), telegram);
    let stock = bench.value("numbersstatus", "?code=RU").await;
    assert_eq!(stock.as_array().unwrap().len(), 24);
    let telegram = r#"{"id":"6","name":"telegram","count":"11","logo":"/uploads/logo/te.png","cost":"13"}"#;
    assert_eq!(stock[4].to_string(), telegram);
    for country in countries.as_array().unwrap() {
        let query = format!("?code={}", country["code"].as_str().unwrap());
        for row in bench.value("numbersstatus", &query).await.as_array().unwrap() {
            let texts = ["id", "count", "cost"].map(|name| row[name].as_str().unwrap().parse::<u32>());
            assert!(texts.iter().all(Result::is_ok), "whole rubles, in strings: {row}");
        }
    }
    bench.is_clean();
}

#[tokio::test]
async fn an_activation_goes_from_waiting_to_messages() {
    let bench = bench(&[]).await;
    let sold = bench.value("getnumber", "?id=6&code=RU").await;
    let number = sold["number"].as_str().unwrap();
    assert!(sold["id"].is_u64() && sold["send"] == 0 && number.starts_with("+79") && number.len() == 12);
    let id = format!("?id={}", sold["id"]);
    let waiting = format!(r#"{{"number":"{number}","from":null,"text":null,"small":null,"time":null}}"#);
    assert_eq!(bench.call("getstatus", &id).await, waiting);
    assert_eq!(bench.call("all-sms", &id).await, "[]");
    assert_eq!(bench.call("getlatestcode", &id).await, "");
    bench.advance(5);
    let first = bench.value("getstatus", &id).await;
    let code = first["small"].as_str().unwrap();
    assert_eq!(first["text"], format!("Your code is {code}"));
    assert_eq!(first["time"].as_str().unwrap().len(), "2017-08-06 12:47:29".len());
    assert_eq!(bench.call("getlatestcode", &id).await, code);
    assert_eq!(bench.value("all-sms", &id).await, json!([first]));
    assert_eq!(bench.call("play", &id).await, "1");
    assert_eq!(bench.call("play", &id).await, "1");
    assert_eq!(bench.value("getstatus", &id).await, first);
    bench.advance(5);
    let second = bench.value("getstatus", &id).await;
    assert_ne!(second, first);
    assert_eq!(bench.value("all-sms", &id).await, json!([second, first]));
    bench.advance(20 * 60);
    for method in ["getstatus", "all-sms", "getlatestcode", "play"] {
        assert_eq!(bench.call(method, &id).await, GONE, "{method}");
    }
    assert_eq!(bench.charged(), Decimal::from(13));
    assert_eq!(bench.running.calls("getnumber"), 1);
    bench.is_clean();
}

#[tokio::test]
async fn a_message_may_have_no_code() {
    let bench = bench(&[]).await;
    let id = bench.number("6").await;
    bench.running.market().deliver(&id, "", "Welcome").unwrap();
    let shown = bench.value("getstatus", &format!("?id={id}")).await;
    assert_eq!((shown["small"].as_str(), shown["text"].as_str()), (Some("-"), Some("Welcome")));
    assert_eq!(bench.call("getlatestcode", &format!("?id={id}")).await, "-");
    bench.is_clean();
}

#[tokio::test]
async fn a_number_goes_back_after_thirty_seconds_and_is_refunded_if_unused() {
    let early = r#"{"error":"Возврат возможен не ранее чем через 30 секунд после взятия"}"#;
    let specials = vec![(Scope::Service("6".into()), Special::NoMessage)];
    let bench = stocked(Bench::with("smsak", Setup { specials, ..setup() }).await);
    for (service, charged) in [("6", 0), ("4", 5)] {
        let id = bench.number(service).await;
        let back = format!("?id={id}&status=1");
        bench.advance(29);
        assert_eq!(bench.call("setstatus", &back).await, early);
        bench.advance(1);
        assert_eq!(bench.call("setstatus", &back).await, "1");
        assert_eq!(bench.call("setstatus", &back).await, GONE);
        assert_eq!(bench.charged(), Decimal::from(charged), "service {service}");
    }
    bench.is_clean();
    let market = Settings { early_cancel: Some(std::time::Duration::ZERO), ..Settings::default() };
    let easy = stocked(Bench::with("smsak", Setup { market, ..setup() }).await);
    let id = easy.number("6").await;
    assert_eq!(easy.call("setstatus", &format!("?id={id}&status=1")).await, "1");
    assert_eq!(easy.charged(), Decimal::ZERO);
}

#[tokio::test]
async fn calls_are_forwarded_after_the_first_message() {
    let bench = bench(&[]).await;
    let (avito, telegram) = (bench.number("4").await, bench.number("6").await);
    let forward = |id: &str| format!("?id={id}&status=2&forward=79007777777");
    let refused = bench.value("setstatus", &forward(&avito)).await;
    assert!(refused["error"].is_string());
    bench.advance(5);
    assert!(bench.value("setstatus", &forward(&telegram)).await["error"].is_string());
    assert_eq!(bench.running.violations().len(), 2);
    assert_eq!(bench.call("setstatus", &forward(&avito)).await, "1");
    assert_eq!(bench.running.violations().len(), 2);
}

#[tokio::test]
async fn bad_luck_is_no_violation() {
    let specials = vec![
        (Scope::Service("9".into()), Special::NoFunds),
        (Scope::Service("15".into()), Special::OutOfStock),
        (Scope::Country("BL".into()), Special::Unsupported),
    ];
    let bench = stocked(Bench::with("smsak", Setup { specials, ..setup() }).await);
    bench.running.market().set_stock("RU", "9", 1);
    for (query, code, message) in [
        ("?id=9&code=RU", 102, "Insufficient funds"),
        ("?id=15&code=RU", 103, "No numbers available"),
        ("?id=6&code=BL", 101, "Service not found"),
    ] {
        assert_eq!(bench.value("getnumber", query).await, coded(code, message), "{query}");
    }
    let wrong = bench.json("/api/getbalance/wrong").await;
    assert_eq!(wrong, coded(202, "Api ключ не действителен"));
    assert_eq!(bench.json("/api/getbalance/blocked-key").await["code"], 203);
    for method in ["getstatus", "all-sms", "getlatestcode", "play"] {
        assert_eq!(bench.call(method, "?id=707").await, GONE, "{method}");
    }
    assert_eq!(bench.call("setstatus", "?id=707&status=1").await, GONE);
    assert_eq!(bench.charged(), Decimal::ZERO);
    bench.is_clean();
}

#[tokio::test]
async fn what_the_document_does_not_allow_is_refused_and_kept() {
    let bench = bench(&[]).await;
    let id = bench.number("6").await;
    let of = |rest: &str| format!("?id={id}{rest}");
    let cases = [
        ("getbalance", "?api_key=mock-key".to_owned(), None),
        ("getnumber", "?id=6&code=RU&operator=mts".to_owned(), None),
        ("getnumber", "?id=6&id=7&code=RU".to_owned(), None),
        ("getnumber", "?code=RU".to_owned(), Some(101)),
        ("getnumber", "?id=1&code=RU".to_owned(), Some(101)),
        ("getnumber", "?id=tg&code=RU".to_owned(), Some(101)),
        ("getnumber", "?id=6".to_owned(), Some(103)),
        ("getnumber", "?id=6&code=ru".to_owned(), Some(103)),
        ("getnumber", "?id=6&code=BY".to_owned(), Some(103)),
        ("numbersstatus", String::new(), Some(103)),
        ("numbersstatus", "?code=0".to_owned(), Some(103)),
        ("getstatus", String::new(), None),
        ("getstatus", "?id=abc".to_owned(), None),
        ("play", of(""), None),
        ("setstatus", of(""), None),
        ("setstatus", of("&status=8"), None),
        ("setstatus", of("&status=3"), None),
        ("setstatus", of("&status=1&forward=79007777777"), None),
        ("setstatus", of("&status=2"), None),
        ("setstatus", of("&status=2&forward=%2B79007777777"), None),
    ];
    for (nth, (method, query, code)) in cases.iter().enumerate() {
        let answer = bench.value(method, query).await;
        match code {
            Some(code) => assert_eq!(answer["code"], *code, "{method}{query}"),
            None => assert!(answer["error"].is_string(), "{method}{query}: {answer}"),
        }
        assert_eq!(bench.running.violations().len(), nth + 1, "{method}{query}");
    }
    assert_eq!(bench.running.market().totals().purchases, 1);
}

#[tokio::test]
async fn the_key_is_in_the_path_and_never_shown() {
    let bench = Bench::with("smsak", Setup { key: "a key/1".into(), ..setup() }).await;
    assert_eq!(bench.text("/api/getbalance/a%20key%2F1").await, "1000");
    assert_eq!(bench.text("/api/getbalance/a%20key%2f1").await, "1000");
    bench.is_clean();
    for path in ["/api/getbalance", "/api/getbalance/", "/api/getbalance?api_key=a+key%2F1"] {
        assert_eq!(bench.json(path).await["code"], 201, "{path}");
    }
    for path in ["/api/getbalance/a%20key/1", "/api/getbalance/a%20key%2F1/"] {
        assert_eq!(bench.json(path).await["code"], 202, "{path}");
    }
    for path in ["/api/getBalance/a%20key%2F1", "/api/a%20key%2F1", "/getbalance/a%20key%2F1"] {
        assert_eq!(bench.get(path).await.0, 404, "{path}");
    }
    assert_eq!(bench.post("/api/getbalance/a%20key%2F1", None).await.0, 405);
    let lines = [bench.running.requests(), bench.running.violations()].concat();
    assert_eq!(bench.running.violations().len(), 9);
    assert!(lines.contains(&"GET /api/getbalance/***".to_owned()));
    assert!(!lines.iter().any(|line| line.contains("key%2") || line.contains("a%20key")), "{lines:?}");
}

#[tokio::test]
async fn quirks_change_what_they_say() {
    let bench = bench(&["empty-number", "dash"]).await;
    let id = bench.number("6").await;
    let waiting = bench.value("getstatus", &format!("?id={id}")).await;
    for field in ["from", "text", "small", "time"] {
        assert_eq!(waiting[field], "-", "{field}");
    }
    bench.running.market().set_stock("RU", "6", 0);
    let none = bench.call("getnumber", "?id=6&code=RU").await;
    assert_eq!(none, r#"{"id":0,"number":"","send":0}"#);
    assert_eq!(bench.charged(), Decimal::from(13));
    bench.is_clean();
}
