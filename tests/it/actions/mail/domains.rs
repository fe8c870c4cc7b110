//! `getDomains`.

use rust_decimal::Decimal;
use serde_json::json;
use smsbridge::domain::json_number;
use smsbridge::mock::{FaultPlan, MailShelf, Mishap};

use super::*;

const ASK: &str = "action=getDomains&site=apple.com";

fn rows(shelves: &[MailShelf]) -> Value {
    let row = |shelf: &MailShelf| match shelf.count {
        Some(count) => json!({"name": shelf.name, "cost": json_number(shelf.price), "count": count}),
        None => json!({"name": shelf.name, "cost": json_number(shelf.price)}),
    };
    shelves.iter().map(row).collect()
}

#[tokio::test]
async fn zones_and_popular_domains_are_listed_with_their_costs() {
    let world = World::of("sms-activate").await;
    let (zones, popular) = upstream(&world).market().mail_offers("apple.com").unwrap();
    let expected =
        json!({"status": "OK", "response": {"zones": rows(&zones), "popular": rows(&popular)}}).to_string();
    assert_eq!(say(&world.bridge, ASK).await, expected);
    assert_eq!(say(&world.bridge, ASK).await, expected);
    assert_eq!(upstream(&world).calls("getDomains"), 1, "lists have a time to live");
    say(&world.bridge, "action=getDomains&site=other.com").await;
    assert_eq!(upstream(&world).calls("getDomains"), 2);
    world.end().await;
}

#[tokio::test]
async fn costs_are_in_the_clients_currency_and_rounded_up() {
    let dollars = "currency = \"USD\"\n[dialect.rates]\nUSD = \"92.50\"";
    let world = World::with("sms-activate", &[], dollars).await;
    let (_, popular) = upstream(&world).market().mail_offers("apple.com").unwrap();
    let shown = world.bridge.json(ASK).await["response"]["popular"][0]["cost"].to_string();
    let shown: Decimal = shown.parse().unwrap();
    let exact = popular[0].price * Decimal::new(9250, 2);
    assert!(shown >= exact && shown - exact < Decimal::new(1, 2), "{shown} for {exact}");
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_listed_is_refused_with_its_word() {
    for kind in SELLERS {
        let world = World::of(kind).await;
        refuse(&world.bridge, "action=getDomains", "BAD_SITE").await;
        refuse(&world.bridge, "action=getDomains&site=", "BAD_SITE").await;
        world.end().await;
    }
    let world = World::of("vak-sms").await;
    refuse(&world.bridge, "action=getDomains", "BAD_ACTION").await;
    world.end().await;
    let world = World::of("sms-activate").await;
    upstream(&world).fault(FaultPlan::once(Mishap::BadGateway).times(3).on("getDomains"));
    refuse(&world.bridge, ASK, "ERROR_SQL").await;
    world.end().await;
    let wrong = World::with("sms-activate", &[], "").await;
    let toml = World::toml("sms-activate", &[], upstream(&wrong), "").replace("mock-key", "another-key");
    refuse(&Bridge::start(&toml).await, ASK, "BAD_KEY").await;
}

#[tokio::test]
async fn a_service_that_lacks_mail_is_not_asked_for_it() {
    let world = World::with("sms-activate", &[], "lacks = \"mail,buyPartnerProduct\"").await;
    for query in [
        ASK,
        ORDER,
        "action=reorderMailActivation&id=7",
        "action=getMailHistory",
        "action=cancelMailActivation&id=7",
        "action=checkMailActivation&id=7",
        "action=buyPartnerProduct&productId=7",
    ] {
        refuse(&world.bridge, query, "BAD_ACTION").await;
    }
    assert_eq!(upstream(&world).requests(), Vec::<String>::new());
    world.end().await;
}
