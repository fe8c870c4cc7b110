//! Which rented numbers were asked to be switched on in the network lately: one that is not hears of no message
//! (`api/smsak.txt`, "is_work": 1 online, 0 offline), and a fresh one is not. Knows no request.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long after one request the next one is due: nothing says whether a number stays in the network.
const EVERY: Duration = Duration::from_secs(15 * 60);

/// The same after one that failed.
const AGAIN: Duration = Duration::from_secs(60);

/// When the next request for each is due, by a clock that only goes forward.
#[derive(Debug, Default)]
pub struct Sims(Mutex<HashMap<String, Duration>>);

impl Sims {
    /// Whether a request is due for this number at `now`; it is then taken for made.
    pub fn is_due(&self, id: &str, now: Duration) -> bool {
        let mut due = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        due.retain(|_, at| now < *at);
        if due.contains_key(id) {
            return false;
        }
        due.insert(id.to_owned(), now + EVERY);
        true
    }

    /// Notes that the request for this number failed.
    pub fn failed(&self, id: &str, now: Duration) {
        let mut due = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        due.insert(id.to_owned(), now + AGAIN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_switched_on_at_once_and_then_now_and_then() {
        let (sims, minute) = (Sims::default(), Duration::from_secs(60));
        assert!(sims.is_due("a", minute));
        assert!(!sims.is_due("a", minute * 15));
        assert!(sims.is_due("b", minute * 15));
        assert!(sims.is_due("a", minute * 16));
        assert_eq!(sims.0.lock().unwrap().len(), 2);
        sims.failed("a", minute * 16);
        assert!(!sims.is_due("a", minute * 16));
        assert!(sims.is_due("a", minute * 17));
    }
}
