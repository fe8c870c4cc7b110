//! The smaller subcommands: `coverage`, `health` and `mock`.

use std::path::Path;

use smsbridge::provider::PROVIDERS;
use tempfile::TempDir;

use super::child::{Ended, ORDER, Program, bought};
use super::upstream;
use crate::harness;

async fn run(args: &[&str]) -> Ended {
    let home = TempDir::new().unwrap();
    Program::within(home.path()).args(args).end().await
}

/// The rows of one of the catalog's files: lines that are neither empty, comments nor the head.
fn rows_of(file: &str) -> usize {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog/data").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count() - 1
}

/// `services  168 of 1934` as two numbers.
fn counted(report: &str, what: &str) -> (usize, usize) {
    let line = report.lines().find(|line| line.starts_with(what)).unwrap();
    let mut words = line.split_whitespace().skip(1);
    let mut number = || words.next().unwrap().parse::<usize>();
    let mapped = number().unwrap();
    assert!(number().is_err(), "{line}");
    (mapped, number().unwrap())
}

/// The codes listed under a heading, as `ot` of `ot (Any other)`.
fn unmapped(report: &str, heading: &str) -> Vec<String> {
    let lines = report.lines().skip_while(|line| *line != heading).skip(1);
    let text = lines.take_while(|line| line.starts_with(' ')).collect::<Vec<_>>().join("");
    text.split("), ")
        .flat_map(|item| item.split("),"))
        .map(|item| item.trim().split(" (").next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn coverage_counts_the_whole_catalog_and_names_what_is_not_mapped() {
    let ended = run(&["coverage", "vak-sms"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let report = ended.stdout;
    let services = counted(&report, "services");
    let countries = counted(&report, "countries");
    assert_eq!(services.1, rows_of("services.tsv"));
    assert_eq!(countries.1, rows_of("countries.tsv"));
    // UPSTREAMS.md section 7: "VAK has 33 ISO-lower codes", and 12 (USA virtual) is not 187 (USA).
    assert_eq!(countries.0, 33);
    let missing = unmapped(&report, "countries not mapped:");
    assert_eq!(countries.0 + missing.len(), countries.1, "{missing:?}");
    assert!(missing.contains(&"12".to_owned()) && !missing.contains(&"187".to_owned()), "{missing:?}");
    let missing = unmapped(&report, "services not mapped:");
    assert_eq!(services.0 + missing.len(), services.1, "{missing:?}");
    for (code, mapped) in [("tg", true), ("go", true), ("ot", false), ("full", false)] {
        assert_eq!(missing.iter().any(|other| other == code), !mapped, "{code}");
    }
    assert!(counted(&report, "operators").0 > 0);
}

#[tokio::test]
async fn coverage_of_all_kinds_is_a_line_for_each() {
    let ended = run(&["coverage"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let mut lines = ended.stdout.lines();
    let head: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(head, ["services", "countries", "operators"]);
    let lines: Vec<_> = lines.collect();
    assert_eq!(lines.len(), PROVIDERS.len(), "{lines:?}");
    for (line, spec) in lines.iter().zip(PROVIDERS) {
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words[0], spec.kind);
        let report = run(&["coverage", spec.kind]).await.stdout;
        for (what, told) in head.iter().zip(words[1..].chunks(3)) {
            let (mapped, total) = counted(&report, what);
            assert_eq!(told.join(" "), format!("{mapped} of {total}"), "{} {what}", spec.kind);
        }
    }
}

#[tokio::test]
async fn an_unknown_kind_is_told_which_there_are() {
    for args in [["coverage", "vaksms"], ["mock", "vaksms"]] {
        let ended = run(&args).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{args:?}");
        for told in ["\"vaksms\"", "vak-sms", "sms-activate"] {
            assert!(ended.stderr.contains(told), "{args:?} {told}\n{}", ended.stderr);
        }
    }
}

#[tokio::test]
async fn health_is_the_exit_code() {
    let home = TempDir::new().unwrap();
    let served = Program::within(home.path()).serve().await;
    let addr = served.addr.to_string();
    let ask = |args: &[&str]| Program::within(home.path()).args(&["health"]).args(args).end();
    let up = ask(&["--listen", &addr]).await;
    assert_eq!(up.code, Some(0), "{}", up.stderr);
    // A container listens on every address and is configured by its environment.
    let everywhere = format!("0.0.0.0:{}", served.addr.port());
    let by_variable = Program::within(home.path())
        .args(&["health"])
        .env("SMSBRIDGE_SERVER__LISTEN", &everywhere)
        .end()
        .await;
    assert_eq!(by_variable.code, Some(0), "{}", by_variable.stderr);
    served.child.kill().await;
    let down = ask(&["--listen", &addr]).await;
    assert_eq!((down.code, down.stdout.as_str()), (Some(1), ""));
    assert!(down.stderr.contains(&format!("http://{addr}/healthz")), "{}", down.stderr);
}

/// What stands below "in proxy.toml", as it would be copied.
fn block_of(said: &str) -> String {
    let lines = said.lines().skip_while(|line| line.trim() != "in proxy.toml").skip(1);
    lines.take_while(|line| line.starts_with("    ")).map(|line| format!("{}\n", line.trim())).collect()
}

#[tokio::test]
async fn a_stand_in_prints_a_configuration_that_works_when_pasted() {
    for kind in upstream::all() {
        let home = TempDir::new().unwrap();
        let mut mock = Program::within(home.path())
            .args(&["mock", kind, "--listen", "127.0.0.1:0", "--balance", "177.50", "--sms-delay", "0s"])
            .start();
        let last = mock.said("  what it was asked").await;
        let journal = last.split_once(": http://").unwrap().1.to_owned();
        std::fs::write(home.path().join("proxy.toml"), block_of(&mock.heard())).unwrap();

        let served = Program::within(home.path()).serve().await;
        assert_eq!(served.ask("action=getBalance").await, "ACCESS_BALANCE:177.50", "{kind}");
        let (id, _) = bought(&served.ask(ORDER).await).unwrap();
        let status = served.ask(&format!("action=getStatus&id={id}")).await;
        assert!(status.starts_with("STATUS_OK:"), "{kind}: {status}");

        let (addr, path) = journal.split_once('/').unwrap();
        let violations = harness::get(addr.parse().unwrap(), &format!("/{path}"), &[]).await;
        assert_eq!((violations.status, violations.body.as_str()), (200, "[]"), "{kind}");
        served.child.kill().await;
        mock.kill().await;
    }
}
