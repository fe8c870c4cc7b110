//! One line per request: what was asked, by whom, what came of it, and how long it took in total and at
//! upstreams. Never a key, a number or a text. Knows no action.
//!
//! What memory answers at once is said at debug only: software asks every second, and a day of nothing but that would fill
//! a disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tracing::Span;

use crate::dialect::{ACTIONS, Reply};
use crate::engine::Caller;
use crate::metrics::{Answered, InFlight, Metrics};

/// Numbers the requests of this process.
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// A request that is being answered, and counted.
pub struct Line {
    started: Instant,
    action: &'static str,
    counted: InFlight,
    /// Of everything that happens for it, unless it is answered at once.
    span: Option<Span>,
}

impl Line {
    /// Starts the line of a request for `action`, which is counted in `metrics`.
    pub fn start(action: Option<&str>, metrics: &Arc<Metrics>) -> Self {
        let action = action.map_or("-", known);
        Self { started: Instant::now(), action, counted: metrics.begin(), span: None }
    }

    /// The span of everything that happens from now on for the request.
    pub fn span(&mut self) -> Span {
        self.span.insert(new_span()).clone()
    }

    /// Writes the line. There is no `caller` where a request was turned away; `main` is the provider that a
    /// request concerns unless it says otherwise.
    pub fn finish(&mut self, caller: Option<&Caller>, main: Option<&str>, reply: &Reply) {
        let provider = caller.and_then(|caller| caller.meter.provider().or(main));
        let total = self.started.elapsed();
        let spent = caller.map_or(Duration::ZERO, |caller| caller.meter.spent());
        let waited = caller.map_or(Duration::ZERO, |caller| caller.meter.waited());
        let action = self.action;
        let outcome = reply.outcome.as_str();
        self.counted.answered(&Answered { action, provider, outcome, total, elsewhere: spent + waited });
        let client = caller.map_or("-", |caller| caller.name.as_str());
        let provider = provider.unwrap_or("-");
        // What is turned away has a detail.
        if self.span.is_none() && reply.detail.is_none() {
            tracing::debug!(action, client, provider, outcome, ms = tenths(total), "answered from memory");
            return;
        }
        let _within = self.span.get_or_insert_with(new_span).enter();
        tracing::info!(
            action,
            client,
            provider,
            outcome,
            ms = tenths(total),
            upstream_ms = tenths(spent),
            detail = reply.detail.as_deref(),
            "answered"
        );
    }
}

fn new_span() -> Span {
    tracing::info_span!("request", id = REQUESTS.fetch_add(1, Ordering::Relaxed) + 1)
}

/// Milliseconds to one decimal.
fn tenths(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

/// An action's name as it may stand in a log. What is none may be anything, a key or a number too.
fn known(action: &str) -> &'static str {
    ACTIONS.iter().find(|one| one.name == action).map_or("other", |one| one.name)
}
