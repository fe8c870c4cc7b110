//! What is counted shows, and nothing else does.

use std::time::Duration;

use super::*;
use crate::domain::{Currency, Money};

fn metrics() -> Arc<Metrics> {
    let metrics = Metrics::new(["getStatus"], ["STATUS_OK"]);
    metrics.upstream("main");
    metrics
}

fn answered<'a>(action: &'a str, provider: Option<&'a str>, outcome: &'a str) -> Answered<'a> {
    let (total, elsewhere) = (Duration::from_millis(30), Duration::from_millis(29));
    Answered { action, provider, outcome, total, elsewhere }
}

/// Whether the text has this line.
fn has(text: &str, line: &str) -> bool {
    text.lines().any(|other| other == line)
}

#[test]
fn requests_are_counted_by_what_they_were_and_came_to() {
    let metrics = metrics();
    let request = metrics.begin();
    request.answered(&answered("getStatus", Some("main"), "STATUS_OK"));
    let during = metrics.render(&Census::default());
    drop(request);
    let after = metrics.render(&Census::default());
    let line = "smsbridge_requests_total{action=\"getStatus\",provider=\"main\",outcome=\"STATUS_OK\"} 1";
    assert!(has(&after, line), "{after}");
    assert!(has(&during, "smsbridge_requests_in_flight 1") && has(&after, "smsbridge_requests_in_flight 0"));
    assert!(has(&after, "smsbridge_overhead_seconds_bucket{le=\"0.001\"} 1"), "{after}");
    assert!(has(&after, "smsbridge_request_duration_seconds_bucket{le=\"0.025\"} 0"), "{after}");
}

/// Several calls at once take more than the whole.
#[test]
fn overhead_is_never_negative() {
    let metrics = metrics();
    let elsewhere = Duration::from_secs(9);
    metrics.begin().answered(&Answered { elsewhere, ..answered("getStatus", None, "STATUS_OK") });
    let text = metrics.render(&Census::default());
    assert!(has(&text, "smsbridge_overhead_seconds_sum 0.0"), "{text}");
}

#[test]
fn what_anybody_may_write_is_no_label() {
    let metrics = metrics();
    let size = || metrics.render(&Census::default()).lines().count();
    metrics.begin().answered(&answered("x", Some("x"), "x"));
    let before = size();
    for number in 0..1000 {
        let odd = format!("79991112233\"{number}");
        metrics.begin().answered(&answered(&odd, Some(&odd), &odd));
    }
    assert_eq!(size(), before);
    let text = metrics.render(&Census::default());
    let line = "smsbridge_requests_total{action=\"other\",provider=\"other\",outcome=\"other\"} 1001";
    assert!(has(&text, line) && !text.contains("7999"), "{text}");
}

#[test]
fn amounts_are_added_up_exactly() {
    let metrics = metrics();
    let upstream = metrics.upstream("main");
    let price = |text: &str| Money { amount: text.parse().unwrap(), currency: Currency::RUB };
    for _ in 0..10 {
        upstream.bought(Some(&price("0.1")));
    }
    upstream.bought(None);
    upstream.refunded(Some(&price("0.3")));
    let text = metrics.render(&Census::default());
    for line in [
        // Ten times 0.1 as a float is 0.9999999999999999.
        "smsbridge_spent_total{provider=\"main\",currency=\"RUB\"} 1.0",
        "smsbridge_refunded_total{provider=\"main\",currency=\"RUB\"} 0.3",
        "smsbridge_purchases_total{provider=\"main\",outcome=\"done\"} 11",
        "smsbridge_purchases_total{provider=\"main\",outcome=\"unknown\"} 0",
    ] {
        assert!(has(&text, line), "{line}\n{text}");
    }
}

#[test]
fn a_provider_that_is_made_anew_counts_on() {
    let metrics = metrics();
    metrics.upstream("main").not_bought();
    metrics.upstream("main").not_bought();
    let text = metrics.render(&Census::default());
    assert!(has(&text, "smsbridge_purchases_total{provider=\"main\",outcome=\"not_done\"} 2"), "{text}");
}

#[test]
fn a_census_replaces_the_one_before_unless_the_ledger_was_not_read() {
    let metrics = metrics();
    let currency = Currency::RUB;
    let backlog = Backlog {
        deliveries: 3,
        unknown: [("gone".to_owned(), 2)].into(),
        stakes: [(("gone".to_owned(), currency), "12.50".parse().unwrap())].into(),
    };
    let open = [("main".to_owned(), 5)].into();
    let first = metrics.render(&Census { ready: true, open, backlog: Some(backlog) });
    for line in [
        "smsbridge_ready 1",
        "smsbridge_open_activations{provider=\"main\"} 5",
        "smsbridge_unknown_purchases{provider=\"main\"} 0",
        "smsbridge_unknown_purchases{provider=\"gone\"} 2",
        "smsbridge_unknown_amount{provider=\"gone\",currency=\"RUB\"} 12.5",
        "smsbridge_webhook_queue 3",
    ] {
        assert!(has(&first, line), "{line}\n{first}");
    }
    let unread = metrics.render(&Census::default());
    assert!(has(&unread, "smsbridge_ready 0") && has(&unread, "smsbridge_webhook_queue 3"), "{unread}");
    assert!(has(&unread, "smsbridge_open_activations{provider=\"main\"} 0"), "{unread}");
    let empty = metrics.render(&Census { backlog: Some(Backlog::default()), ..Census::default() });
    assert!(!empty.contains("gone") && has(&empty, "smsbridge_webhook_queue 0"), "{empty}");
}

#[test]
fn a_breaker_and_a_line_show_how_they_stand() {
    let metrics = metrics();
    let upstream = metrics.upstream("main");
    let shown = |line: &str| has(&metrics.render(&Census::default()), line);
    assert!(shown("smsbridge_breaker_state{provider=\"main\"} 0"));
    upstream.set_breaker(Breaker::Open);
    assert!(shown("smsbridge_breaker_state{provider=\"main\"} 2"));
    let waiting = upstream.wait();
    assert!(shown("smsbridge_upstream_calls_waiting{provider=\"main\"} 1"));
    drop(waiting);
    assert!(shown("smsbridge_upstream_calls_waiting{provider=\"main\"} 0"));
}
