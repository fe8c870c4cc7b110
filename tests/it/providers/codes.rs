//! Codes from the first to the third, and what each `setStatus` comes to on the way. Source:
//! `api/sms-activate.txt`, "Изменение статуса активации" and "Получить состояние активации".

use smsbridge::mock::LotState;

use super::stage::{Stage, everywhere};

/// Lets a message with this code come to the number that was sold last; `false` where nobody can.
fn deliver(stage: &Stage, code: &str) -> bool {
    let Some(lot) = stage.last_lot() else { return false };
    stage.market().unwrap().deliver(&lot.id, code, &format!("Your code: {code}")).unwrap();
    stage.tick();
    true
}

#[tokio::test]
async fn the_same_code_again_is_a_new_message() {
    everywhere(async |stage| {
        if stage.market().is_none() {
            return;
        }
        stage.silence();
        let bridge = stage.bridge();
        let (id, _) = bridge.order("service=tg&country=0").await;
        assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE");
        for nth in 0..3 {
            // Where the old code is shown on, nothing tells the same one again from it (UPSTREAMS.md section 6b).
            let code = if stage.has("old-code") { format!("471{nth}") } else { "4711".to_owned() };
            assert!(deliver(stage, &code));
            assert_eq!(bridge.status(&id).await, format!("STATUS_OK:{code}"));
            assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
            for _ in 0..2 {
                assert_eq!(bridge.status(&id).await, format!("STATUS_WAIT_RETRY:{code}"));
                stage.tick();
            }
        }
        assert!(deliver(stage, "0815"));
        assert_eq!(bridge.status(&id).await, "STATUS_OK:0815");
        assert_eq!(bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
        assert_eq!(bridge.status(&id).await, "STATUS_OK:0815");
    })
    .await;
}

#[tokio::test]
async fn three_messages_come_one_after_another() {
    everywhere(async |stage| {
        let bridge = stage.bridge();
        let (id, _) = bridge.order("service=tg&country=0").await;
        let mut codes = Vec::new();
        for nth in 1..=3 {
            let waiting = bridge.status(&id).await;
            assert!(!waiting.starts_with("STATUS_OK"), "{nth}: {waiting}");
            stage.world.let_message_come();
            let answer = bridge.status(&id).await;
            codes.push(answer.strip_prefix("STATUS_OK:").unwrap().to_owned());
            if let Some(lot) = stage.last_lot() {
                let sent: Vec<_> = lot.messages.iter().map(|message| message.code.clone()).collect();
                assert_eq!(codes, sent);
            }
            let answer = if nth < 3 { bridge.set(&id, "3").await } else { bridge.set(&id, "6").await };
            assert_eq!(answer, if nth < 3 { "ACCESS_RETRY_GET" } else { "ACCESS_ACTIVATION" });
        }
    })
    .await;
}

/// A command and its answer, in this order on one activation.
type Steps = &'static [(&'static str, &'static str)];

async fn go(stage: &Stage, id: &str, steps: Steps) {
    for (nth, (status, answer)) in steps.iter().enumerate() {
        assert_eq!(stage.bridge().set(id, status).await, *answer, "step {nth}: {status}");
    }
}

#[tokio::test]
async fn every_status_before_a_code() {
    const NEITHER: Steps = &[
        ("3", "BAD_STATUS"),
        ("1", "ACCESS_READY"),
        ("1", "ACCESS_READY"),
        ("3", "BAD_STATUS"),
        ("2", "BAD_STATUS"),
        ("0", "BAD_STATUS"),
        ("", "BAD_STATUS"),
        ("-2", "BAD_STATUS"),
        ("abc", "BAD_STATUS"),
    ];
    const ENDS: [Steps; 3] = [
        &[("8", "ACCESS_CANCEL"), ("8", "ACCESS_CANCEL"), ("-1", "ACCESS_CANCEL"), ("3", "BAD_STATUS")],
        &[("-1", "ACCESS_CANCEL"), ("-1", "ACCESS_CANCEL"), ("1", "BAD_STATUS")],
        // "если был 'подготовка' - удаляет и помечает ошибка".
        &[("6", "ACCESS_CANCEL"), ("6", "ACCESS_CANCEL"), ("8", "ACCESS_CANCEL"), ("3", "BAD_STATUS")],
    ];
    everywhere(async |stage| {
        for end in ENDS {
            let (id, _) = stage.bridge().order("service=tg&country=0").await;
            go(stage, &id, NEITHER).await;
            assert_eq!(stage.bridge().status(&id).await, "STATUS_WAIT_CODE");
            go(stage, &id, end).await;
            assert_eq!(stage.bridge().status(&id).await, "STATUS_CANCEL");
            if let Some(lot) = stage.last_lot() {
                assert_eq!(lot.state, LotState::Cancelled);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_status_after_a_code() {
    const RECEIVED: Steps =
        &[("8", "BAD_STATUS"), ("-1", "BAD_STATUS"), ("1", "ACCESS_READY"), ("8", "BAD_STATUS")];
    const RETRY: Steps =
        &[("3", "ACCESS_RETRY_GET"), ("3", "ACCESS_RETRY_GET"), ("8", "BAD_STATUS"), ("-1", "BAD_STATUS")];
    const FINISHED: Steps = &[
        ("6", "ACCESS_ACTIVATION"),
        ("6", "ACCESS_ACTIVATION"),
        ("8", "BAD_STATUS"),
        ("-1", "BAD_STATUS"),
        ("3", "BAD_STATUS"),
        ("1", "BAD_STATUS"),
    ];
    everywhere(async |stage| {
        for with_retry in [false, true] {
            let bridge = stage.bridge();
            let (id, _) = bridge.order("service=tg&country=0").await;
            stage.world.let_message_come();
            let code = bridge.status(&id).await;
            go(stage, &id, RECEIVED).await;
            assert_eq!(bridge.status(&id).await, code);
            if with_retry {
                go(stage, &id, RETRY).await;
                let wait = code.replace("STATUS_OK", "STATUS_WAIT_RETRY");
                assert_eq!(bridge.status(&id).await, wait);
            }
            go(stage, &id, FINISHED).await;
            assert_eq!(bridge.status(&id).await, code);
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_that_came_unseen_cannot_be_cancelled_away() {
    everywhere(async |stage| {
        for status in ["8", "-1"] {
            let bridge = stage.bridge();
            let (id, _) = bridge.order("service=tg&country=0").await;
            assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE");
            stage.world.let_message_come();
            assert_eq!(bridge.set(&id, status).await, "BAD_STATUS");
            let answer = bridge.status(&id).await;
            assert!(answer.starts_with("STATUS_OK:"), "after {status}: {answer}");
            if let Some(lot) = stage.last_lot() {
                assert_eq!(answer, format!("STATUS_OK:{}", lot.last().unwrap().code));
            }
            assert_eq!(bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
        }
    })
    .await;
}

#[tokio::test]
async fn a_message_that_has_to_be_sent_again_is_asked_for_with_6() {
    everywhere(async |stage| {
        if !stage.is("sms-activate") {
            return;
        }
        let bridge = stage.bridge();
        let (id, _) = bridge.order("service=tg&country=0").await;
        stage.market().unwrap().hold_for_resend(&stage.last_lot().unwrap().id).unwrap();
        assert_eq!(bridge.status(&id).await, "STATUS_WAIT_RESEND");
        assert_eq!(bridge.set(&id, "3").await, "BAD_STATUS");
        // "если был статус 'ожидает повтора' - переводит активацию в ожидание смс"; "ACCESS_RETRY_GET -
        // ожидание нового смс".
        assert_eq!(bridge.set(&id, "6").await, "ACCESS_RETRY_GET");
        assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE");
        stage.world.let_message_come();
        assert!(bridge.status(&id).await.starts_with("STATUS_OK:"));
        assert_eq!(bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
    })
    .await;
}

#[tokio::test]
async fn steps_that_an_upstream_has_no_notion_of_are_not_told_to_it() {
    everywhere(async |stage| {
        if !stage.is("vak-sms") {
            return;
        }
        let upstream = stage.upstream().unwrap();
        let bridge = stage.bridge();
        let (id, _) = bridge.order("service=tg&country=0").await;
        bridge.set(&id, "1").await;
        bridge.set(&id, "3").await;
        stage.world.let_message_come();
        bridge.status(&id).await;
        bridge.set(&id, "8").await;
        bridge.set(&id, "6").await;
        // Neither "ready" nor "finish", and `send` only for another message (UPSTREAMS.md section 1).
        assert_eq!(upstream.calls("setStatus"), 0);
        let (id, _) = bridge.order("service=tg&country=0").await;
        bridge.set(&id, "-1").await;
        let sent = upstream.requests().pop().unwrap();
        assert!(sent.contains("status=end"), "{sent}");
        bridge.order("service=tg&country=0").await;
        let (id, _) = bridge.order("service=tg&country=0").await;
        bridge.set(&id, "8").await;
        let sent = upstream.requests().pop().unwrap();
        // `bad` is agreed to when a code has just come, and is not refunded.
        assert!(sent.contains("status=end"), "{sent}");
    })
    .await;
}
