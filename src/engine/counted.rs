//! What of the engine's doings is counted where: money given back, questions that memory answered. Knows no metric's name.

use super::Engine;
use super::book::Entry;
use super::poll::Who;
use crate::domain::{Activation, Mail, MailState, State};

impl Engine {
    /// Counts a client's question about an activation for which its upstream was not asked.
    pub(super) fn count_saved_poll(&self, entry: &Entry, who: Who) {
        let seller = || entry.outline(|outline| self.sellers.get(outline.provider.as_str()));
        if who == Who::Client
            && let Some(upstream) = seller()
        {
            upstream.metrics.poll_saved();
        }
    }

    /// The same of a mail.
    pub(super) fn count_saved_mail(&self, mail: &Mail) {
        if let Some(upstream) = self.sellers.get(&mail.provider) {
            upstream.metrics.poll_saved();
        }
    }

    /// Counts what an activation cost as given back, if that is what its new state means.
    pub(super) fn count_refund(&self, before: &Entry, now: &Activation) {
        let Some(upstream) = self.sellers.get(&now.provider) else { return };
        let gives_back = |state| gives_back(state, upstream.spec.expiry_refunds);
        let was = before.outline(|outline| gives_back(outline.state));
        if !was && gives_back(now.state) {
            upstream.metrics.refunded(now.price.as_ref());
        }
    }

    /// The same of a mail address.
    pub(super) fn count_mail_refund(&self, before: &Mail, now: &Mail) {
        let is_back = |mail: &Mail| mail.state == MailState::Cancelled;
        if !is_back(before)
            && is_back(now)
            && let Some(upstream) = self.sellers.get(&now.provider)
        {
            upstream.metrics.refunded(now.price.as_ref());
        }
    }
}

/// Whether an activation that ends so costs nothing: it was cancelled, or its time ended without a message where that is
/// known to be refunded.
fn gives_back(state: State, expiry_refunds: bool) -> bool {
    state == State::Cancelled || (state == State::Expired && expiry_refunds)
}
