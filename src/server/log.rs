//! One line per request: what was asked, by whom, what came of it, and how long it took in total and at
//! upstreams. Never a key, a number or a text. Knows no action.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tracing::Span;

use crate::dialect::Reply;
use crate::engine::Caller;

/// Numbers the requests of this process.
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// A request that is being answered.
pub struct Line {
    started: Instant,
    action: String,
}

impl Line {
    /// Starts the line of a request for `action`.
    pub fn start(action: Option<&str>) -> Self {
        Self { started: Instant::now(), action: action.map_or_else(|| "-".to_owned(), printable) }
    }

    /// The span of everything that happens for the request.
    pub fn span() -> Span {
        tracing::info_span!("request", id = REQUESTS.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Writes the line. There is no `caller` where a request was turned away; `main` is the provider that a
    /// request concerns unless it says otherwise.
    pub fn finish(&self, caller: Option<&Caller>, main: Option<&str>, reply: &Reply) {
        let provider = caller.and_then(|caller| caller.meter.provider().or(main)).unwrap_or("-");
        let ms = self.started.elapsed().as_secs_f64() * 1000.0;
        let upstream_ms = caller.map_or(0.0, |caller| caller.meter.spent().as_secs_f64() * 1000.0);
        tracing::info!(
            action = self.action,
            client = caller.map_or("-", |caller| caller.name.as_str()),
            provider = provider,
            outcome = reply.outcome,
            ms = tenths(ms),
            upstream_ms = tenths(upstream_ms),
            detail = reply.detail.as_deref(),
            "answered"
        );
    }
}

/// Milliseconds to one decimal.
fn tenths(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}

/// An action's name as it may stand in a log, whatever was sent.
fn printable(action: &str) -> String {
    action.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}
