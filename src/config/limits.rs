//! `[limits]`: how much of this server anybody may take up. Knows the numbers and their ranges, not how they
//! are kept.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::error::Problem;
use super::keys;
use super::reader::{Node, Table};
use super::report::Report;
use crate::provider::OptionKind;

/// How much of this server anybody may take up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsConfig {
    /// The longest head of a request, in bytes: its first line and its headers.
    pub max_header: usize,
    /// The longest body of a request, in bytes.
    pub max_body: usize,
    /// How long the head of a request may take to come.
    pub header_timeout: Duration,
    /// How long the body of a request may take to come.
    pub body_timeout: Duration,
    /// How long a connection may be silent between requests, or leave an answer lying.
    pub idle_timeout: Duration,
    /// How many connections there may be, over all listeners.
    pub connections: usize,
    /// How many of them from one address that is not this machine's own.
    pub connections_per_address: usize,
    /// How many requests may be answered at once.
    pub requests: usize,
    /// How many requests a key may make in a second, on average; 0 for any number.
    pub requests_per_second: u32,
    /// How many it may make at once before that counts.
    pub requests_burst: u32,
    /// How many wrong keys may come from one address in a minute; 0 for any number.
    pub wrong_keys_per_minute: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            max_header: 16 * 1024,
            max_body: 64 * 1024,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            connections: 4096,
            connections_per_address: 512,
            requests: 2048,
            requests_per_second: 1000,
            requests_burst: 2000,
            wrong_keys_per_minute: 60,
        }
    }
}

/// No less, or honest clients would be cut off by a slow network.
const SHORTEST: Duration = Duration::from_secs(1);
/// No longer, or a limit would be none.
const LONGEST: Duration = Duration::from_secs(3600);

/// Reads `[limits]`; `None` when something in it was refused.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> Option<LimitsConfig> {
    let table = root.table("limits", report)?;
    table.refuse_unknown(keys::LIMITS, report);
    let mut number = |name: &str, range| table.get(name).and_then(|node| number(&node, range, report));
    let max_header = number("max_header", 1024..=1024 * 1024);
    let max_body = number("max_body", 1024..=16 * 1024 * 1024);
    let connections = number("connections", 1..=1_000_000);
    let connections_per_address = number("connections_per_address", 1..=1_000_000);
    let requests = number("requests", 1..=1_000_000);
    let requests_per_second = number("requests_per_second", 0..=1_000_000);
    let requests_burst = number("requests_burst", 1..=1_000_000);
    let wrong_keys_per_minute = number("wrong_keys_per_minute", 0..=1_000_000);
    let mut time = |name| table.get(name).and_then(|node| node.duration(SHORTEST, LONGEST, report));
    Some(LimitsConfig {
        header_timeout: time("header_timeout")?,
        body_timeout: time("body_timeout")?,
        idle_timeout: time("idle_timeout")?,
        max_header: size(max_header?),
        max_body: size(max_body?),
        connections: size(connections?),
        connections_per_address: size(connections_per_address?),
        requests: size(requests?),
        requests_per_second: requests_per_second?,
        requests_burst: requests_burst?,
        wrong_keys_per_minute: wrong_keys_per_minute?,
    })
}

/// A whole number between two.
pub(super) fn number(node: &Node<'_>, range: RangeInclusive<u32>, report: &mut Report) -> Option<u32> {
    let text = node.plain(OptionKind::Integer, report)?;
    let number = text.parse().ok().filter(|number| range.contains(number));
    if number.is_none() {
        let right = format!("a whole number from {} to {}", range.start(), range.end());
        node.fail(report, Problem::Unsuitable(right));
    }
    number
}

/// A number of 32 bits fits wherever this program runs.
pub(super) fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
