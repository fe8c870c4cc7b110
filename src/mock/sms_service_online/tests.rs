use std::ops::Deref;
use std::time::Duration;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::mock::testing::{Bench, setup};
use crate::mock::{Scope, Settings, Setup, Special};

/// A bench with this provider's words.
struct Online(Bench);

impl Deref for Online {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.0
    }
}

async fn bench(quirks: &[&str]) -> Online {
    stocked(Bench::new("sms-service-online", quirks).await)
}

fn stocked(bench: Bench) -> Online {
    bench.running.market().set_stock("0", "tg", 19);
    bench.running.market().set_price("0", "tg", Decimal::new(2988, 2));
    Online(bench)
}

const TELEGRAM: &str = "&service=tg&country=0&operator=any";

impl Online {
    async fn says(&self, action: &str, rest: &str) -> String {
        let query = format!("api_key=mock-key&action={action}{rest}");
        let (status, body) = self.get(&format!("/stubs/handler_api?{query}")).await;
        assert_eq!(status, 200, "{query}");
        body
    }

    /// In rubles.
    async fn ru(&self, action: &str, rest: &str) -> String {
        self.says(action, &format!("{rest}&lang=ru")).await
    }

    /// A number of the service in Russia: its id.
    async fn sold(&self, rest: &str) -> String {
        let answer = self.ru("getNumber", rest).await;
        let parts: Vec<_> = answer.split(':').collect();
        assert!(parts.len() == 3 && parts[0] == "ACCESS_NUMBER" && parts[2].starts_with("79"), "{answer}");
        parts[1].to_owned()
    }

    async fn tell(&self, id: &str, status: &str) -> String {
        self.ru("setStatus", &format!("&id={id}&status={status}")).await
    }

    async fn shows(&self, id: &str) -> String {
        self.ru("getStatus", &format!("&id={id}")).await
    }

    fn paid(&self) -> Decimal {
        let totals = self.running.market().totals();
        assert_eq!(totals.charged, totals.credited - totals.balance);
        totals.charged
    }
}

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[tokio::test]
async fn lists_look_as_documented() {
    let bench = bench(&[]).await;
    bench.running.market().set_balance(amount("463.02"));
    bench.running.market().set_stock("0", "wa", 0);
    assert_eq!(bench.ru("getBalance", "").await, "463.02");
    let countries: Value = serde_json::from_str(&bench.ru("getCountryAndOperators", "").await).unwrap();
    assert_eq!(countries.as_array().unwrap().len(), 110);
    let kazakhstan = r#"{"id":2,"name":"Kazakhstan","operators":{"activ":"activ","altel":"altel","any":"any","beeline":"beeline","tele2":"tele2"}}"#;
    assert_eq!(countries[2].to_string(), kazakhstan);
    let services = bench.ru("getServicesAndCost", "&country=0&operator=any").await;
    let services: Value = serde_json::from_str(&services).unwrap();
    assert_eq!(services.as_array().unwrap().len(), 224);
    assert_eq!(services[4].to_string(), r#"{"id":"tg","name":"Telegram","price":29.88,"quantity":"19"}"#);
    assert_eq!(services[2].to_string(), r#"{"id":"wa","name":"Whatsapp","price":0,"quantity":"0"}"#);
    let one = bench.ru("getServicesAndCost", "&country=0&operator=mts").await;
    assert!(one.contains(r#""price":29.88,"quantity":"1"}"#));
    bench.is_clean();
}

#[tokio::test]
async fn amounts_are_dollars_in_english() {
    let bench = bench(&[]).await;
    assert_eq!(bench.says("getBalance", "&lang=en").await, "12.50");
    let services = bench.says("getServicesAndCost", "&country=0&operator=any&lang=en").await;
    assert!(services.contains(r#"{"id":"tg","name":"Telegram","price":0.3735,"quantity":"19"}"#));
    bench.says("getNumber", &format!("{TELEGRAM}&lang=en")).await;
    assert_eq!(bench.says("getBalance", "&lang=en").await, "12.1265");
    assert_eq!(bench.paid(), amount("29.88"));
    // Names have no currency.
    bench.ru("getCountryAndOperators", "").await;
    bench.is_clean();
    assert_eq!(bench.ru("getBalance", "").await, "970.12");
    assert_eq!(bench.running.violations().len(), 1);
}

#[tokio::test]
async fn an_activation_goes_from_waiting_to_codes() {
    let bench = bench(&[]).await;
    let id = bench.sold("&service=tg&country=0&operator=tele2").await;
    assert_eq!(bench.running.market().lot(&id).unwrap().operator.as_deref(), Some("tele2"));
    assert_eq!(bench.shows(&id).await, "STATUS_WAIT_CODE");
    bench.advance(5);
    let code = |nth: usize| bench.running.market().lot(&id).unwrap().messages[nth].code.clone();
    assert_eq!(bench.shows(&id).await, format!("STATUS_OK:{}", code(0)));
    assert_eq!(bench.tell(&id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(bench.tell(&id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(bench.shows(&id).await, "STATUS_WAIT_CODE");
    bench.advance(5);
    assert_eq!(bench.shows(&id).await, format!("STATUS_OK:{}", code(1)));
    assert_eq!(bench.tell(&id, "6").await, "ACCESS_ACTIVATION");
    assert_eq!(bench.shows(&id).await, format!("STATUS_OK:{}", code(1)));
    assert_eq!(bench.paid(), amount("29.88"));
    assert_eq!(bench.running.calls("getNumber"), 1);
    bench.is_clean();
}

#[tokio::test]
async fn an_unused_number_is_refunded() {
    let specials = vec![(Scope::Service("tg".into()), Special::NoMessage)];
    let bench = stocked(Bench::with("sms-service-online", Setup { specials, ..setup() }).await);
    let (cancelled, expired) = (bench.sold(TELEGRAM).await, bench.sold(TELEGRAM).await);
    assert_eq!(bench.paid(), amount("59.76"));
    assert_eq!(bench.tell(&cancelled, "8").await, "ACCESS_CANCEL");
    bench.advance(20 * 60);
    for id in [&cancelled, &expired] {
        assert_eq!(bench.shows(id).await, "STATUS_CANCEL");
        for status in ["3", "6", "8"] {
            assert_eq!(bench.tell(id, status).await, "BAD_ACTION", "{status}");
        }
    }
    assert_eq!(bench.paid(), Decimal::ZERO);
    bench.is_clean();
}

#[tokio::test]
async fn forms_are_read_as_queries_are() {
    let bench = bench(&[]).await;
    let form = "api_key=mock-key&action=getBalance&lang=ru";
    assert_eq!(bench.post("/stubs/handler_api", Some(form)).await, (200, "1000.00".to_owned()));
    let (half, rest) = ("/stubs/handler_api?action=getBalance", "api_key=mock-key&lang=ru");
    assert_eq!(bench.post(half, Some(rest)).await, (200, "1000.00".to_owned()));
    bench.is_clean();
}

#[tokio::test]
async fn bad_luck_is_no_violation() {
    let specials = vec![
        (Scope::Service("wa".into()), Special::NoFunds),
        (Scope::Service("ya".into()), Special::OutOfStock),
        (Scope::Service("mm".into()), Special::Unsupported),
    ];
    let market = Settings { early_cancel: Some(Duration::from_secs(60)), ..Settings::default() };
    let bench = stocked(Bench::with("sms-service-online", Setup { market, specials, ..setup() }).await);
    bench.running.market().set_stock("0", "wa", 1);
    for (service, word) in [("wa", "NO_BALANCE"), ("ya", "NO_NUMBERS"), ("mm", "NO_NUMBERS")] {
        let answer = bench.ru("getNumber", &format!("&service={service}&country=0&operator=any")).await;
        assert_eq!(answer, word, "{service}");
    }
    assert_eq!(bench.shows("1").await, "NO_ACTIVATION");
    assert_eq!(bench.tell("1", "8").await, "NO_ACTIVATION");
    let wrong = "/stubs/handler_api?api_key=wrong&action=getBalance&lang=ru";
    assert_eq!(bench.get(wrong).await, (200, "BAD_KEY".to_owned()));
    let id = bench.sold(TELEGRAM).await;
    assert_eq!(bench.tell(&id, "8").await, "BAD_ACTION", "too early");
    bench.advance(60);
    assert_eq!(bench.tell(&id, "8").await, "BAD_ACTION", "a code came that nobody saw");
    assert!(bench.shows(&id).await.starts_with("STATUS_OK:"));
    bench.is_clean();
    assert_eq!(bench.tell(&id, "8").await, "BAD_ACTION");
    assert_eq!(bench.running.violations().len(), 1, "a code was shown");
    assert_eq!(bench.paid(), amount("29.88"));
}

#[tokio::test]
async fn what_the_document_does_not_allow_is_refused_and_kept() {
    let bench = bench(&[]).await;
    let id = bench.sold(TELEGRAM).await;
    let of = |status: &str| format!("&id={id}&status={status}");
    let cases = [
        ("getBalance", "&country=0".to_owned(), "BAD_ACTION"),
        ("getBalance", "&lang=ru".to_owned(), "BAD_ACTION"),
        ("getNumbersStatus", "&country=0".to_owned(), "BAD_ACTION"),
        ("getPrices", String::new(), "BAD_ACTION"),
        ("getFullSms", format!("&id={id}"), "BAD_ACTION"),
        ("", String::new(), "BAD_ACTION"),
        ("getServicesAndCost", "&country=0".to_owned(), "BAD_ACTION"),
        ("getServicesAndCost", "&operator=any".to_owned(), "BAD_ACTION"),
        ("getServicesAndCost", "&country=9&operator=any".to_owned(), "NO_NUMBERS"),
        ("getServicesAndCost", "&country=ru&operator=any".to_owned(), "ERROR_SQL"),
        ("getServicesAndCost", "&country=0&operator=kyivstar".to_owned(), "NO_NUMBERS"),
        ("getNumber", "&country=0&operator=any".to_owned(), "BAD_ACTION"),
        ("getNumber", "&service=tg&country=0".to_owned(), "BAD_ACTION"),
        ("getNumber", "&service=tg&operator=any".to_owned(), "BAD_ACTION"),
        ("getNumber", "&service=xx&country=0&operator=any".to_owned(), "NO_NUMBERS"),
        ("getNumber", "&service=tg&country=187&operator=any".to_owned(), "NO_NUMBERS"),
        ("getNumber", "&service=tg&country=0&operator=three".to_owned(), "NO_NUMBERS"),
        ("getNumber", "&service=tg&country=0&operator=mts,tele2".to_owned(), "NO_NUMBERS"),
        ("getNumber", format!("{TELEGRAM}&maxPrice=5"), "BAD_ACTION"),
        ("getStatus", String::new(), "NO_ACTIVATION"),
        ("getStatus", "&id=x".to_owned(), "NO_ACTIVATION"),
        ("setStatus", format!("&id={id}"), "BAD_ACTION"),
        ("setStatus", of("1"), "BAD_ACTION"),
        ("setStatus", of("-1"), "BAD_ACTION"),
        ("setStatus", of("3"), "BAD_ACTION"),
        ("setStatus", of("6"), "BAD_ACTION"),
    ];
    for (nth, (action, rest, word)) in cases.iter().enumerate() {
        assert_eq!(bench.ru(action, rest).await, *word, "{action}{rest}");
        assert_eq!(bench.running.violations().len(), nth + 1, "{action}{rest}");
    }
    bench.advance(5);
    assert_eq!(bench.tell(&id, "3").await, "ACCESS_RETRY_GET", "nobody was shown the code");
    for lang in ["", "&lang=", "&lang=de", "&lang=RU"] {
        assert_eq!(bench.says("getBalance", lang).await, "BAD_LANG");
    }
    assert_eq!(bench.text("/stubs/handler_api?action=getBalance&lang=ru").await, "BAD_KEY");
    for path in ["/stubs/handler_api.php", "/stubs/handler_api/", "/"] {
        assert_eq!(bench.get(path).await.0, 404, "{path}");
    }
    assert_eq!(bench.running.violations().len(), cases.len() + 9);
    assert!(!bench.running.requests().iter().any(|line| line.contains("mock-key")));
    assert_eq!(bench.running.market().totals().purchases, 1);
}

#[tokio::test]
async fn another_message_may_cost_again() {
    let bench = bench(&["retry-paid"]).await;
    bench.running.market().set_balance(amount("89.00"));
    let id = bench.sold(TELEGRAM).await;
    bench.advance(5);
    bench.shows(&id).await;
    for _ in 0..2 {
        assert_eq!(bench.tell(&id, "3").await, "ACCESS_RETRY_GET");
        assert_eq!(bench.paid(), amount("59.76"));
    }
    bench.advance(5);
    let code = bench.shows(&id).await;
    assert_eq!(bench.tell(&id, "3").await, "NO_BALANCE");
    assert_eq!(bench.shows(&id).await, code);
    assert_eq!(bench.tell(&id, "6").await, "ACCESS_ACTIVATION");
    assert_eq!(bench.paid(), amount("59.76"));
    bench.is_clean();
}

#[tokio::test]
async fn the_old_code_may_be_repeated_until_the_next_one_comes() {
    let bench = bench(&["old-code"]).await;
    let id = bench.sold(TELEGRAM).await;
    assert_eq!(bench.shows(&id).await, "STATUS_WAIT_CODE");
    bench.running.market().deliver(&id, "4711", "4711").unwrap();
    assert_eq!(bench.shows(&id).await, "STATUS_OK:4711");
    assert_eq!(bench.tell(&id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(bench.shows(&id).await, "STATUS_OK:4711");
    bench.running.market().deliver(&id, "0815", "0815").unwrap();
    assert_eq!(bench.shows(&id).await, "STATUS_OK:0815");
    bench.is_clean();
}
