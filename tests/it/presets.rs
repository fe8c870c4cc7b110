//! Services that speak the dialect, by their presets: each difference that a preset declares, driven against an
//! upstream that has it.

use std::sync::Arc;
use std::time::Duration;

use smsbridge::catalog::Catalog;
use smsbridge::clock::{Clock, MovableClock};
use smsbridge::config::{self, Config, Overrides, ProviderConfig};
use smsbridge::engine::Upstream;
use smsbridge::metrics::Metrics;
use smsbridge::mock::{Running, Scope, Settings, Special};

use crate::harness::{Books, Bridge, Canned, World};

/// Accounts there are in dollars.
const HERO: &str = "preset = \"hero-sms\"\n[dialect.rates]\nUSD = 90";

fn provider(url: &str, key: &str, lines: &str) -> String {
    format!(
        "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{url}\"\napi_key = \"{key}\"\nlist_ttl = \"0s\"\npoll_interval = \"0s\"\n{lines}\n"
    )
}

/// A stand-in with quirks, with telegram in stock, and a server on it.
async fn on(stand_in: &str, quirks: &[&str], lines: &str) -> (Running, Bridge) {
    let clock = MovableClock::standing();
    let market = Settings {
        sms_delay: Duration::from_secs(5),
        early_cancel: Some(Duration::ZERO),
        ..Settings::default()
    };
    let upstream = World::stand_in(stand_in, quirks, market, &clock).await;
    upstream.market().set_stock("0", "tg", 100);
    upstream.market().set_price("0", "tg", "12.50".parse().unwrap());
    let bridge = Bridge::at(&provider(&upstream.url(), "mock-key", lines), clock).await;
    (upstream, bridge)
}

async fn canned(
    lines: &str,
    answer: impl Fn(&str) -> &'static str + Send + Sync + 'static,
) -> (Canned, Bridge) {
    let upstream = Canned::answering(move |target| (200, answer(target).to_owned())).await;
    let bridge = Bridge::start(&provider(&upstream.url(), "mock-key", lines)).await;
    (upstream, bridge)
}

const ORDER: &str = "service=tg&country=0";

/// The same ledger with another key at the service.
async fn with_key(bridge: Bridge, upstream: &Running, key: &str, lines: &str) -> (Bridge, tempfile::TempDir) {
    let clock = Arc::clone(&bridge.clock);
    let home = bridge.stop().await.unwrap();
    let bridge = Bridge::over(&provider(&upstream.url(), key, lines), clock, home.path()).await;
    (bridge, home)
}

const VAK_SMS: &str = "preset = \"vak-sms-compat\"";

#[tokio::test]
async fn vak_sms_bad_action_is_a_wrong_key_where_it_is_one() {
    let (upstream, bridge) = on("sms-activate", &["vague-errors"], VAK_SMS).await;
    upstream.market().declare(Scope::Country("0".to_owned()), Special::NoMessage);
    let (id, _) = bridge.order(ORDER).await;
    let (bridge, home) = with_key(bridge, &upstream, "stale", VAK_SMS).await;
    for query in [
        "action=getBalance".to_owned(),
        "action=getPrices&country=0".to_owned(),
        "action=getNumbersStatus&country=0".to_owned(),
        format!("action=getNumber&{ORDER}"),
        format!("action=getNumberV2&{ORDER}"),
        format!("action=getStatus&id={id}"),
        format!("action=getStatusV2&id={id}"),
        format!("action=setStatus&id={id}&status=8"),
    ] {
        let answer = bridge.get(&query).await;
        assert_eq!(answer.body, "BAD_KEY", "{query}");
        let detail = answer.header("x-smsbridge-detail").unwrap();
        assert!(
            detail.contains("the upstream does not accept the key it was asked with"),
            "{query}: {detail}"
        );
    }
    // Its time is over, and still a wrong key says nothing about it.
    bridge.advance(20 * 60);
    bridge.tidy().await;
    assert_eq!(bridge.status(&id).await, "BAD_KEY");
    let (bridge, _home) = {
        let clock = Arc::clone(&bridge.clock);
        drop(bridge.stop().await);
        let toml = provider(&upstream.url(), "mock-key", VAK_SMS);
        (Bridge::over(&toml, clock, home.path()).await, &home)
    };
    assert_eq!(bridge.status(&id).await, "STATUS_CANCEL");
    assert_eq!(upstream.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn vak_sms_bad_action_to_a_question_for_an_activation_is_an_unknown_one_and_ends_nothing() {
    let forgetful = |target: &str| match target {
        _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:5:79991112233",
        _ if target.contains("action=getBalance") => "ACCESS_BALANCE:100",
        _ if target.contains("action=getPrices") => r#"{"0":{"tg":{"cost":12.5,"count":3}}}"#,
        _ if target.contains("action=setStatus") => "NO_ACTIVATION",
        _ => "BAD_ACTION",
    };
    let (upstream, bridge) = canned(VAK_SMS, forgetful).await;
    let (id, _) = bridge.order(ORDER).await;
    assert_eq!(bridge.status(&id).await, "NO_ACTIVATION");
    assert_eq!(bridge.ask(&format!("action=getStatusV2&id={id}")).await, "NO_ACTIVATION");
    let active = bridge.json("action=getActiveActivations").await;
    assert_eq!(active["activeActivations"][0]["activationId"], id.as_str(), "it is not given up");
    let asked = upstream.asked();
    assert!(asked.iter().any(|asked| asked.contains("action=getBalance")), "{asked:?}");
    // Once its time is over it is over, as with any other service.
    bridge.advance(20 * 60);
    assert_eq!(bridge.status(&id).await, "STATUS_CANCEL");
}

#[tokio::test]
async fn a_word_of_two_meanings_ends_nothing_while_the_key_cannot_be_tried() {
    let down = |target: &str| match target {
        _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:5:79991112233",
        _ if target.contains("action=getBalance") => "SERVER_ERROR",
        _ if target.contains("action=getPrices") => "{}",
        _ => "BAD_ACTION",
    };
    let (_upstream, bridge) = canned(VAK_SMS, down).await;
    let (id, _) = bridge.order(ORDER).await;
    bridge.advance(20 * 60);
    assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE");
    let clock = Arc::clone(&bridge.clock);
    let home = bridge.stop().await.unwrap();
    let books = Books::read(home.path(), &clock).await;
    assert!(!books.activations[0].state.is_final(), "{:?}", books.activations[0].state);
}

#[tokio::test]
async fn without_a_preset_bad_action_means_what_the_document_says() {
    let (_upstream, bridge) = on("sms-activate", &["vague-errors"], "").await;
    let (bridge, _home) = with_key(bridge, &_upstream, "stale", "").await;
    assert_eq!(bridge.ask("action=getBalance").await, "BAD_ACTION");
}

#[tokio::test]
async fn hero_sms_is_not_told_status_1() {
    let (upstream, bridge) = on("sms-activate", &["modern-errors"], HERO).await;
    let (id, _) = bridge.order(ORDER).await;
    assert_eq!(bridge.set(&id, "1").await, "ACCESS_READY");
    assert_eq!(upstream.calls("setStatus"), 0);
    assert_eq!(bridge.set(&id, "8").await, "ACCESS_CANCEL");
    let told = |lines| async move {
        let (upstream, bridge) = on("sms-activate", &["modern-errors"], lines).await;
        let (id, _) = bridge.order(ORDER).await;
        assert_eq!(bridge.set(&id, "1").await, "ACCESS_READY");
        upstream.calls("setStatus")
    };
    assert_eq!(told(&format!("ready_status = true\n{HERO}")).await, 1, "a preset is no lock");
}

#[tokio::test]
async fn hero_sms_says_not_found_of_an_activation() {
    let (_upstream, bridge) = canned(HERO, |target| match target {
        _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:5:79991112233",
        _ if target.contains("action=getPrices") => "{}",
        _ => r#"{"title":"NOT_FOUND","details":"x"}"#,
    })
    .await;
    let (id, _) = bridge.order(ORDER).await;
    assert_eq!(bridge.status(&id).await, "NO_ACTIVATION");
    assert_eq!(bridge.set(&id, "8").await, "NO_ACTIVATION");
}

#[tokio::test]
async fn smsak_cancels_by_6_and_never_claims_a_cancellation_that_6_was_not() {
    let (upstream, bridge) = on("sms-activate", &["no-cancel-code"], "preset = \"smsak-compat\"").await;
    for status in ["8", "-1", "6"] {
        let (id, _) = bridge.order(ORDER).await;
        assert_eq!(bridge.set(&id, status).await, "ACCESS_CANCEL", "{status}");
        assert_eq!(bridge.status(&id).await, "STATUS_CANCEL", "{status}");
    }
    let (id, _) = bridge.order(ORDER).await;
    // A code comes that nobody has seen: 6 would finish it, so it is looked for first.
    bridge.advance(6);
    assert_eq!(bridge.set(&id, "8").await, "BAD_STATUS");
    assert!(bridge.status(&id).await.starts_with("STATUS_OK:"));
    assert_eq!(bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
    assert_eq!(upstream.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_cap_that_the_service_does_not_take_is_held_against_its_list() {
    let (upstream, bridge) = on("sms-activate", &[], "lacks = \"maxPrice\"").await;
    let cheap = bridge.ask(&format!("action=getNumber&{ORDER}&maxPrice=12.4&freePrice=true")).await;
    assert_eq!(cheap, "WRONG_MAX_PRICE:12.5");
    assert_eq!(upstream.orders(), 0);
    bridge.order(&format!("{ORDER}&maxPrice=12.5&freePrice=true")).await;
    let sent = upstream.requests();
    assert!(!sent.iter().any(|asked| asked.contains("maxPrice") || asked.contains("freePrice")), "{sent:?}");
}

#[tokio::test]
async fn an_order_with_what_the_service_would_ignore_is_refused_before_it_is_asked() {
    let (upstream, bridge) = on("sms-man", &[], "preset = \"sms-man\"").await;
    for more in ["operator=mts", "operator=mts,beeline", "forward=1", "verification=true"] {
        assert_eq!(bridge.ask(&format!("action=getNumber&{ORDER}&{more}")).await, "NO_NUMBERS", "{more}");
    }
    assert_eq!(bridge.ask("action=getOperators&country=0").await, OPERATORS_NOT_FOUND);
    assert_eq!(upstream.orders(), 0);
}

const OPERATORS_NOT_FOUND: &str = r#"{"status":"error","error":"OPERATORS_NOT_FOUND"}"#;

/// SMS-Man's stand-in blames every action and parameter that its document does not have.
#[tokio::test]
async fn sms_man_is_asked_for_nothing_that_it_lacks_and_every_action_is_answered() {
    let (upstream, bridge) = on("sms-man", &[], "preset = \"sms-man\"").await;
    let stock = bridge.json("action=getNumbersStatus&country=0").await;
    assert_eq!(stock["tg_0"], "100");
    assert_eq!(bridge.json("action=getNumbersStatus&country=0&operator=mts").await["tg_0"], "0");
    assert!(bridge.ask("action=getBalanceAndCashBack").await.starts_with("ACCESS_BALANCE:"));
    let top = bridge.json("action=getTopCountriesByService&service=tg").await;
    assert!(
        top.as_object().unwrap().values().any(|row| row["country"] == 0 && row["price"] == 12.5),
        "{top}"
    );
    assert_eq!(bridge.json("action=getServicesList").await["status"], "success");
    assert_eq!(bridge.json("action=getCountries").await["0"]["rus"], "Россия");
    let sold = bridge.json(&format!("action=getNumberV2&{ORDER}&maxPrice=20")).await;
    let id = sold["activationId"].to_string();
    assert_eq!(bridge.set(&id, "1").await, "ACCESS_READY");
    bridge.advance(6);
    let shown = bridge.json(&format!("action=getStatusV2&id={id}")).await;
    let code = shown["sms"]["code"].as_str().unwrap();
    assert_eq!(bridge.ask(&format!("action=getFullSms&id={id}")).await, format!("FULL_SMS:{code}"));
    assert_eq!(bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
    let (id, _) = bridge.order(ORDER).await;
    assert_eq!(bridge.set(&id, "8").await, "ACCESS_CANCEL");
    assert!(upstream.requests().iter().any(|asked| asked.contains("status=-1")));
    assert_eq!(upstream.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_action_that_turns_out_not_to_exist_needs_no_declaration() {
    let (_upstream, bridge) = canned("", |target| match target {
        _ if target.contains("action=getBalance&") || target.ends_with("action=getBalance") => {
            "ACCESS_BALANCE:5"
        }
        _ if target.contains("action=getPrices") => r#"{"0":{"tg":{"cost":12.5,"count":3}}}"#,
        _ => "BAD_ACTION",
    })
    .await;
    assert_eq!(bridge.json("action=getNumbersStatus&country=0").await["tg_0"], "3");
    assert_eq!(bridge.ask("action=getBalanceAndCashBack").await, "ACCESS_BALANCE:5.00");
    assert_eq!(bridge.json("action=getTopCountriesByService&service=tg").await["0"]["count"], 3);
    assert_eq!(bridge.json("action=getCountries").await["0"]["id"], 0);
    assert_eq!(bridge.json("action=getServicesList").await["status"], "success");
    assert!(bridge.ask("action=getOperators&country=0").await.contains("\"countryOperators\""));
}

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

#[tokio::test]
async fn no_cap_is_held_against_a_price_of_nothing() {
    // Some print 0 for what is out of stock, and it may be in stock the next moment.
    for lines in ["preset = \"sms-man\"", "lacks = \"maxPrice\""] {
        let (upstream, bridge) = canned(lines, |target| match target {
            _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:5:79991112233",
            _ => r#"{"0":{"tg":{"cost":"0","count":0}}}"#,
        })
        .await;
        assert_eq!(
            bridge.ask(&format!("action=getNumber&{ORDER}&maxPrice=10")).await,
            "NO_NUMBERS",
            "{lines}"
        );
        let asked = upstream.asked();
        assert!(!asked.iter().any(|asked| asked.contains("action=getNumber&")), "{lines}: {asked:?}");
        bridge.order(ORDER).await;
    }
}

#[tokio::test]
async fn what_a_known_service_would_ignore_is_refused() {
    for (preset, parameters) in [
        ("tiger", &["operator=mts", "forward=1", "verification=true"][..]),
        ("vak-sms-compat", &["forward=1", "verification=true"]),
        ("smshub", &["forward=1", "verification=true"]),
    ] {
        let lines = format!("preset = \"{preset}\"\n[dialect.rates]\nUSD = 90");
        let (upstream, bridge) = canned(&lines, |_| "ACCESS_NUMBER:5:79991112233").await;
        for more in parameters {
            let answer = bridge.ask(&format!("action=getNumber&{ORDER}&{more}")).await;
            assert_eq!(answer, "NO_NUMBERS", "{preset}: {more}");
        }
        let asked = upstream.asked();
        assert!(!asked.iter().any(|asked| asked.contains("action=getNumber&")), "{preset}: {asked:?}");
    }
}

#[tokio::test]
async fn an_excluded_number_of_a_service_that_cannot_exclude_any_goes_back() {
    let (upstream, bridge) = canned("preset = \"tiger\"\n[dialect.rates]\nUSD = 90", |target| match target {
        _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:5:79181112233",
        _ if target.contains("action=setStatus") => "ACCESS_CANCEL",
        _ => "{}",
    })
    .await;
    assert_eq!(bridge.ask(&format!("action=getNumber&{ORDER}&phoneException=7918")).await, "NO_NUMBERS");
    let asked = upstream.asked();
    let many = |action: &str| asked.iter().filter(|asked| asked.contains(action)).count();
    assert_eq!((many("action=getNumber&"), many("action=setStatus")), (5, 5));
    assert!(!asked.iter().any(|asked| asked.contains("phoneException")), "{asked:?}");
    let (_, phone) = bridge.order(&format!("{ORDER}&phoneException=7917")).await;
    assert_eq!(phone, "79181112233");
}

#[tokio::test]
async fn no_service_sells_in_a_way_that_it_lacks() {
    for preset in ["vak-sms-compat", "smsak-compat", "sms-man", "smshub", "grizzly", "tiger", "smsbower"] {
        let lines = format!("preset = \"{preset}\"\n[dialect.rates]\nUSD = 90");
        let (upstream, bridge) = canned(&lines, |target| match target {
            _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:5:79991112233",
            _ => "{}",
        })
        .await;
        let (id, _) = bridge.order(ORDER).await;
        for (query, word) in [
            ("getMultiServiceNumber&multiService=tg,wa".to_owned(), "NO_NUMBERS"),
            (format!("getExtraActivation&activationId={id}"), "RENEW_ACTIVATION_NOT_AVAILABLE"),
            (format!("checkExtraActivation&activationId={id}"), "RENEW_ACTIVATION_NOT_AVAILABLE"),
            (format!("getAdditionalService&service=av&id={id}"), "WRONG_ADDITIONAL_SERVICE"),
        ] {
            assert_eq!(bridge.ask(&format!("action={query}")).await, word, "{preset}");
        }
        let asked = upstream.asked();
        assert!(!asked.iter().any(|asked| asked.contains("Extra") || asked.contains("Multi")), "{asked:?}");
    }
}

#[tokio::test]
async fn an_action_that_turns_out_not_to_exist_has_the_documented_word() {
    let (_upstream, bridge) = canned("", |target| match target {
        _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:5:79991112233",
        _ if target.contains("action=getPrices") => "{}",
        _ => "BAD_ACTION",
    })
    .await;
    let (id, _) = bridge.order(ORDER).await;
    for (query, word) in [
        ("getMultiServiceNumber&multiService=tg,wa".to_owned(), "NO_NUMBERS"),
        (format!("getExtraActivation&activationId={id}"), "RENEW_ACTIVATION_NOT_AVAILABLE"),
        (format!("reactivationPrice&id={id}"), "RENEW_ACTIVATION_NOT_AVAILABLE"),
        (format!("getAdditionalService&service=av&id={id}"), "WRONG_ADDITIONAL_SERVICE"),
    ] {
        assert_eq!(bridge.ask(&format!("action={query}")).await, word);
    }
}

#[tokio::test]
async fn tiger_is_not_asked_a_second_time_for_a_number() {
    // BAD_ACTION is also what it says when it failed.
    let (upstream, bridge) = canned("preset = \"tiger\"\n[dialect.rates]\nUSD = 90", |target| match target {
        _ if target.contains("action=getPrices") => "{}",
        _ => "BAD_ACTION",
    })
    .await;
    assert_eq!(bridge.ask(&format!("action=getNumberV2&{ORDER}")).await, "ERROR_SQL");
    let orders = upstream.asked().iter().filter(|asked| asked.contains("action=getNumber")).count();
    assert_eq!(orders, 1);
    let clock = Arc::clone(&bridge.clock);
    let home = bridge.stop().await.unwrap();
    assert_eq!(Books::read(home.path(), &clock).await.doubts.len(), 1, "it may have sold one");
}
