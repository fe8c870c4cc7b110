//! What a service does not have: it is not asked for that, and nothing is sold as if it had.

use std::sync::Arc;

use super::{ORDER, canned, on};
use crate::harness::Books;

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
