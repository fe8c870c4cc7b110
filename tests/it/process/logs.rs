//! What the process writes about its work: one line a request with what an operator needs, and never a
//! key, a number, a code or a text.

use std::collections::BTreeSet;

use serde_json::Value;
use smsbridge::mock::{FaultPlan, Mishap, Running};
use tempfile::TempDir;

use super::child::{Ended, ORDER, Program, Served, bought};
use super::upstream;

const CLIENT_KEY: &str = "client-key-9d04e7";
const WRONG_KEY: &str = "wrong-key-77a1c3";
const CODES: [&str; 2] = ["QXZW-first-code", "QXZW-second-code"];

/// What was asked, and the word that was answered.
struct Journey {
    served: Served,
    upstream: Running,
    steps: Vec<(String, String)>,
}

impl Journey {
    async fn step(&mut self, key: &str, query: &str) -> String {
        let answer = self.served.ask_as(key, query).await;
        let action = query.strip_prefix("action=").unwrap_or("-").split('&').next().unwrap();
        // What is no action may be anything, a key too.
        let action = if action == "somethingElse" { "other" } else { action }.to_owned();
        let word = if answer.starts_with(['{', '[']) { String::new() } else { answer.clone() };
        self.steps.push((action, word.split(':').next().unwrap().to_owned()));
        answer
    }

    async fn ask(&mut self, query: &str) -> String {
        self.step(CLIENT_KEY, query).await
    }

    fn deliver(&self, phone: &str, code: &str) {
        let lot = upstream::lot_of(&self.upstream, phone);
        self.upstream.market().deliver(&lot, code, &text_of(code)).unwrap();
    }
}

fn text_of(code: &str) -> String {
    format!("Dear customer of Volcano Bank: {code}. Tell nobody!")
}

/// A journey with its good and its bad moments, and everything the process said.
async fn travel(kind: &str, args: &[&str], level: Option<&str>) -> (Vec<(String, String)>, Running, Ended) {
    let home = TempDir::new().unwrap();
    let upstream = upstream::start(kind).await;
    let more = format!(
        "api_key = \"{}\"\n[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"{CLIENT_KEY}\"\n",
        upstream::KEY
    );
    upstream::configure(home.path(), kind, &upstream, &more);
    let program = Program::within(home.path()).args(args);
    let program = level.iter().fold(program, |program, level| program.env("RUST_LOG", level));
    let mut journey = Journey { served: program.serve().await, upstream, steps: Vec::new() };
    journey.step(WRONG_KEY, "action=getBalance").await;
    journey.ask("action=getBalance").await;
    journey.ask("").await;
    journey.ask("action=getPrices&country=0").await;
    let (id, phone) = bought(&journey.ask(ORDER).await).unwrap();
    journey.ask(&format!("action=setStatus&id={id}&status=1")).await;
    for code in CODES {
        journey.ask(&format!("action=getStatus&id={id}")).await;
        journey.deliver(&phone, code);
        assert_eq!(journey.ask(&format!("action=getStatus&id={id}")).await, format!("STATUS_OK:{code}"));
        journey.ask(&format!("action=getStatusV2&id={id}")).await;
        assert!(journey.ask(&format!("action=getFullSms&id={id}")).await.contains(code), "{kind}");
        journey.ask("action=getActiveActivations").await;
        journey.ask(&format!("action=setStatus&id={id}&status=3")).await;
    }
    journey.ask(&format!("action=setStatus&id={id}&status=6")).await;
    journey.ask("action=getHistory").await;
    journey.ask("action=getStatus&id=1").await;
    journey.ask(&format!("action=getNumber&service=tg&country=0&phoneException={phone}")).await;
    journey.ask(&format!("action=somethingElse&phone={phone}&api_key={CLIENT_KEY}")).await;
    for mishap in [Mishap::DropAfter, Mishap::CutBody, Mishap::ServerError, Mishap::BadGateway] {
        journey.upstream.fault(FaultPlan::once(mishap).on_any(journey.upstream.names().order));
        assert_eq!(journey.ask(ORDER).await, "ERROR_SQL", "{kind} {mishap:?}");
    }
    let Journey { served, upstream, steps } = journey;
    (steps, upstream, served.child.kill().await)
}

/// Nothing of what must stay secret was said.
fn kept_quiet(upstream: &Running, ended: &Ended) {
    let mut secrets: BTreeSet<String> =
        [CLIENT_KEY, WRONG_KEY, upstream::KEY].into_iter().map(str::to_owned).collect();
    for lot in upstream.market().lots() {
        // The last two digits may be shown; the whole number may not, nor most of it.
        secrets.insert(lot.phone[..lot.phone.len() - 2].to_owned());
    }
    secrets.extend(CODES.into_iter().map(str::to_owned));
    secrets.insert("Volcano Bank".to_owned());
    for said in [&ended.stdout, &ended.stderr] {
        for secret in &secrets {
            let line = said.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret} was said");
        }
    }
}

#[tokio::test]
async fn each_request_is_one_line_of_json_with_what_an_operator_needs() {
    for kind in upstream::all() {
        let (steps, upstream, ended) = travel(kind, &["--log", "json"], None).await;
        kept_quiet(&upstream, &ended);
        let lines: Vec<Value> = ended
            .stderr
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect();
        let answered: Vec<_> = lines.iter().filter(|line| line["message"] == "answered").collect();
        assert_eq!(answered.len(), steps.len(), "{kind}: {}", ended.stderr);
        let ids: BTreeSet<_> = answered.iter().map(|line| line["span"]["id"].to_string()).collect();
        assert_eq!(ids.len(), steps.len(), "{kind}: a request's id is its own: {ids:?}");
        for (line, (action, word)) in answered.iter().zip(&steps) {
            assert_eq!(line["action"], action.as_str(), "{line}");
            assert_eq!(line["level"], "INFO", "{line}");
            if !word.is_empty() {
                assert_eq!(line["outcome"], word.as_str(), "{line}");
            }
            let is_admitted = word != "BAD_KEY";
            assert_eq!(line["client"], if is_admitted { "shop" } else { "-" }, "{line}");
            let concerned = ["ACCESS_", "STATUS_", "ERROR_"].iter().any(|begin| word.starts_with(begin));
            assert!(!concerned || line["provider"] == "main", "{line}");
            assert!(is_admitted || line["provider"] == "-", "{line}");
            let (whole, upstream) = (millis(&line["ms"]), millis(&line["upstream_ms"]));
            // Calls that are made at once add up, so their sum may be the larger one.
            assert!(whole >= 0.0 && upstream >= 0.0, "{line}");
            let asked = ["getBalance", "getPrices"].contains(&action.as_str()) && is_admitted;
            assert!(!asked || upstream > 0.0, "the upstream was asked: {line}");
            assert!(action != "getHistory" || upstream == 0.0, "the upstream was not asked: {line}");
        }
        // A purchase of which nobody knows is an error that says which one, within its request.
        let errors: Vec<_> = lines.iter().filter(|line| line["level"] == "ERROR").collect();
        assert_eq!(errors.len(), 4, "{kind}: {}", ended.stderr);
        assert!(errors.iter().all(|line| line["id"].is_number() && line["span"]["id"].is_number()));
    }
}

/// Milliseconds with a decimal.
fn millis(value: &Value) -> f64 {
    value
        .as_str()
        .map_or_else(|| value.as_f64(), |text| text.parse().ok())
        .unwrap_or_else(|| panic!("{value}"))
}

#[tokio::test]
async fn people_get_one_line_a_request_too() {
    let (steps, upstream, ended) = travel("vak-sms", &[], None).await;
    kept_quiet(&upstream, &ended);
    let answered: Vec<_> = ended.stderr.lines().filter(|line| line.contains("}: answered ")).collect();
    assert_eq!(answered.len(), steps.len(), "{}", ended.stderr);
    for (line, (action, word)) in answered.iter().zip(&steps) {
        for part in [
            "request{id=",
            "client=",
            "provider=",
            " ms=",
            "upstream_ms=",
            &format!("action=\"{action}\""),
            word,
        ] {
            assert!(line.contains(part), "{part}\n{line}");
        }
    }
    assert!(!ended.stderr.contains('\u{1b}'), "colours are for terminals");
}

/// Software asks every second: a day of nothing but that must not fill a disk.
#[tokio::test]
async fn what_memory_answers_is_said_at_debug_only() {
    for (level, from_memory) in [("info", 0), ("debug", 4)] {
        let home = TempDir::new().unwrap();
        let upstream = upstream::start("vak-sms").await;
        let more = format!("api_key = \"{}\"\n", upstream::KEY);
        upstream::configure(home.path(), "vak-sms", &upstream, &more);
        let program = Program::within(home.path()).env("SMSBRIDGE_PROVIDER__MAIN__POLL_INTERVAL", "1m");
        let served = program.env("RUST_LOG", level).serve().await;
        let (id, _) = bought(&served.ask_as("any", ORDER).await).unwrap();
        for _ in 0..5 {
            let answer = served.ask_as("any", &format!("action=getStatus&id={id}")).await;
            assert_eq!(answer, "STATUS_WAIT_CODE");
        }
        // What is refused is said, though nobody was asked.
        assert_eq!(served.ask_as("any", "action=getStatus&id=1").await, "NO_ACTIVATION");
        let said = served.child.kill().await.stderr;
        let count = |sign: &str| said.lines().filter(|line| line.contains(sign)).count();
        assert_eq!(count("}: answered action="), 3, "{level}: {said}");
        assert_eq!(
            count(" answered from memory action=\"getStatus\" client=\"any\" "),
            from_memory,
            "{level}: {said}"
        );
    }
}

/// Whoever looks for a fault turns the log up, and sends it to somebody else.
#[tokio::test]
async fn a_log_turned_up_keeps_quiet_as_well() {
    for kind in upstream::all() {
        for (level, sign) in [("debug", "\"DEBUG\""), ("trace", "\"TRACE\"")] {
            let (_, upstream, ended) = travel(kind, &["--log", "json"], Some(level)).await;
            assert!(ended.stderr.contains(sign), "{kind}: {}", ended.stderr);
            kept_quiet(&upstream, &ended);
        }
    }
}

#[tokio::test]
async fn a_log_turned_down_is_empty() {
    let home = TempDir::new().unwrap();
    let served = Program::within(home.path()).env("RUST_LOG", "warn").serve().await;
    served.order("any").await;
    let ended = served.child.kill().await;
    assert_eq!(ended.stderr, "");
}
