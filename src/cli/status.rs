//! `smsbridge status`: asks the running server how it stands, and prints that for people. Knows nothing but `/status`.

use std::fmt::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use super::health::reachable;
use super::say::{complain, say};
use super::{Common, fail};
use crate::config::duration_text;

const PATIENCE: Duration = Duration::from_secs(5);

/// Where a server is asked whose configuration cannot be read any more: the built-in address.
const BUILT_IN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9464);

/// How the server is asked.
#[derive(Debug, Args)]
pub struct Options {
    /// Ask at this address instead of where [admin] listen says
    #[arg(long, value_name = "ADDR")]
    at: Option<SocketAddr>,
    /// Print what the server answers, as JSON
    #[arg(long)]
    json: bool,
}

/// Asks and prints.
pub async fn run(common: Common, options: Options) -> ExitCode {
    let addr = match options.at.map_or_else(|| configured(&common), Ok) {
        Ok(addr) => reachable(addr),
        Err(problem) => return fail(&problem),
    };
    match ask(addr).await {
        Ok(answer) if options.json => say(&answer.to_string()),
        Ok(answer) => say(render(&answer).trim_end()),
        Err(error) => return fail(&format!("http://{addr}/status: {error}")),
    }
    ExitCode::SUCCESS
}

/// Where the server is asked. That its file is broken now is no reason not to ask: the server may say since when.
fn configured(common: &Common) -> Result<SocketAddr, String> {
    match common.read() {
        Ok(config) => config.admin.listen.ok_or_else(|| {
            "[admin] listen is empty, so there is nobody to ask; say where with --at".to_owned()
        }),
        Err(errors) => {
            complain(&format!(
                "{errors}\nso the server is asked at {BUILT_IN}; say another address with --at"
            ));
            Ok(BUILT_IN)
        }
    }
}

async fn ask(addr: SocketAddr) -> Result<Value, String> {
    // Plain HTTP to this machine, but the client wants its TLS library all the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
    let client = client.map_err(|error| error.to_string())?;
    let answer = client.get(format!("http://{addr}/status")).send().await;
    let answer = answer.map_err(|_| "no answer; is the server running, and is this its [admin] listen?")?;
    if !answer.status().is_success() {
        return Err(format!("HTTP {}", answer.status()));
    }
    let text = answer.text().await.map_err(|_| "the answer was cut off")?;
    serde_json::from_str(&text).map_err(|_| "this is not smsbridge's answer".to_owned())
}

/// The answer for people, a line a fact.
fn render(answer: &Value) -> String {
    let mut page = String::new();
    let config = &answer["config"];
    let up = duration_text(Duration::from_secs(answer["uptimeSeconds"].as_u64().unwrap_or_default()));
    line(
        &mut page,
        "smsbridge",
        &format!("{}, process {}, up {up}", text(&answer["version"]), answer["pid"]),
    );
    let file = config["file"].as_str().unwrap_or("no file");
    let reloads = &config["reloads"];
    let since = text(&config["appliedAt"]);
    line(&mut page, "  config   ", &format!("{file}, in effect since {since}, reloads {reloads}"));
    for problem in list(&config["lastError"]["problems"]) {
        let at = text(&config["lastError"]["at"]);
        line(&mut page, "  ERROR    ", &format!("not applied at {at}: {}", text(problem)));
    }
    for key in list(&config["needsRestart"]) {
        line(
            &mut page,
            "  restart  ",
            &format!("{} has changed and is not in effect before a restart", text(key)),
        );
    }
    for warning in list(&config["warnings"]) {
        line(&mut page, "  warning  ", text(warning));
    }
    for listener in list(&answer["listeners"]) {
        let tls = list(&answer["listenersTls"]).contains(listener);
        line(&mut page, "  listener ", &format!("{}{}", text(listener), if tls { " (HTTPS)" } else { "" }));
    }
    let clients = &answer["clients"];
    line(&mut page, "  clients  ", &format!("{}, keys {}", text(&clients["mode"]), clients["keys"]));
    for one in list(&answer["providers"]) {
        let (name, kind, state) = (text(&one["name"]), text(&one["kind"]), text(&one["state"]));
        line(&mut page, "  provider ", &format!("{name} ({kind}): {state}, open {}", one["openActivations"]));
    }
    line(&mut page, "  ledger   ", text(&answer["ledger"]));
    line(&mut page, "  open     ", &answer["openActivations"].to_string());
    let unknown = answer["unknownPurchases"].as_u64().map(|count| count.to_string());
    line(&mut page, "  unknown  ", unknown.as_deref().unwrap_or("the ledger cannot be read"));
    page
}

fn line(page: &mut String, name: &str, value: &str) {
    // Writing to a String does not fail. What came from elsewhere stays on its line.
    let value: String = value.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let _ = writeln!(page, "{name} {value}");
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_fact_has_a_line() {
        let answer = json!({
            "version": "1.2.3", "pid": 7, "startedAt": "2026-01-01T00:00:00Z", "uptimeSeconds": 3720,
            "config": {
                "file": "proxy.toml", "appliedAt": "2026-01-01T01:00:00Z", "reloads": 2,
                "warnings": ["a warning"], "needsRestart": ["server.listen"],
                "lastError": {"at": "2026-01-01T01:01:00Z", "problems": ["one\nproblem", "another"]},
            },
            "clients": {"mode": "listed", "keys": 2}, "listeners": ["127.0.0.1:8080", "[::1]:8080", "[::1]:8443"],
            "listenersTls": ["[::1]:8443"],
            "ledger": "smsbridge.db",
            "providers": [
                {"name": "main", "kind": "vak-sms", "state": "gets orders", "openActivations": 3},
                {"name": "old", "kind": "smsak", "state": "kept for what it sold", "openActivations": 1},
            ],
            "openActivations": 4, "unknownPurchases": null,
        });
        assert_eq!(
            render(&answer),
            "smsbridge 1.2.3, process 7, up 1h 2m
  config    proxy.toml, in effect since 2026-01-01T01:00:00Z, reloads 2
  ERROR     not applied at 2026-01-01T01:01:00Z: one problem
  ERROR     not applied at 2026-01-01T01:01:00Z: another
  restart   server.listen has changed and is not in effect before a restart
  warning   a warning
  listener  127.0.0.1:8080
  listener  [::1]:8080
  listener  [::1]:8443 (HTTPS)
  clients   listed, keys 2
  provider  main (vak-sms): gets orders, open 3
  provider  old (smsak): kept for what it sold, open 1
  ledger    smsbridge.db
  open      4
  unknown   the ledger cannot be read
"
        );
    }
}
