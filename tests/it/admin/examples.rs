//! The dashboard and the alert rules in `examples/` ask for nothing that is not there.

use std::collections::BTreeSet;
use std::time::Duration;

use smsbridge::domain::{Currency, Money};
use smsbridge::metrics::{Answered, Backlog, Census, Delivered, Metrics, Sent};

use super::Samples;

const DASHBOARD: &str = include_str!("../../../examples/grafana/smsbridge.json");
const ALERTS: &str = include_str!("../../../examples/prometheus/alerts.yml");
const SCRAPE: &str = include_str!("../../../examples/prometheus/prometheus.yml");

/// Everything that can be counted, counted once.
fn everything() -> Samples {
    let metrics = Metrics::new(["getStatus"], ["STATUS_OK"]);
    let upstream = metrics.upstream("main");
    let price = Money { amount: 5.into(), currency: Currency::RUB };
    upstream.bought(Some(&price));
    upstream.refunded(Some(&price));
    upstream.called("poll", Sent::Answered, Duration::from_millis(1));
    let (total, elsewhere) = (Duration::from_millis(2), Duration::from_millis(1));
    let (action, provider, outcome) = ("getStatus", Some("main"), "STATUS_OK");
    metrics.begin().answered(&Answered { action, provider, outcome, total, elsewhere });
    metrics.delivered(Delivered::Taken);
    metrics.shed("a limit");
    metrics.writes().failed();
    let stakes = [(("main".to_owned(), Currency::RUB), 5.into())].into();
    let backlog = Backlog { deliveries: 1, unknown: [("main".to_owned(), 1)].into(), stakes };
    let open = [("main".to_owned(), 1)].into();
    Samples::read(metrics.render(&Census { ready: true, open, backlog: Some(backlog) }))
}

/// The metrics that an expression names.
fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with("smsbridge_") || word.starts_with("process_")).collect()
}

/// Every text under the key `expr`, wherever it is.
fn expressions(value: &serde_json::Value) -> Vec<&str> {
    match value {
        serde_json::Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| match value.as_str() {
                Some(text) if key == "expr" => vec![text],
                _ => expressions(value),
            })
            .collect(),
        serde_json::Value::Array(values) => values.iter().flat_map(expressions).collect(),
        _ => Vec::new(),
    }
}

fn missing<'a>(asked: &BTreeSet<&'a str>, there: &Samples) -> Vec<&'a str> {
    let names = there.names();
    asked.iter().copied().filter(|name| !names.contains(name)).collect()
}

#[test]
fn the_dashboard_asks_for_what_there_is_and_for_all_of_it() {
    let there = everything();
    let dashboard: serde_json::Value = serde_json::from_str(DASHBOARD).unwrap();
    let expressions = expressions(&dashboard);
    assert!(expressions.len() > 20, "{expressions:?}");
    let asked: BTreeSet<_> = expressions.iter().flat_map(|text| named(text)).collect();
    if cfg!(target_os = "linux") {
        assert_eq!(missing(&asked, &there), Vec::<&str>::new());
    }
    let shown = |name: &str| {
        // A histogram is shown by its buckets.
        let family = name.trim_end_matches("_sum").trim_end_matches("_count");
        asked.contains(name) || asked.contains(format!("{family}_bucket").as_str())
    };
    let left: Vec<_> = there.names().into_iter().filter(|name| !shown(name)).collect();
    assert_eq!(left, Vec::<&str>::new(), "no panel shows this");
}

#[test]
fn the_rules_ask_for_what_there_is() {
    let rules: Vec<_> = ALERTS.split("- alert: ").skip(1).collect();
    assert_eq!(rules.len(), 3);
    for rule in rules {
        let asked = named(rule);
        assert!(!asked.is_empty(), "{rule}");
        assert_eq!(missing(&asked, &everything()), Vec::<&str>::new(), "{rule}");
    }
}

#[test]
fn the_scrape_goes_to_the_default_address() {
    let env = std::iter::empty();
    let nothing = smsbridge::config::load(None, env, &Default::default()).unwrap();
    assert!(SCRAPE.contains(&format!("[\"{}\"]", nothing.admin.listen.unwrap())), "{SCRAPE}");
}
