use jiff::ToSpan;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::tests::Ak;
use crate::mock::testing::{Bench, setup};
use crate::mock::{Scope, Settings, Setup, Special};

async fn bench(quirks: &[&str]) -> Ak {
    let quirks = quirks.iter().map(|name| (*name).to_owned()).collect();
    let specials = vec![(Scope::Service("full".into()), Special::NoMessage)];
    let bench = Ak(Bench::with("smsak", Setup { quirks, specials, ..setup() }).await);
    for country in ["RU", "UA", "KZ"] {
        bench.running.market().set_stock(country, "full", 2);
    }
    bench
}

/// When a time that is so many days from now is shown.
fn in_days(bench: &Bench, days: i64) -> String {
    let at = bench.running.market().now() + (days * 24).hours();
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A phone as it has to stand in a query.
fn phone_of(row: &Value) -> String {
    row["number"].as_str().unwrap().replace('+', "%2B")
}

#[tokio::test]
async fn stock_and_tariffs_look_as_documented() {
    let bench = bench(&[]).await;
    assert_eq!(bench.call("getfullnumbers", "").await, r#"{"RU":"2","UA":"2","KZ":"2"}"#);
    let tariffs = bench.value("getalltarifs", "").await;
    assert_eq!(tariffs.as_array().unwrap().len(), 7);
    assert_eq!(tariffs[0].to_string(), r#"{"id":1,"days":1,"cost":"150.00","country_id":1,"code":"RU"}"#);
    bench.is_clean();
}

#[tokio::test]
async fn a_rented_number_is_paid_once_kept_longer_and_never_refunded() {
    let bench = bench(&[]).await;
    let rented = bench.value("getfullnumber", "?code=RU&tarif=1").await;
    assert_eq!((rented["time"].as_str().unwrap(), &rented["is_work"]), (&*in_days(&bench, 1), &json!(0)));
    assert!(rented["id"].is_u64() && rented["number"].as_str().unwrap().starts_with("+79"));
    assert_eq!(bench.call("getfullnumbers", "").await, r#"{"RU":"1","UA":"2","KZ":"2"}"#);
    assert_eq!(bench.value("getallfullnumbers", "").await, json!([rented]));
    let id = &rented["id"];
    assert_eq!(bench.value("getstatus", &format!("?id={id}")).await["error"], "Активация не найдена");
    let longer = bench.value("rebuynumber", &format!("?id={id}&tarif=2")).await;
    assert_eq!(longer["time"], in_days(&bench, 8));
    assert_eq!(bench.running.market().totals().charged, Decimal::from(550));
    bench.advance(8 * 24 * 3600);
    assert_eq!(bench.call("getallfullnumbers", "").await, "[]");
    let gone = bench.value("rebuynumber", &format!("?id={id}&tarif=1")).await;
    assert!(gone["error"].is_string());
    let totals = bench.running.market().totals();
    assert_eq!((totals.charged, totals.balance), (Decimal::from(550), Decimal::from(450)));
    bench.is_clean();
}

#[tokio::test]
async fn messages_of_a_rented_number_come_newest_first() {
    let bench = bench(&[]).await;
    let rented = bench.value("getfullnumber", "?code=RU&tarif=1").await;
    let (id, phone) = (rented["id"].to_string(), phone_of(&rented));
    assert_eq!(bench.call("getallsmsofnumber", &format!("?phone={phone}")).await, "[]");
    for text in ["one", "two", "three"] {
        bench.running.market().deliver(&id, "", text).unwrap();
    }
    let texts = async |method: &str, query: &str| {
        let rows = bench.value(method, &format!("?phone={phone}{query}")).await;
        let row = rows.as_array().unwrap().iter();
        row.map(|row| row["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts("getallsmsofnumber", "").await, ["three", "two", "one"]);
    assert_eq!(texts("getlastsmsofnumber", "&count=2").await, ["three", "two"]);
    let rows = bench.value("getallsmsofnumber", &format!("?phone={phone}")).await;
    let names: Vec<_> = rows[0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["time", "from", "text", "number"]);
    assert_eq!(rows[0]["number"], rented["number"]);
    bench.is_clean();
}

#[tokio::test]
async fn a_rented_number_is_switched_on_and_off() {
    let bench = bench(&[]).await;
    let rented = bench.value("getfullnumber", "?code=UA&tarif=14").await;
    assert_eq!(rented["code"], Value::from(102));
    let rented = bench.value("getfullnumber", "?code=RU&tarif=1").await;
    let id = format!("?id={}", rented["id"]);
    let works = async || bench.value("getallfullnumbers", "").await[0]["is_work"].to_string();
    assert_eq!(bench.call("send-enable-sim", &id).await, "1");
    assert_eq!(bench.call("send-enable-sim", &id).await, "2");
    assert_eq!(works().await, "0");
    bench.advance(60);
    assert_eq!(works().await, "1");
    assert_eq!(bench.call("send-enable-sim", &id).await, "1");
    assert_eq!(works().await, "1");
    assert_eq!(bench.call("send-disable-sim", &id).await, "1");
    assert_eq!(works().await, "0");
    for method in ["send-enable-sim", "send-disable-sim"] {
        assert_eq!(bench.call(method, "?id=1").await, "0");
    }
    bench.is_clean();
}

#[tokio::test]
async fn what_the_document_does_not_allow_is_refused_and_kept() {
    let bench = bench(&[]).await;
    let rented = bench.value("getfullnumber", "?code=RU&tarif=1").await;
    let id = &rented["id"];
    let digits = rented["number"].as_str().unwrap().trim_start_matches('+').to_owned();
    let cases = [
        ("getfullnumber", "?code=RU".to_owned()),
        ("getfullnumber", "?code=RU&tarif=14".to_owned()),
        ("getfullnumber", "?code=SE&tarif=1".to_owned()),
        ("getfullnumber", "?code=RU&tarif=1&hours=24".to_owned()),
        ("rebuynumber", format!("?id={id}&tarif=18")),
        ("rebuynumber", "?tarif=1".to_owned()),
        ("getallsmsofnumber", format!("?phone=+{digits}")),
        ("getallsmsofnumber", format!("?phone={digits}")),
        ("getlastsmsofnumber", format!("?phone=%2B{digits}")),
        ("getlastsmsofnumber", format!("?phone=%2B{digits}&count=0")),
        ("send-enable-sim", "?id=x".to_owned()),
    ];
    for (nth, (method, query)) in cases.iter().enumerate() {
        let answer = bench.value(method, query).await;
        assert!(answer == 0 || answer["error"].is_string() || answer["code"] == 103, "{method}{query}");
        assert_eq!(bench.running.violations().len(), nth + 1, "{method}{query}");
    }
    assert!(!bench.running.violations().iter().any(|line| line.contains(&digits)));
    assert_eq!(bench.running.market().totals().charged, Decimal::from(150));
}

#[tokio::test]
async fn purchases_may_answer_but_one() {
    let bench = bench(&["rent-bare-1"]).await;
    assert_eq!(bench.call("getfullnumber", "?code=RU&tarif=1").await, "1");
    let id = bench.value("getallfullnumbers", "").await[0]["id"].to_string();
    assert_eq!(bench.call("rebuynumber", &format!("?id={id}&tarif=1")).await, "1");
    assert_eq!(bench.running.market().totals().charged, Decimal::from(300));
    let poor = Settings { balance: Decimal::from(149), ..Settings::default() };
    let bench = Ak(Bench::with("smsak", Setup { market: poor, ..setup() }).await);
    bench.running.market().set_stock("RU", "full", 1);
    assert_eq!(bench.value("getfullnumber", "?code=RU&tarif=1").await["code"], 102);
    bench.running.market().set_stock("RU", "full", 0);
    assert_eq!(bench.value("getfullnumber", "?code=RU&tarif=1").await["code"], 103);
    bench.is_clean();
}
