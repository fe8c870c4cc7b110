//! What a preset sets, and what is set beside it.

use std::sync::Arc;

use smsbridge::catalog::Catalog;
use smsbridge::clock::{Clock, MovableClock};
use smsbridge::config::{self, Config, Overrides, ProviderConfig};
use smsbridge::engine::Upstream;
use smsbridge::metrics::Metrics;

use super::{ORDER, canned};

#[tokio::test]
async fn smshub_is_asked_in_the_currency_that_the_amounts_are_taken_for() {
    let prices = r#"{"0":{"tg":{"0.25":3,"0.31":"4"}}}"#;
    let (upstream, bridge) = canned("preset = \"smshub\"\ncurrency = \"rub\"", move |target| match target {
        _ if target.contains("action=getBalance") => "ACCESS_BALANCE:5",
        _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:5:79991112233",
        _ if target.contains("action=getPrices") => prices,
        _ => "STATUS_WAIT_CODE",
    })
    .await;
    let listed = bridge.json("action=getPrices&service=tg&country=0").await;
    assert_eq!(listed["0"]["tg"].to_string(), r#"{"cost":0.25,"count":7}"#);
    bridge.ask("action=getBalance").await;
    let (id, _) = bridge.order(ORDER).await;
    bridge.status(&id).await;
    for asked in upstream.asked() {
        assert_eq!(asked.contains("currency=643"), !asked.contains("getStatus"), "{asked}");
    }
}

/// With a rate for the accounts that are in dollars.
fn configured(lines: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("proxy.toml");
    let rates = "[dialect.rates]\nUSD = 90";
    let text = format!("[provider.main]\nkind = \"sms-activate\"\napi_key = \"k\"\n{lines}\n{rates}\n");
    std::fs::write(&file, text).unwrap();
    config::load(Some(&file), std::iter::empty(), &Overrides::default()).unwrap()
}

fn checked(lines: &str) -> ProviderConfig {
    configured(lines).providers.remove(0)
}

fn seller(lines: &str) -> String {
    let clock: Arc<dyn Clock> = MovableClock::standing();
    let config = configured(lines);
    let metrics = Metrics::new([], []);
    let upstream =
        Upstream::build(&config.providers[0], &config.dialect, Catalog::builtin(), &clock, &metrics);
    upstream.unwrap().seller
}

#[test]
fn every_preset_makes_a_provider_and_each_is_a_seller_of_its_own() {
    let variants = smsbridge::provider::spec("sms-activate").unwrap().variants.unwrap();
    let mut sellers: Vec<_> =
        variants.list.iter().map(|variant| seller(&format!("preset = \"{}\"", variant.name))).collect();
    assert!(sellers.contains(&"main/sms-activate@hero-sms.com".to_owned()), "{sellers:?}");
    sellers.sort();
    sellers.dedup();
    assert_eq!(sellers.len(), variants.list.len(), "{sellers:?}");
    // An address of the user's goes above it, and it is the address that counts.
    let moved = seller("preset = \"hero-sms\"\nbase_url = \"https://hero.example\"");
    assert_eq!(moved, "main/sms-activate@hero.example");
}

#[test]
fn what_is_set_goes_above_a_preset() {
    let plain = checked("preset = \"sms-man\"");
    assert_eq!(plain.base_urls[0].as_str(), "https://api.sms-man.com/");
    assert_eq!(
        (plain.options.text("cancel_status"), plain.path.as_str()),
        (Some("-1"), "/stubs/handler_api.php")
    );
    let set = checked("preset = \"sms-man\"\ncancel_status = \"8\"\nlacks = \"\"");
    assert_eq!((set.options.text("cancel_status"), set.options.text("lacks")), (Some("8"), None));
    assert_eq!(checked("preset = \"hero-sms\"").currency.as_str(), "USD");
    assert_eq!(checked("preset = \"hero-sms\"\ncurrency = \"RUB\"").currency.as_str(), "RUB");
}
