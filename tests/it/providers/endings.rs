//! How activations end without anybody finishing them: by time, by an early cancel that is denied, or as
//! ids that never were. Source: `api/sms-activate.txt`, "Изменение статуса активации"; lifetimes:
//! `UPSTREAMS.md` section 1.

use std::time::Duration;

use smsbridge::domain::Service;
use smsbridge::mock::Settings;

use super::stage::{easy, everywhere, on_market};
use crate::harness::denies_early_cancels;

const MINUTE: u64 = 60;
const NONE_ACTIVE: &str = r#"{"status":"error","error":"NO_ACTIVATIONS"}"#;

#[tokio::test]
async fn without_a_code_time_ends_it_as_cancelled_and_refunded() {
    everywhere(async |stage| {
        let service = stage.silence();
        let bridge = stage.bridge();
        let before = stage.balance().await;
        let (id, _) = bridge.order(&format!("service={service}&country=0")).await;
        bridge.advance(20 * MINUTE - 1);
        assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE");
        assert!(bridge.ask("action=getActiveActivations").await.contains(&id));
        bridge.advance(1);
        assert_eq!(bridge.status(&id).await, "STATUS_CANCEL");
        stage.expect("action=getActiveActivations", NONE_ACTIVE).await;
        assert_eq!(stage.balance().await, before);
        for status in ["1", "3"] {
            assert_eq!(bridge.set(&id, status).await, "BAD_STATUS", "{status}");
        }
        // It ended by itself; only upstreams in the dialect's manner say of such a one that it is cancelled,
        // and do not tell by whom (UPSTREAMS.md section 6b).
        let cancelled = if stage.calls_the_end_cancelled() { "ACCESS_CANCEL" } else { "BAD_STATUS" };
        for status in ["6", "8", "-1"] {
            assert_eq!(bridge.set(&id, status).await, cancelled, "{status}");
        }
        bridge.advance(24 * 60 * MINUTE);
        assert_eq!(bridge.status(&id).await, "STATUS_CANCEL");
    })
    .await;
}

#[tokio::test]
async fn cancelling_what_has_just_expired_claims_nothing_untrue() {
    everywhere(async |stage| {
        let service = stage.silence();
        let bridge = stage.bridge();
        for status in ["8", "-1"] {
            let (id, _) = bridge.order(&format!("service={service}&country=0")).await;
            bridge.advance(20 * MINUTE);
            // As above: some upstreams say themselves that it is cancelled.
            let cancelled = if stage.calls_the_end_cancelled() { "ACCESS_CANCEL" } else { "BAD_STATUS" };
            assert_eq!(bridge.set(&id, status).await, cancelled, "{status}");
            assert_eq!(bridge.set(&id, status).await, cancelled, "{status} again");
            assert_eq!(bridge.status(&id).await, "STATUS_CANCEL");
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_that_was_read_survives_the_end() {
    everywhere(async |stage| {
        let bridge = stage.bridge();
        let (id, _) = bridge.order("service=tg&country=0").await;
        stage.world.let_message_come();
        let code = bridge.status(&id).await;
        assert!(code.starts_with("STATUS_OK:"), "{code}");
        bridge.advance(20 * MINUTE);
        assert_eq!(bridge.status(&id).await, code);
        stage.expect("action=getActiveActivations", NONE_ACTIVE).await;
        bridge.advance(24 * 60 * MINUTE);
        assert_eq!(bridge.status(&id).await, code);
    })
    .await;
}

#[tokio::test]
async fn a_second_code_that_never_came_is_not_replaced_by_the_first() {
    everywhere(async |stage| {
        if stage.market().is_none() {
            return;
        }
        stage.silence();
        let bridge = stage.bridge();
        let (id, _) = bridge.order("service=tg&country=0").await;
        let market = stage.market().unwrap();
        let lot = stage.last_lot().unwrap().id;
        market.deliver(&lot, "4711", "4711").unwrap();
        assert_eq!(bridge.status(&id).await, "STATUS_OK:4711");
        assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
        // One second before the next message would come by itself, which it does after five.
        bridge.advance(4);
        assert_eq!(bridge.status(&id).await, "STATUS_WAIT_RETRY:4711");
    })
    .await;
}

#[tokio::test]
async fn services_of_vak_sms_wait_as_long_as_it_keeps_them() {
    everywhere(async |stage| {
        if !stage.is("vak-sms") {
            return;
        }
        stage.silence();
        let bridge = stage.bridge();
        // The dialect's codes; VAK-SMS's own are ig, tw, ai, mg and tg.
        for (service, minutes) in [("ig", 30), ("tw", 30), ("hx", 30), ("mg", 60), ("tg", 20)] {
            assert!(Service::parse(service).is_ok());
            stage.market().unwrap().set_stock("ru", &stage.service(service), 5);
            let (id, _) = bridge.order(&format!("service={service}&country=0")).await;
            bridge.advance(minutes * MINUTE - 1);
            assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE", "{service}");
            assert!(bridge.ask("action=getActiveActivations").await.contains(&id), "{service}");
            bridge.advance(1);
            assert_eq!(bridge.status(&id).await, "STATUS_CANCEL", "{service}");
            stage.expect("action=getActiveActivations", NONE_ACTIVE).await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_early_cancel_is_denied_until_it_is_allowed() {
    let patient = Settings {
        early_cancel: Some(Duration::from_secs(120)),
        sms_delay: Duration::from_secs(300),
        ..easy()
    };
    on_market(patient, async |stage| {
        if !denies_early_cancels(stage.stand_in) {
            return;
        }
        let bridge = stage.bridge();
        for status in ["8", "-1", "6"] {
            let before = stage.balance().await;
            let (id, _) = bridge.order("service=tg&country=0").await;
            let paid = stage.balance().await;
            assert_eq!(bridge.set(&id, status).await, "EARLY_CANCEL_DENIED", "{status}");
            bridge.advance(119);
            assert_eq!(bridge.set(&id, status).await, "EARLY_CANCEL_DENIED", "{status}");
            assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE");
            assert_eq!(stage.balance().await, paid);
            bridge.advance(1);
            assert_eq!(bridge.set(&id, status).await, "ACCESS_CANCEL", "{status}");
            assert_eq!(stage.balance().await, before);
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_id_is_no_activation_and_nobodys_business() {
    everywhere(async |stage| {
        stage.bridge().order("service=tg&country=0").await;
        let asked = stage.requests();
        for id in ["1", "2147483647", "3807035855", "99999999999999999999", "abc", "", "-5", "1.5"] {
            for query in [
                format!("action=getStatus&id={id}"),
                format!("action=getStatusV2&id={id}"),
                format!("action=getFullSms&id={id}"),
                format!("action=setStatus&id={id}&status=8"),
                format!("action=setStatus&id={id}&status=1"),
            ] {
                stage.expect(&query, "NO_ACTIVATION").await;
            }
        }
        stage.expect("action=getStatus", "NO_ACTIVATION").await;
        assert_eq!(stage.requests(), asked);
    })
    .await;
}
