use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::mock::testing::Bench;
use crate::mock::{Scope, Special};

const ORDER: &str = "buyMailActivation&site=apple.com&mail_type=2&mail_domain=mail.ru";

async fn say(bench: &Bench, rest: &str) -> String {
    bench.text(&format!("/stubs/handler_api.php?api_key=mock-key&action={rest}")).await
}

async fn document(bench: &Bench, rest: &str) -> Value {
    serde_json::from_str(&say(bench, rest).await).unwrap()
}

async fn sold(bench: &Bench, rest: &str) -> String {
    document(bench, rest).await["response"]["id"].as_u64().unwrap().to_string()
}

#[tokio::test]
async fn an_address_takes_its_mail_as_documented() {
    let bench = Bench::new("sms-activate", &[]).await;
    let domains = document(&bench, "getDomains&site=apple.com").await;
    assert_eq!(domains["status"], "OK");
    assert_eq!(domains["response"]["zones"][0].as_object().unwrap().len(), 2);
    assert_eq!(domains["response"]["popular"][0]["name"], "mail.ru");
    assert!(domains["response"]["popular"][0]["count"].is_u64());
    let bought = document(&bench, ORDER).await;
    assert!(bought["response"]["email"].as_str().unwrap().ends_with("@mail.ru"));
    let id = bought["response"]["id"].to_string();
    let check = format!("checkMailActivation&id={id}");
    assert_eq!(say(&bench, &check).await, r#"{"status":"OK","response":{"value":null}}"#);
    bench.advance(5);
    let mail = document(&bench, &check).await;
    assert!(mail["response"]["value"].as_str().unwrap().starts_with("Your code is "));
    assert_eq!(say(&bench, &format!("cancelMailActivation&id={id}")).await, "BAD_ACTION");
    let again = document(&bench, &format!("reorderMailActivation&id={id}")).await;
    assert_eq!(again["response"]["email"], bought["response"]["email"]);
    assert_ne!(again["response"]["id"], bought["response"]["id"]);
    bench.is_clean();
}

#[tokio::test]
async fn what_is_given_back_is_refunded_and_gone() {
    let bench = Bench::new("sms-activate", &[]).await;
    let id = sold(&bench, ORDER).await;
    assert!(bench.running.market().totals().charged > Decimal::ZERO);
    let cancel = format!("cancelMailActivation&id={id}");
    assert_eq!(say(&bench, &cancel).await, r#"{"status":"OK","response":true}"#);
    assert_eq!(bench.running.market().totals().charged, Decimal::ZERO);
    assert_eq!(say(&bench, &cancel).await, "ACTIVATION_NOT_FOUND");
    assert_eq!(say(&bench, &format!("checkMailActivation&id={id}")).await, "ACTIVATION_NOT_FOUND");
    bench.is_clean();
}

#[tokio::test]
async fn the_history_has_the_documented_row() {
    let bench = Bench::new("sms-activate", &[]).await;
    let (first, second) = (sold(&bench, ORDER).await, sold(&bench, ORDER).await);
    let history = document(&bench, "getMailHistory&page=2&per_page=1&sort=asc&search=mail.ru").await;
    let mailbox = bench.running.market().mailbox(&second).unwrap();
    let row = json!({"id": second, "site": "apple.com", "email": mailbox.email, "status": "3", "value": null,
        "cost": format!("{:.2}", mailbox.price), "date": "2026-01-01 00:00:00", "full_message": ""});
    assert_eq!(history, json!({"status": "OK", "response": {"list": [row], "pages": 2, "count": 2}}));
    let newest = document(&bench, "getMailHistory").await;
    assert_eq!(newest["response"]["list"][1]["id"], first.as_str());
    bench.is_clean();
}

#[tokio::test]
async fn every_documented_error_has_its_condition() {
    let bench = Bench::new("sms-activate", &[]).await;
    let market = bench.running.market();
    market.declare(Scope::Service("closed.com".into()), Special::Unsupported);
    market.declare(Scope::Service("dear.com".into()), Special::NoFunds);
    let order = |site: &str| format!("buyMailActivation&site={site}&mail_type=1&mail_domain=info");
    for (rest, word) in [
        ("buyMailActivation&site=apple.com&mail_type=1&mail_domain=mail.ru", "MAIL_TYPE_ERROR"),
        (&order("closed.com"), "BLOCKED_SITE"),
        (&order("dear.com"), "BAD_BALANCE"),
        ("reorderMailActivation&id=5", "ACTIVATION_NOT_FOUND"),
        ("buyPartnerProduct&productId=21", "BAD_DATA"),
    ] {
        assert_eq!(say(&bench, rest).await, word, "{rest}");
    }
    bench.is_clean();
    for (rest, word) in [
        ("getDomains", "BAD_SITE"),
        ("buyMailActivation&site=apple.com&mail_type=3&mail_domain=info", "MAIL_TYPE_ERROR"),
        ("checkMailActivation&id=abc", "ACTIVATION_NOT_FOUND"),
        ("buyPartnerProduct&productId=x", "BAD_DATA"),
    ] {
        assert_eq!(say(&bench, rest).await, word, "{rest}");
    }
    assert_eq!(bench.running.violations().len(), 4);
    let product = document(&bench, "buyPartnerProduct&productId=3").await;
    assert_eq!((product["status"].as_str(), product["key"].as_str().unwrap().len()), (Some("success"), 25));
}
