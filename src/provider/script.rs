//! Answers that were written down beforehand, in place of an upstream's: for tests and fuzz targets, which then
//! need no socket. Knows no provider.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::http::Answer;

/// What is answered, one request after the other; the last answer is given again and again.
#[derive(Debug, Default)]
pub(crate) struct Script(Mutex<VecDeque<Answer>>);

impl Script {
    fn open(&self) -> MutexGuard<'_, VecDeque<Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on these are answered.
    pub(crate) fn play(&self, answers: &[Answer]) {
        *self.open() = answers.iter().cloned().collect();
    }

    /// The next answer; an empty one where nothing was written down.
    pub(crate) fn next(&self) -> Answer {
        let mut left = self.open();
        let next = if left.len() > 1 { left.pop_front() } else { left.front().cloned() };
        next.unwrap_or_else(|| Answer { status: 200, body: String::new() })
    }
}
