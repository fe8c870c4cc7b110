use rust_decimal::Decimal;
use serde_json::Value;

use crate::mock::testing::Bench;

async fn bench() -> Bench {
    let bench = Bench::new("sms-activate", &[]).await;
    let market = bench.running.market();
    for service in ["tg", "wa", "av", "ym"] {
        market.set_stock("0", service, 26);
        market.set_price("0", service, Decimal::new(1550, 2));
    }
    bench
}

async fn say(bench: &Bench, rest: &str) -> String {
    bench.text(&format!("/stubs/handler_api.php?api_key=mock-key&action={rest}")).await
}

/// Orders, and gives id and phone.
async fn sold(bench: &Bench, query: &str) -> (String, String) {
    let answer = say(bench, &format!("getNumber&{query}")).await;
    let fields: Vec<_> = answer.split(':').collect();
    assert_eq!(fields[0], "ACCESS_NUMBER", "{answer}");
    (fields[1].to_owned(), fields[2].to_owned())
}

#[tokio::test]
async fn a_number_that_was_used_is_sold_once_more() {
    let bench = bench().await;
    let (parent, phone) = sold(&bench, "service=tg").await;
    let refused = "RENEW_ACTIVATION_NOT_AVAILABLE";
    for action in ["getExtraActivation", "checkExtraActivation"] {
        assert_eq!(say(&bench, &format!("{action}&activationId={parent}")).await, refused);
        assert_eq!(say(&bench, &format!("{action}&activationId=1")).await, "WRONG_ACTIVATION_ID");
    }
    bench.advance(5);
    let busy = say(&bench, &format!("getExtraActivation&activationId={parent}")).await;
    assert_eq!(busy, "NEW_ACTIVATION_IMPOSSIBLE");
    assert_eq!(say(&bench, &format!("setStatus&id={parent}&status=6")).await, "ACCESS_ACTIVATION");
    let price = say(&bench, &format!("checkExtraActivation&activationId={parent}")).await;
    let expected =
        format!(r#"{{"status":"success","cost":15.5,"service":"tg","phone":{phone},"country":0}}"#);
    assert_eq!(price, expected);
    let again = say(&bench, &format!("getExtraActivation&activationId={parent}")).await;
    assert!(again.starts_with("ACCESS_NUMBER:") && again.ends_with(&phone), "{again}");
    assert_ne!(again.split(':').nth(1).unwrap(), parent);
    assert_eq!(bench.running.market().totals().charged, Decimal::from(31));
    bench.is_clean();
    assert_eq!(say(&bench, "getExtraActivation&id=1").await, "BAD_ACTION");
    assert_eq!(say(&bench, "getExtraActivation&activationId=a").await, "WRONG_ACTIVATION_ID");
    assert_eq!(bench.running.violations().len(), 2);
}

#[tokio::test]
async fn a_service_is_added_to_a_number_that_forwards() {
    let bench = bench().await;
    let (plain, _) = sold(&bench, "service=av").await;
    let (parent, phone) = sold(&bench, "service=av&forward=1").await;
    let add = |id: &str, service: &str| format!("getAdditionalService&id={id}&service={service}");
    assert_eq!(say(&bench, &add(&parent, "ym")).await, "WRONG_SECURITY");
    bench.advance(5);
    assert_eq!(say(&bench, &add(&plain, "ym")).await, "WRONG_SECURITY");
    assert_eq!(say(&bench, &add(&parent, "tg")).await, "WRONG_ADDITIONAL_SERVICE");
    assert_eq!(say(&bench, &add("1", "ym")).await, "WRONG_ACTIVATION_ID");
    assert_eq!(say(&bench, &add(&parent, "av")).await, "REPEAT_ADDITIONAL_SERVICE");
    let before = bench.running.market().totals().charged;
    let added = say(&bench, &add(&parent, "ym")).await;
    assert!(added.starts_with("ADDITIONAL:") && added.ends_with(&phone), "{added}");
    assert_eq!(bench.running.market().totals().charged - before, Decimal::from(5));
    assert_eq!(say(&bench, &add(&parent, "ym")).await, "REPEAT_ADDITIONAL_SERVICE");
    bench.running.market().set_balance(Decimal::ONE);
    assert_eq!(say(&bench, &add(&parent, "ya")).await, "NO_BALANCE");
    say(&bench, &format!("setStatus&id={parent}&status=6")).await;
    assert_eq!(say(&bench, &add(&parent, "ya")).await, "WRONG_SECURITY");
    bench.is_clean();
    assert_eq!(say(&bench, &format!("getAdditionalService&id={parent}")).await, "WRONG_ADDITIONAL_SERVICE");
    assert_eq!(bench.running.violations().len(), 1);
}

#[tokio::test]
async fn several_services_come_on_one_number_or_not_at_all() {
    let bench = bench().await;
    let pair = say(&bench, "getMultiServiceNumber&multiService=tg,av&multiForward=0,1&country=0").await;
    let rows: Value = serde_json::from_str(&pair).unwrap();
    assert_eq!(rows[0]["phone"], rows[1]["phone"]);
    assert!(rows[0]["phone"].is_string() && rows[0]["activation"].is_u64());
    assert_eq!((rows[0]["service"].as_str(), rows[1]["service"].as_str()), (Some("tg"), Some("av")));
    let lots = bench.running.market().lots();
    assert_eq!((lots[0].forwards, lots[1].forwards), (false, true));
    bench.running.market().set_stock("0", "wa", 0);
    for (rest, word) in [
        ("multiService=tg,wa", "NO_NUMBERS"),
        ("multiService=tg,av&multiForward=1,0", "NO_NUMBERS"),
        ("multiService=tg,zzz", "BAD_SERVICE"),
    ] {
        assert_eq!(say(&bench, &format!("getMultiServiceNumber&{rest}")).await, word, "{rest}");
    }
    bench.is_clean();
    for (rest, word) in [
        ("service=tg,wa", "BAD_ACTION"),
        ("multiService=", "BAD_SERVICE"),
        ("multiService=av,ym&multiForward=1,1", "BAD_ACTION"),
        ("multiService=tg,av&multiForward=1", "BAD_ACTION"),
        ("multiService=tg,av&multiForward=0,2", "BAD_ACTION"),
    ] {
        assert_eq!(say(&bench, &format!("getMultiServiceNumber&{rest}")).await, word, "{rest}");
    }
    assert_eq!(bench.running.violations().len(), 5);
    assert_eq!(bench.running.market().totals().purchases, 2);
}
