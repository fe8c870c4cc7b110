//! `[webhooks]`: who is sent messages, and how. Knows no client's key and nothing of what is sent.

use std::time::Duration;

use reqwest::Url;

use super::address::is_far;
use super::error::Problem;
use super::keys;
use super::reader::{Node, Table};
use super::report::Report;
use super::secret_file::secret_of;
use crate::domain::Secret;
use crate::webhook::address::{self, AllowedHost, host_of};

/// Who is sent messages, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhooksConfig {
    /// Where every message is sent to.
    pub urls: Vec<Url>,
    /// Where a client may have those of a rent sent to.
    pub allow: Vec<AllowedHost>,
    /// What they are signed with.
    pub secret: Option<Secret>,
    /// How long an address may take to answer.
    pub timeout: Duration,
}

const SHORTEST: Duration = Duration::from_secs(1);
/// The server does not wait longer than this for what is under way when it stops.
const LONGEST: Duration = Duration::from_secs(30);

/// Reads `[webhooks]`; `None` when it is no table, or lacks what is built in because that was refused.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> Option<WebhooksConfig> {
    let table = root.table("webhooks", report)?;
    table.refuse_unknown(keys::WEBHOOKS, report);
    let urls = urls(&table, "urls", report);
    let allow = table.get("allow").and_then(|node| hosts(&node, report));
    let secret = secret_of(&table, report);
    let timeout = table.get("timeout").and_then(|node| node.duration(SHORTEST, LONGEST, report));
    Some(WebhooksConfig { urls: urls?, allow: allow?, secret: secret.ok()?, timeout: timeout? })
}

/// The addresses that are named here; none where there is no such setting, `None` when one was refused.
pub(super) fn urls(table: &Table<'_>, name: &str, report: &mut Report) -> Option<Vec<Url>> {
    let Some(node) = table.get(name) else { return Some(Vec::new()) };
    let texts = node.list(report)?;
    let mut urls = Vec::with_capacity(texts.len());
    for text in &texts {
        match address::parse(text) {
            // The text is not repeated: there may be a secret in it.
            Err(right) => node.fail(report, Problem::BadWebhook(right)),
            Ok(url) => {
                warn_of_plain_http(&url, &node, report);
                urls.push(url);
            }
        }
    }
    (urls.len() == texts.len()).then_some(urls)
}

fn warn_of_plain_http(url: &Url, node: &Node<'_>, report: &mut Report) {
    let host = host_of(url);
    if url.scheme() == "http" && is_far(&host) {
        let text = format!("messages travel to {host} without encryption; use https if it can be had");
        report.warn(&node.origin, &node.key, text);
    }
}

fn hosts(node: &Node<'_>, report: &mut Report) -> Option<Vec<AllowedHost>> {
    let texts = node.list(report)?;
    let mut hosts = Vec::with_capacity(texts.len());
    for text in &texts {
        match AllowedHost::parse(text) {
            Ok(host) => hosts.push(host),
            // Only what cannot hold a secret is repeated.
            Err(right) => node.fail(report, Problem::BadAllowedHost { text: shown(text), right }),
        }
    }
    (hosts.len() == texts.len()).then_some(hosts)
}

/// As much of a text as is certainly no secret: what stands before a user, a path or a query.
fn shown(text: &str) -> String {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default().to_owned()
}
