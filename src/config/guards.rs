//! What keeps trouble at an upstream from spreading, of `[provider.NAME]`: how many calls at once, how often a question
//! is asked again, when it is left alone, and for how long old lists do. Knows no kind of provider.

use std::time::Duration;

use super::error::Problem;
use super::reader::Table;
use super::report::Report;
use crate::provider::OptionKind;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What an upstream in trouble is met with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guards {
    /// How many calls may be under way at once; any number where it is 0.
    pub max_concurrent: u32,
    /// How often a question that failed is asked again within its time.
    pub read_retries: u32,
    /// After how many failures in a row it is left alone for a while; never where it is 0.
    pub breaker_failures: u32,
    /// How old a list may be that stands in for one that cannot be had.
    pub stale_for: Duration,
}

impl Default for Guards {
    fn default() -> Self {
        Self { max_concurrent: 64, read_retries: 1, breaker_failures: 5, stale_for: HOUR }
    }
}

impl Guards {
    pub(super) fn read(table: &Table<'_>, report: &mut Report) -> Option<Self> {
        let usual = Self::default();
        let max_concurrent = count(table, "max_concurrent", 10_000, usual.max_concurrent, report);
        let read_retries = count(table, "read_retries", 3, usual.read_retries, report);
        let breaker_failures = count(table, "breaker_failures", 1000, usual.breaker_failures, report);
        let stale_for = match table.get("stale_for") {
            Some(node) => node.duration(Duration::ZERO, DAY, report),
            None => Some(usual.stale_for),
        };
        Some(Self {
            max_concurrent: max_concurrent?,
            read_retries: read_retries?,
            breaker_failures: breaker_failures?,
            stale_for: stale_for?,
        })
    }
}

fn count(table: &Table<'_>, name: &str, most: u32, usual: u32, report: &mut Report) -> Option<u32> {
    let Some(node) = table.get(name) else { return Some(usual) };
    let text = node.plain(OptionKind::Integer, report)?;
    let count = text.parse().ok().filter(|count| *count <= most);
    if count.is_none() {
        node.fail(report, Problem::Unsuitable(format!("a whole number from 0 to {most}")));
    }
    count
}
