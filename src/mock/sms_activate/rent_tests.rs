use rust_decimal::Decimal;
use serde_json::Value;

use crate::mock::testing::{Bench, setup};
use crate::mock::{Scope, Settings, Setup, Special};

const LATE: &str = r#"{"status":"error","message":"CANT_CANCEL"}"#;

/// A bench where no message comes by itself to a number as a whole.
async fn bench(quirks: &[&str]) -> Bench {
    let quirks = quirks.iter().map(|name| (*name).to_owned()).collect();
    let specials = vec![(Scope::Service("full".into()), Special::NoMessage)];
    let bench = Bench::with("sms-activate", Setup { quirks, specials, ..setup() }).await;
    bench.running.market().set_stock("0", "tg", 5);
    bench.running.market().set_price("0", "tg", Decimal::from(10));
    bench
}

impl Bench {
    async fn tells(&self, rest: &str) -> String {
        self.text(&format!("/stubs/handler_api.php?api_key=mock-key&action={rest}")).await
    }

    async fn value(&self, rest: &str) -> Value {
        serde_json::from_str(&self.tells(rest).await).unwrap()
    }

    /// The id of a number that is rented on these terms.
    async fn rents(&self, terms: &str) -> String {
        let answer = self.value(&format!("getRentNumber&{terms}")).await;
        answer["phone"]["id"].to_string()
    }

    async fn refuses(&self, rest: &str, word: &str) {
        let expected = format!(r#"{{"status":"error","message":"{word}"}}"#);
        assert_eq!(self.tells(rest).await, expected, "{rest}");
    }

    fn charged(&self) -> Decimal {
        self.running.market().totals().charged
    }
}

#[tokio::test]
async fn a_rent_costs_its_hours_and_takes_messages_until_its_end() {
    let bench = bench(&[]).await;
    let list = bench.value("getRentServicesAndCountries&rent_time=12&country=0&operator=mts").await;
    assert_eq!(list["countries"].to_string(), r#"{"0":0}"#);
    assert_eq!(list["services"]["tg"].to_string(), r#"{"cost":30.00,"quant":1}"#);
    let rented = bench.tells("getRentNumber&service=full&operator=mts,any&country=0&url=https://a.b/c").await;
    let answer: Value = serde_json::from_str(&rented).unwrap();
    let (id, phone) = (&answer["phone"]["id"], &answer["phone"]["number"]);
    let expected = format!(
        r#"{{"status":"success","phone":{{"id":{id},"endDate":"2026-01-01T04:00:00","number":{phone}}}}}"#
    );
    assert_eq!(rented, expected);
    assert_eq!(bench.charged(), Decimal::new(4293, 2));
    let status = format!("getRentStatus&id={id}");
    bench.refuses(&status, "STATUS_WAIT_CODE").await;
    for text in ["one", "two"] {
        bench.advance(60);
        bench.running.market().deliver(&id.to_string(), "1", text).unwrap();
    }
    let shown = bench.value(&status).await;
    assert_eq!((&shown["quantity"], &shown["values"]["0"]["text"]), (&"2".into(), &"two".into()));
    assert_eq!(shown["values"]["1"]["date"], "2026-01-01 00:01:00");
    assert_eq!(shown["values"]["1"]["service"], "ot");
    let list = format!(r#"{{"status":"success","values":{{"0":{{"id":"{id}","phone":{phone}}}}}}}"#);
    assert_eq!(bench.tells("getRentList").await, list);
    assert_eq!(bench.tells(&format!("getStatus&id={id}")).await, "NO_ACTIVATION");
    bench.advance(4 * 3600);
    bench.refuses(&status, "STATUS_FINISH").await;
    bench.refuses("getRentList", "NO_NUMBERS").await;
    assert_eq!(bench.charged(), Decimal::new(4293, 2));
    bench.is_clean();
}

#[tokio::test]
async fn messages_come_by_themselves_as_they_are_read() {
    let bench = bench(&[]).await;
    let status = format!("getRentStatus&id={}", bench.rents("service=tg").await);
    for quantity in ["1", "2", "3", "3"] {
        bench.advance(5);
        assert_eq!(bench.value(&status).await["quantity"], quantity);
    }
}

#[tokio::test]
async fn a_rent_is_taken_back_in_its_first_twenty_minutes() {
    let bench = bench(&[]).await;
    let id = bench.rents("service=full").await;
    bench.advance(20 * 60);
    assert_eq!(bench.tells(&format!("setRentStatus&id={id}&status=2")).await, r#"{"status":"success"}"#);
    assert_eq!(bench.charged(), Decimal::ZERO);
    bench.refuses(&format!("getRentStatus&id={id}"), "STATUS_CANCEL").await;
    bench.refuses(&format!("setRentStatus&id={id}&status=1"), "ALREADY_CANCEL").await;
    bench.refuses(&format!("continueRentNumber&id={id}"), "RENT_DIE").await;
    let late = bench.rents("service=full").await;
    bench.advance(20 * 60 + 1);
    assert_eq!(bench.tells(&format!("setRentStatus&id={late}&status=2")).await, LATE);
    assert_eq!(bench.tells(&format!("setRentStatus&id={late}&status=1")).await, r#"{"status":"success"}"#);
    bench.refuses(&format!("setRentStatus&id={late}&status=2"), "ALREADY_FINISH").await;
    bench.refuses(&format!("getRentStatus&id={late}"), "STATUS_FINISH").await;
    let used = bench.rents("service=full").await;
    bench.running.market().deliver(&used, "1", "1").unwrap();
    assert_eq!(bench.tells(&format!("setRentStatus&id={used}&status=2")).await, LATE);
    bench.is_clean();
}

#[tokio::test]
async fn a_rent_is_made_longer_and_one_that_ended_comes_back_under_another_id() {
    let bench = bench(&[]).await;
    let id = bench.rents("service=full").await;
    let price = bench.tells(&format!("getContinueRentPriceNumber&id={id}&rent_time=8")).await;
    assert_eq!(price, r#"{"status":"success","price":85.86}"#);
    assert_eq!(bench.charged(), Decimal::new(4293, 2));
    let longer = bench.value(&format!("continueRentNumber&id={id}&rent_time=8")).await;
    assert_eq!(
        (longer["phone"]["id"].to_string(), &longer["phone"]["endDate"]),
        (id.clone(), &"2026-01-01T12:00:00".into())
    );
    assert_eq!(bench.charged(), Decimal::new(12879, 2));
    bench.advance(12 * 3600);
    let anew = bench.value(&format!("continueRentNumber&id={id}")).await;
    assert_ne!(anew["phone"]["id"].to_string(), id);
    assert_eq!(anew["phone"]["number"], longer["phone"]["number"]);
    assert_eq!(anew["phone"]["endDate"], "2026-01-01T16:00:00");
    assert_eq!(bench.charged(), Decimal::new(17172, 2));
    // The number is in use, and then its life is over.
    bench.refuses(&format!("continueRentNumber&id={id}"), "RENT_DIE").await;
    bench.advance(24 * 3600 + 1);
    bench.refuses(&format!("getContinueRentPriceNumber&id={id}"), "RENT_DIE").await;
    bench.is_clean();
}

#[tokio::test]
async fn hours_have_a_least_and_a_most() {
    let bench = bench(&[]).await;
    bench.running.market().set_balance(Decimal::from(100_000));
    let id = bench.rents("service=full&rent_time=24").await;
    for hours in ["0", "3", "1345"] {
        for action in ["continueRentNumber", "getContinueRentPriceNumber"] {
            bench.refuses(&format!("{action}&id={id}&rent_time={hours}"), "INVALID_TIME").await;
        }
    }
    let exceeded = r#"{"status":"error","message":"MAX_HOURS_EXCEED","info":{"max":1320}}"#;
    for action in ["continueRentNumber", "getContinueRentPriceNumber"] {
        assert_eq!(bench.tells(&format!("{action}&id={id}&rent_time=1321")).await, exceeded);
    }
    let most = bench.value(&format!("continueRentNumber&id={id}&rent_time=1320")).await;
    assert_eq!(most["phone"]["endDate"], "2026-02-26T00:00:00");
    bench.is_clean();
}

#[tokio::test]
async fn each_word_has_its_condition() {
    let bench = bench(&[]).await;
    let market = bench.running.market();
    assert_eq!(bench.tells("getRentServicesAndCountries&country=1").await, "OUT_OF_STOCK");
    bench.refuses("getRentNumber&service=nope", "BAD_SERVICE").await;
    bench.refuses("getRentNumber&service=tg&country=1", "NO_NUMBERS").await;
    bench.refuses("getRentStatus&id=1", "INVALID_PHONE").await;
    bench.refuses("setRentStatus&id=1&status=1", "INVALID_PHONE").await;
    bench.refuses("continueRentNumber&id=1", "INVALID_PHONE").await;
    bench.refuses("getContinueRentPriceNumber&id=1", "INVALID_PHONE").await;
    let activation = bench.tells("getNumber&service=tg").await;
    let activation = activation.split(':').nth(1).unwrap();
    bench.refuses(&format!("getRentStatus&id={activation}"), "INVALID_PHONE").await;
    let id = bench.rents("service=full").await;
    market.set_balance(Decimal::from(1));
    bench.refuses("getRentNumber&service=full", "NO_BALANCE").await;
    bench.refuses(&format!("continueRentNumber&id={id}"), "NO_BALANCE").await;
    market.declare(Scope::Service("tg".into()), Special::Unsupported);
    bench.refuses("getRentNumber&service=tg", "ACCOUNT_INACTIVE").await;
    market.set_stock("0", "full", 0);
    bench.refuses("getRentNumber&service=full", "NO_NUMBERS").await;
    let wrong = |key: &str, action: &str| format!("/stubs/handler_api.php?api_key={key}&action={action}");
    assert_eq!(bench.text(&wrong("wrong", "getRentList")).await, "BAD_KEY");
    let blocked = r#"{"status":"error","message":"CHANNELS_LIMIT"}"#;
    assert_eq!(bench.text(&wrong("blocked-key", "getRentNumber&service=tg")).await, blocked);
    assert_eq!(bench.text(&wrong("blocked-key", "getNumber&service=tg")).await, "CHANNELS_LIMIT");
    bench.is_clean();
}

#[tokio::test]
async fn what_the_document_does_not_allow_is_refused_and_kept() {
    let bench = bench(&[]).await;
    let id = bench.rents("service=full").await;
    let cases = [
        ("getRentServicesAndCountries&rent_time=5".to_owned(), "OUT_OF_STOCK"),
        ("getRentServicesAndCountries&time=4".to_owned(), "BAD_ACTION"),
        ("getRentNumber".to_owned(), "BAD_SERVICE"),
        ("getRentNumber&service=full&rent_time=5".to_owned(), "NO_NUMBERS"),
        ("getRentNumber&service=full&rent_time=36".to_owned(), "NO_NUMBERS"),
        ("getRentNumber&service=full&rent_time=1368".to_owned(), "NO_NUMBERS"),
        ("getRentNumber&service=full&rent_time=a".to_owned(), "NO_NUMBERS"),
        ("getRentNumber&service=full&url=here".to_owned(), "NO_NUMBERS"),
        ("getRentNumber&service=full&country=ru".to_owned(), "SQL_ERROR"),
        ("getRentNumber&service=full&operator=kyivstar".to_owned(), "NO_NUMBERS"),
        ("getRentNumber&service=full&ref=1".to_owned(), "BAD_ACTION"),
        ("getRentStatus".to_owned(), "NO_ID_RENT"),
        ("getRentStatus&id=x".to_owned(), "INVALID_PHONE"),
        ("setRentStatus&status=1".to_owned(), "NO_ID_RENT"),
        (format!("setRentStatus&id={id}"), "INCORECT_STATUS"),
        (format!("setRentStatus&id={id}&status=3"), "INCORECT_STATUS"),
        ("continueRentNumber".to_owned(), "NO_ID_RENT"),
        (format!("continueRentNumber&id={id}&rent_time=a"), "INVALID_TIME"),
        (format!("continueRentNumber&id={id}&time=4"), "BAD_ACTION"),
    ];
    for (nth, (rest, word)) in cases.iter().enumerate() {
        let answer = bench.tells(rest).await;
        let message = format!(r#"{{"status":"error","message":"{word}"}}"#);
        assert!(answer == *word || answer == message, "{rest}: {answer}");
        assert_eq!(bench.running.violations().len(), nth + 1, "{rest}");
    }
    assert_eq!(bench.charged(), Decimal::new(4293, 2));
}

#[tokio::test]
async fn rents_may_have_the_shapes_met_in_the_wild() {
    let bench = bench(&["list-countries", "string-costs", "extra-fields", "modern-errors"]).await;
    let listed = bench.value("getRentServicesAndCountries").await;
    assert_eq!(listed["services"]["full"]["cost"], "42.93");
    let rented = bench.value("getRentNumber&service=full").await;
    assert!(rented["phone"]["id"].is_string() && rented["phone"]["activeActivation"].is_boolean());
    let id = rented["phone"]["id"].as_str().unwrap();
    let path = |rest: &str| format!("/stubs/handler_api.php?api_key=mock-key&action={rest}");
    let (status, body) = bench.get(&path(&format!("getRentStatus&id={id}"))).await;
    assert_eq!((status, body.contains(r#""title":"STATUS_WAIT_CODE""#)), (400, true), "{body}");
    bench.running.market().deliver(id, "1", "one").unwrap();
    assert_eq!(bench.value(&format!("getRentStatus&id={id}")).await["values"][0]["text"], "one");
    assert!(bench.value("getRentList").await["values"].is_array());
    let price = bench.value(&format!("getContinueRentPriceNumber&id={id}")).await;
    assert_eq!(price["price"], "42.93");
    let (status, body) = bench.get(&path(&format!("continueRentNumber&id={id}&rent_time=1344"))).await;
    assert_eq!((status, body.contains(r#""info":{"max":1340}"#)), (400, true), "{body}");
    let poor = Settings { balance: Decimal::ONE, ..Settings::default() };
    let bench = Bench::with("sms-activate", Setup { market: poor, ..setup() }).await;
    bench.refuses("getRentNumber&service=full", "NO_BALANCE").await;
}
