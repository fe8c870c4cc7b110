//! Which rented numbers of SMSAK are in the network. Messages come to them all the same here: the document
//! only says how one is switched on and off.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::reply::{Outcome, Reply};
use super::visit::Visit;
use crate::mock::lot::later;

/// How long it takes until one is in the network [assumed].
const SWITCHING: Duration = Duration::from_secs(60);

/// When each one that was switched on is in the network; a fresh one is not, as in the example.
#[derive(Debug, Default)]
pub(super) struct Sims(Mutex<HashMap<String, Timestamp>>);

impl Sims {
    fn open(&self) -> MutexGuard<'_, HashMap<String, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_on(&self, id: &str, now: Timestamp) -> bool {
        self.open().get(id).is_some_and(|at| *at <= now)
    }
}

/// send-enable-sim: 1 for a request that was sent, 2 while an earlier one is being carried out, 0 for an
/// error.
pub(super) fn enable(visit: &Visit<'_>) -> Outcome {
    let Some(id) = rented_id(visit) else { return Ok(Reply::bare("0")) };
    let now = visit.market().now();
    let mut sims = visit.house.sims.open();
    if sims.get(&id).is_some_and(|at| *at > now) {
        return Ok(Reply::bare("2"));
    }
    sims.entry(id).or_insert_with(|| later(now, SWITCHING));
    Ok(Reply::bare("1"))
}

/// send-disable-sim: 1, or 0 for an error.
pub(super) fn disable(visit: &Visit<'_>) -> Outcome {
    let Some(id) = rented_id(visit) else { return Ok(Reply::bare("0")) };
    visit.house.sims.open().remove(&id);
    Ok(Reply::bare("1"))
}

/// These two have an error of their own instead of the usual object.
fn rented_id(visit: &Visit<'_>) -> Option<String> {
    visit.rented().ok().map(|lot| lot.id)
}
