//! Sending one call at one address after the other, and a question again, as long as that is legal and there is
//! time. Knows neither how a request is written nor whether the upstream is asked at all.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Answer, Http, Inner, Purpose, Request, Route, TOO_MANY_REQUESTS, is_from_the_upstream};
use crate::provider::turns::Turn;
use crate::provider::{Cx, Fault, FaultKind};

/// How long after a question that failed it is asked again, at least and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(300));

/// What becomes of a call after one sending.
enum After {
    /// That was it.
    Done,
    /// The same address is asked again.
    Again,
    /// The next address is asked, if there is one.
    Elsewhere,
}

/// Whether a call came back here: to send it again would make it two.
fn led_back(last: Option<&Result<Answer, Fault>>) -> bool {
    matches!(last, Some(Err(fault)) if fault.kind == FaultKind::CameBack)
}

impl Http {
    /// Sends a call until it is answered, or may not be sent again.
    pub(super) async fn rounds(
        &self,
        cx: &Cx,
        purpose: Purpose,
        route: Route<'_>,
        query: &[(&str, &str)],
    ) -> Result<Answer, Fault> {
        let inner = &self.inner;
        let count = inner.origins.len();
        let mut first = inner.current.load(Ordering::Relaxed);
        let mut retries = if purpose.is_read() && !cx.looks { inner.read_retries } else { 0 };
        let mut started = inner.clock.elapsed();
        let patience = started + inner.timeout / 2;
        let mut last = None;
        let mut offset = 0;
        loop {
            if offset == count {
                if retries == 0 || count == 0 || led_back(last.as_ref()) || !self.rest(started).await {
                    break;
                }
                (retries, offset, first) = (retries - 1, 0, inner.current.load(Ordering::Relaxed));
            }
            let turn = match self.turn(cx, purpose, patience).await {
                Ok(turn) => turn,
                Err(fault) => return last.unwrap_or(Err(fault)),
            };
            // What waited meanwhile is not sent either.
            if !cx.looks
                && let Err(fault) = inner.breaker.check()
            {
                return last.unwrap_or(Err(fault));
            }
            if last.is_none() && !purpose.is_read() {
                started = inner.clock.elapsed();
            }
            let left = inner.timeout.saturating_sub(inner.clock.elapsed().saturating_sub(started));
            if left.is_zero() {
                break;
            }
            let index = (first + offset) % count;
            let request = Request { route, query, left };
            let outcome = self.once(cx, purpose, &inner.origins[index], request).await;
            drop(turn);
            match self.after(purpose, &outcome) {
                After::Done => {
                    if outcome.as_ref().is_ok_and(is_from_the_upstream) {
                        inner.current.store(index, Ordering::Relaxed);
                    }
                    return outcome;
                }
                After::Again => {}
                After::Elsewhere => offset += 1,
            }
            last = Some(outcome);
        }
        last.unwrap_or_else(|| Err(Fault::new(FaultKind::Unreachable, "no address is configured")))
    }

    /// Waits until a call may be sent, or not so long.
    async fn turn(&self, cx: &Cx, purpose: Purpose, patience: Duration) -> Result<Turn<'_>, Fault> {
        let Inner { turns, metrics, .. } = self.inner.as_ref();
        let waiting = metrics.wait();
        let turn = cx.meter.waiting(turns.wait(purpose, patience)).await;
        drop(waiting);
        if turn.is_err() {
            metrics.held_back();
        }
        turn
    }

    /// Waits before a question is asked again, where enough time is left for that.
    async fn rest(&self, started: Duration) -> bool {
        let inner = &self.inner;
        let pause = inner.jitter.between(PAUSE.0, PAUSE.1);
        let again = inner.clock.elapsed() + pause;
        if again >= started + inner.timeout {
            return false;
        }
        inner.clock.sleep_until(again).await;
        true
    }

    fn after(&self, purpose: Purpose, outcome: &Result<Answer, Fault>) -> After {
        let elsewhere = match outcome {
            // Only where the line keeps to the pause; to ask again at once would not help.
            Ok(Answer { status: TOO_MANY_REQUESTS, .. }) if purpose.is_read() && self.inner.keeps_pauses => {
                return After::Again;
            }
            Ok(answer) => !is_from_the_upstream(answer) && purpose.is_read(),
            Err(fault) if purpose.is_read() => fault.may_ask_again(),
            Err(fault) => fault.may_buy_again(),
        };
        if elsewhere { After::Elsewhere } else { After::Done }
    }
}
