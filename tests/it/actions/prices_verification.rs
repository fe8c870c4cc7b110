//! `getPricesVerification`: `{"Сервис":{"Страна":{"count":Количество,"price":"Цена"}}}`, and nothing where there are
//! no calls.

use super::{golden, refuse, upstream};
use crate::harness::{KINDS, World};

#[tokio::test]
async fn by_service_and_country_with_the_price_as_a_text() {
    let world = World::of("sms-activate").await;
    upstream(&world).market().set_price("0", "tg", "15.5".parse().unwrap());
    upstream(&world).market().set_stock("0", "tg", 158);
    let prices = world.bridge.json("action=getPricesVerification&service=tg").await;
    assert_eq!(prices.as_object().unwrap().keys().collect::<Vec<_>>(), ["tg"]);
    assert_eq!(prices["tg"]["0"].to_string(), r#"{"count":158,"price":"15.50"}"#);
    let all = world.bridge.json("action=getPricesVerification").await;
    assert_eq!(all["tg"], prices["tg"]);
    assert!(all["wa"]["0"]["price"].is_string());
    world.end().await;
}

#[tokio::test]
async fn the_sandbox_sells_what_it_prices() {
    let world = World::of("sandbox").await;
    let prices = world.bridge.json("action=getPricesVerification&service=tg").await;
    let cost: rust_decimal::Decimal = prices["tg"]["0"]["price"].as_str().unwrap().parse().unwrap();
    let bought = world.bridge.json("action=getNumberV2&service=tg&country=0&verification=true").await;
    assert_eq!(bought["activationCost"], format!("{cost:.2}"));
    world.end().await;
}

#[tokio::test]
async fn where_there_are_no_calls_there_is_nothing() {
    for kind in KINDS.into_iter().filter(|kind| !["sandbox", "sms-activate"].contains(kind)) {
        let world = World::of(kind).await;
        for query in ["action=getPricesVerification", "action=getPricesVerification&service=tg"] {
            golden(&world.bridge, &[(query, "{}")]).await;
        }
        refuse(&world.bridge, "action=getPricesVerification&service=nosuch", "BAD_SERVICE").await;
        assert_eq!(upstream(&world).requests(), Vec::<String>::new(), "{kind}");
        world.end().await;
    }
}
