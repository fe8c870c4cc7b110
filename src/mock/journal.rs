//! What a stand-in was asked, how often, and what of it the provider's document does not allow. Knows
//! neither documents nor answers.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many lines are kept of each kind: a rehearsal may run for days.
const KEPT: usize = 10_000;

/// The record of one stand-in.
#[derive(Debug, Default)]
pub(super) struct Journal(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    violations: VecDeque<String>,
    requests: VecDeque<String>,
    calls: BTreeMap<String, u64>,
}

impl Journal {
    fn open(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request, its keys masked, and counts its action.
    pub(super) fn request(&self, masked: String, action: Option<&str>) {
        let mut pages = self.open();
        push(&mut pages.requests, masked);
        if let Some(action) = action {
            match pages.calls.get_mut(action) {
                Some(count) => *count += 1,
                None => drop(pages.calls.insert(action.to_owned(), 1)),
            }
        }
    }

    /// Notes something that the document does not allow.
    pub(super) fn violation(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!(violation = text, "a stand-in was asked what its document does not allow");
        push(&mut self.open().violations, text);
    }

    pub(super) fn violations(&self) -> Vec<String> {
        self.open().violations.iter().cloned().collect()
    }

    pub(super) fn requests(&self) -> Vec<String> {
        self.open().requests.iter().cloned().collect()
    }

    pub(super) fn calls(&self) -> BTreeMap<String, u64> {
        self.open().calls.clone()
    }

    pub(super) fn calls_of(&self, action: &str) -> u64 {
        self.open().calls.get(action).copied().unwrap_or(0)
    }
}

fn push(lines: &mut VecDeque<String>, line: String) {
    if lines.len() == KEPT {
        lines.pop_front();
    }
    lines.push_back(line);
}
