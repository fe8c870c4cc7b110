//! Price lists are written once for as long as they are the same: that shows in nothing but the time it takes. A list
//! that was fetched anew is written anew, each form is its own, and so is each account's list.

use std::io::Read;

use flate2::read::GzDecoder;
use rust_decimal::Decimal;

use crate::harness::{Bridge, Canned, World, get};
use smsbridge::server::DIALECT_PATH;

const TTL: u64 = 60;

/// What a client with this key reads, which must be the same whether it takes packed answers or not.
async fn read(bridge: &Bridge, key: &str, query: &str) -> String {
    let target = format!("{DIALECT_PATH}?api_key={key}&{query}");
    let plain = get(bridge.addr, &target, &[]).await;
    let packed = get(bridge.addr, &target, &[("Accept-Encoding", "gzip, deflate")]).await;
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), (None, Some("gzip")));
    assert_eq!(packed.header("vary"), Some("accept-encoding"));
    assert_eq!(plain.header("content-type"), packed.header("content-type"));
    let mut unpacked = String::new();
    GzDecoder::new(packed.bytes.as_slice()).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body, "{query}");
    plain.body
}

#[tokio::test]
async fn a_list_that_was_fetched_anew_is_written_anew() {
    for (kind, country) in [("vak-sms", "ru"), ("sms-activate", "0")] {
        for query in ["action=getPrices", "action=getPricesV2", "action=getPrices&country=0"] {
            let world = World::of(kind).await;
            let market = world.upstream.as_ref().unwrap().market();
            market.set_price(country, "tg", Decimal::new(1550, 2));
            let first = read(&world.bridge, "k", query).await;
            assert!(first.contains("15.5"), "{kind} {query}");
            market.set_price(country, "tg", Decimal::new(9977, 2));
            assert_eq!(read(&world.bridge, "k", query).await, first, "{kind} {query}: it is kept");
            world.bridge.advance(TTL);
            let renewed = read(&world.bridge, "k", query).await;
            assert!(renewed.contains("99.77"), "{kind} {query}: the old one is still answered");
            assert_eq!(read(&world.bridge, "k", query).await, renewed, "{kind} {query}");
            world.end().await;
        }
    }
}

#[tokio::test]
async fn each_form_is_its_own() {
    let world = World::of("vak-sms").await;
    let market = world.upstream.as_ref().unwrap().market();
    market.set_price("ru", "tg", Decimal::new(1550, 2));
    market.set_stock("ru", "tg", 8);
    let one = "&service=tg&country=0";
    // Each twice, so that what was written of another form would show.
    for _ in 0..2 {
        for (query, written) in [
            ("action=getPrices", r#"{"0":{"tg":{"cost":15.5,"count":8}}}"#),
            ("action=getPricesV2", r#"{"0":{"tg":{"15.50":8}}}"#),
            ("action=getPricesV3", r#"{"0":{"tg":{"1":{"count":8,"price":15.5,"provider_id":1}}}}"#),
            ("action=getPricesV3&exceptProviderIds=1", "{}"),
            ("action=getPricesExtended", r#"{"0":{"tg":{"cost":15.5,"count":8,"physicalCount":8}}}"#),
            (
                "action=getPricesExtended&freePrice=true",
                r#"{"0":{"tg":{"cost":15.5,"count":8,"physicalCount":8,"freePriceMap":{"15.50":8}}}}"#,
            ),
        ] {
            assert_eq!(world.bridge.ask(&format!("{query}{one}")).await, written, "{query}");
        }
    }
    world.end().await;
}

#[tokio::test]
async fn what_one_account_is_told_is_never_told_another() {
    let upstream = Canned::answering(|asked| {
        let price = if asked.contains("api_key=dear") { "99.5" } else { "1.5" };
        (200, format!(r#"{{"0":{{"tg":{{"cost":{price},"count":7}}}}}}"#))
    })
    .await;
    let bridge = Bridge::start(&format!(
        "[clients]\nmode = \"passthrough\"\n[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\n",
        upstream.url()
    ))
    .await;
    for _ in 0..2 {
        for (key, price) in [("dear", "99.5"), ("cheap", "1.5")] {
            let expected = format!(r#"{{"0":{{"tg":{{"cost":{price},"count":7}}}}}}"#);
            assert_eq!(read(&bridge, key, "action=getPrices").await, expected, "{key}");
        }
    }
    assert_eq!(upstream.asked().len(), 2, "{:?}", upstream.asked());
    bridge.stop().await;
}
