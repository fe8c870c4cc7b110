//! What only SMSAK brings along: one `1` for all it agrees to, and errors in words of a language instead of
//! codes. Source: `api/smsak.txt`, setstatus; `UPSTREAMS.md` sections 2 and 6a.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::harness::{Bridge, Canned};

const EMPTY: &str = "[]";
const UNKNOWN: &str = r#"{"error":"Активация не найдена"}"#;

/// A server on an upstream that sells a number, never has a message for it, and answers to setstatus what
/// `answers` has, one after the other and then the last.
async fn returning(answers: &'static [&'static str]) -> (Canned, Bridge, String) {
    let told = Arc::new(AtomicUsize::new(0));
    let upstream = Canned::answering(move |target| {
        let answer = match target {
            _ if target.contains("/getnumber/") => r#"{"id":707,"number":"+79777777777","send":0}"#,
            _ if target.contains("/setstatus/") => {
                answers[told.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1)]
            }
            _ => EMPTY,
        };
        (200, answer.to_owned())
    })
    .await;
    let url = upstream.url();
    let toml = format!("[provider.main]\nkind = \"smsak\"\nbase_url = \"{url}\"\napi_key = \"mock-key\"\n");
    let bridge = Bridge::start(&toml).await;
    let (id, _) = bridge.order("service=tg&country=0").await;
    (upstream, bridge, id)
}

#[tokio::test]
async fn a_refusal_for_a_reason_that_nobody_knows_is_no_cancellation() {
    let (_upstream, bridge, id) = returning(&["", r#"{"error":"Попробуйте позже"}"#, "1"]).await;
    assert_eq!(bridge.set(&id, "8").await, "ERROR_SQL");
    assert_eq!(bridge.set(&id, "8").await, "BAD_STATUS");
    assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE");
    assert_eq!(bridge.set(&id, "8").await, "ACCESS_CANCEL");
    assert_eq!(bridge.status(&id).await, "STATUS_CANCEL");
}

#[tokio::test]
async fn what_is_over_and_has_nothing_to_return_has_ended() {
    let (upstream, bridge, id) = returning(&[UNKNOWN]).await;
    assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE");
    bridge.advance(20 * 60);
    assert_eq!(bridge.status(&id).await, "STATUS_CANCEL");
    let asked = upstream.asked().len();
    bridge.advance(60);
    assert_eq!(bridge.status(&id).await, "STATUS_CANCEL");
    assert_eq!(upstream.asked().len(), asked, "nothing more is to be learned");
}
