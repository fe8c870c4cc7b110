//! What only SMS-Man's API v2.0 has to keep: its numbers are found by name, nothing is given back after a
//! code whatever it would agree to, and its ids are nobody else's. Source: `UPSTREAMS.md` section 4.

use smsbridge::clock::MovableClock;

use crate::harness::{Books, Bridge, Canned};

const ORDER: &str = "action=getNumber&service=tg&country=0";

fn toml(upstream: &Canned, lines: &str) -> String {
    let url = upstream.url();
    format!("[provider.main]\nkind = \"sms-man\"\nbase_url = \"{url}\"\napi_key = \"mock-key\"\n{lines}")
}

/// What it says to a call that a test has no answer of its own for.
fn usual(target: &str) -> &'static str {
    match target {
        _ if target.contains("/countries?") => r#"{"1":{"id":"1","title":"Russia"}}"#,
        _ if target.contains("/applications?") => r#"{"3":{"id":"3","title":"Telegram"}}"#,
        _ if target.contains("/get-number?") => r#"{"request_id":7,"number":"79002415539"}"#,
        _ if target.contains("/get-sms?") => r#"{"request_id":7,"error_code":"wait_sms"}"#,
        _ if target.contains("/set-status?") => r#"{"request_id":7,"success":true}"#,
        _ => r#"{"1":{"3":{"cost":"10","count":5}}}"#,
    }
}

async fn speaking(
    lines: &str,
    answer: impl Fn(&str) -> Option<&'static str> + Send + Sync + 'static,
) -> (Canned, Bridge) {
    let upstream =
        Canned::answering(move |target| (200, answer(target).unwrap_or_else(|| usual(target)).to_owned()))
            .await;
    let bridge = Bridge::start(&toml(&upstream, &format!("api = \"v2\"\n{lines}"))).await;
    (upstream, bridge)
}

fn asked(upstream: &Canned, call: &str) -> Vec<String> {
    upstream.asked().into_iter().filter(|target| target.contains(call)).collect()
}

#[tokio::test]
async fn an_order_names_the_numbers_that_its_lists_have() {
    let (upstream, bridge) = speaking("ref = \"mine\"\nmultiple_sms = true\n", |_| None).await;
    for _ in 0..3 {
        assert!(bridge.ask(ORDER).await.ends_with(":79002415539"));
    }
    let orders = asked(&upstream, "/get-number?");
    let query = "token=mock-key&country_id=1&application_id=3&hasMultipleSms=true&ref=mine";
    assert!(orders.iter().all(|order| order.ends_with(query)), "{orders:?}");
    assert_eq!(asked(&upstream, "/applications?").len() + asked(&upstream, "/countries?").len(), 2);
}

#[tokio::test]
async fn what_two_applications_are_called_is_not_bought_until_the_user_says_which() {
    let twice = |target: &str| {
        target.contains("/applications?").then_some(r#"{"3":{"title":"Telegram"},"9":{"title":"telegram"}}"#)
    };
    let (upstream, bridge) = speaking("", twice).await;
    assert_eq!(bridge.ask(ORDER).await, "BAD_SERVICE");
    assert_eq!(asked(&upstream, "/get-number?"), Vec::<String>::new());
    let (upstream, bridge) = speaking("[provider.main.services]\ntg = \"9\"\n", twice).await;
    bridge.order("service=tg&country=0").await;
    assert!(asked(&upstream, "/get-number?")[0].contains("application_id=9"));
}

#[tokio::test]
async fn an_order_whose_lists_cannot_be_read_has_bought_nothing() {
    let broken = |target: &str| target.contains("/applications?").then_some("<html>502</html>");
    let (upstream, bridge) = speaking("", broken).await;
    assert_eq!(bridge.ask(ORDER).await, "ERROR_SQL");
    assert_eq!(asked(&upstream, "/get-number?"), Vec::<String>::new());
    let home = bridge.stop().await.unwrap();
    let books = Books::read(home.path(), &MovableClock::standing()).await;
    assert_eq!((books.activations.len(), books.doubts.len()), (0, 0));
}

#[tokio::test]
async fn nothing_is_rejected_after_a_code_though_it_would_agree() {
    let code = |target: &str| target.contains("/get-sms?").then_some(r#"{"request_id":7,"sms_code":"11"}"#);
    let (upstream, bridge) = speaking("", code).await;
    for status in ["8", "-1"] {
        let (id, _) = bridge.order("service=tg&country=0").await;
        assert_eq!(bridge.set(&id, status).await, "BAD_STATUS", "{status}");
        assert_eq!(bridge.status(&id).await, "STATUS_OK:11");
    }
    assert_eq!(asked(&upstream, "/set-status?"), Vec::<String>::new());
}

#[tokio::test]
async fn the_old_code_is_not_the_next_one() {
    // It goes on showing the old one while another is awaited.
    let code = |target: &str| target.contains("/get-sms?").then_some(r#"{"request_id":7,"sms_code":"11"}"#);
    let (upstream, bridge) = speaking("", code).await;
    let (id, _) = bridge.order("service=tg&country=0").await;
    assert_eq!(bridge.status(&id).await, "STATUS_OK:11");
    assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
    assert!(asked(&upstream, "/set-status?")[0].ends_with("request_id=7&status=retrysms"));
    assert_eq!(bridge.status(&id).await, "STATUS_WAIT_RETRY:11");
    assert_eq!(bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
    assert!(asked(&upstream, "/set-status?")[1].ends_with("status=close"));
}

#[tokio::test]
async fn what_one_api_sold_the_other_is_not_asked_about() {
    let upstream = Canned::answering(|target| (200, usual(target).to_owned())).await;
    let home = tempfile::tempdir().unwrap();
    let clock = MovableClock::standing();
    let bridge = Bridge::over(&toml(&upstream, "api = \"v2\"\n"), clock.clone(), home.path()).await;
    let (id, _) = bridge.order("service=tg&country=0").await;
    bridge.stop().await;
    let before = upstream.asked().len();
    let bridge = Bridge::over(&toml(&upstream, ""), clock, home.path()).await;
    let answer = bridge.get(&format!("action=setStatus&id={id}&status=8")).await;
    assert!(!answer.body.starts_with("ACCESS_"), "{}", answer.body);
    assert_eq!(upstream.asked().len(), before);
    bridge.stop().await;
}
