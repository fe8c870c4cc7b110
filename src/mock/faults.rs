//! Misfortunes that can be ordered for the next requests. Knows what should happen, not how a
//! connection is made to break.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::call::Answer;

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// The request is looked at only after this long.
    Latency(Duration),
    /// It is done at once, and answered only after this long.
    LateAnswer(Duration),
    /// The connection closes; nothing was done.
    DropBefore,
    /// It is done; the connection closes without an answer.
    DropAfter,
    /// HTTP 500; nothing was done.
    ServerError,
    /// HTTP 502 with a page of HTML, as a gateway answers; nothing was done.
    BadGateway,
    /// HTTP 429 with `Retry-After`; nothing was done.
    TooManyRequests,
    /// It is done; half of the answer's body comes.
    CutBody,
    /// It is done; the answer is HTTP 200 with nothing in it.
    EmptyBody,
}

impl Mishap {
    /// The words by which [`Mishap::parse`] knows them.
    pub const WORDS: [&'static str; 9] = [
        "latency",
        "late-answer",
        "drop-before",
        "drop-after",
        "http500",
        "http502",
        "http429",
        "cut",
        "empty",
    ];

    /// Reads one of [`Mishap::WORDS`]; `delay` is for those that take time.
    pub fn parse(word: &str, delay: Duration) -> Option<Self> {
        Some(match word {
            "latency" => Self::Latency(delay),
            "late-answer" => Self::LateAnswer(delay),
            "drop-before" => Self::DropBefore,
            "drop-after" => Self::DropAfter,
            "http500" => Self::ServerError,
            "http502" => Self::BadGateway,
            "http429" => Self::TooManyRequests,
            "cut" => Self::CutBody,
            "empty" => Self::EmptyBody,
            _ => return None,
        })
    }

    /// What is answered instead of doing anything.
    pub(super) fn instead(self) -> Option<Answer> {
        let page = |status, text: &str| Some(Answer::text(text).with_status(status));
        match self {
            Self::ServerError => page(500, "Internal Server Error"),
            Self::BadGateway => page(
                502,
                "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1>\
                 </center></body></html>",
            ),
            Self::TooManyRequests => {
                let answer = Answer::text("Too Many Requests").with_status(429);
                Some(Answer { retry_after: Some(1), ..answer })
            }
            _ => None,
        }
    }

    /// What becomes of an answer.
    pub(super) fn spoil(self, mut answer: Answer) -> Answer {
        match self {
            Self::CutBody => {
                let half = answer.body.len() / 2;
                let end = (0..=half).rev().find(|end| answer.body.is_char_boundary(*end));
                answer.body.truncate(end.unwrap_or(0));
            }
            Self::EmptyBody => answer.body.clear(),
            _ => {}
        }
        answer
    }
}

/// A mishap that is ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultPlan {
    /// What goes wrong.
    pub mishap: Mishap,
    /// Only with one of these actions; with any if there are none.
    pub actions: Vec<String>,
    /// How many more times.
    pub times: u32,
}

impl FaultPlan {
    /// The next request goes wrong.
    pub fn once(mishap: Mishap) -> Self {
        Self { mishap, actions: Vec::new(), times: 1 }
    }

    /// Only a request for this action.
    #[must_use]
    pub fn on(self, action: &str) -> Self {
        self.on_any(&[action])
    }

    /// Only a request for one of these actions.
    #[must_use]
    pub fn on_any(self, actions: &[&str]) -> Self {
        Self { actions: actions.iter().map(|action| (*action).to_owned()).collect(), ..self }
    }

    /// So many requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }
}

/// What is ordered.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<FaultPlan>>);

impl Faults {
    pub(super) fn order(&self, plan: FaultPlan) {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.push(plan);
    }

    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What goes wrong with a request for `action`: the oldest order that fits, which is used up by it.
    pub(super) fn take(&self, action: Option<&str>) -> Option<Mishap> {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.retain(|plan| plan.times > 0);
        let named = |plan: &FaultPlan| plan.actions.iter().any(|only| Some(only.as_str()) == action);
        let fits = |plan: &&mut FaultPlan| plan.actions.is_empty() || named(plan);
        let plan = plans.iter_mut().find(fits)?;
        plan.times -= 1;
        Some(plan.mishap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_used_up_by_the_requests_they_fit() {
        let faults = Faults::default();
        faults.order(FaultPlan::once(Mishap::DropAfter).on("getNumber").times(2));
        faults.order(FaultPlan::once(Mishap::EmptyBody));
        assert_eq!(faults.take(Some("getNumber")), Some(Mishap::DropAfter));
        assert_eq!(faults.take(Some("getBalance")), Some(Mishap::EmptyBody));
        assert_eq!(faults.take(Some("getBalance")), None);
        assert_eq!(faults.take(Some("getNumber")), Some(Mishap::DropAfter));
        assert_eq!(faults.take(Some("getNumber")), None);
    }

    #[test]
    fn every_word_is_read() {
        for word in Mishap::WORDS {
            assert!(Mishap::parse(word, Duration::ZERO).is_some(), "{word}");
        }
        assert_eq!(Mishap::CutBody.spoil(Answer::text("{\"я\":1}")).body, "{\"я");
    }
}
