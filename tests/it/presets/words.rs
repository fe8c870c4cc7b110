//! Words and states that mean something else at one service than at another.

use std::sync::Arc;

use smsbridge::mock::{Scope, Special};

use super::{HERO, ORDER, canned, on, provider, with_key};
use crate::harness::{Books, Bridge};

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
