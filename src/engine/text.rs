//! The full text of a message at an upstream that gives only its code until it is asked for more. Knows neither
//! who reads it nor who is sent it.

use super::book::Entry;
use super::{Caller, Engine};
use crate::provider::Capability;

impl Engine {
    /// Adds the newest message's full text, if the upstream gives it; without it the code must do.
    pub(super) async fn fetch_text(&self, caller: &Caller, entry: &Entry) {
        let _gate = entry.gate().lock_owned().await;
        let mut activation = entry.get();
        // Somebody else may just have fetched it.
        if activation.last().is_none_or(|sms| sms.text.is_some()) {
            return;
        }
        let Ok(upstream) = self.seller(&activation) else { return };
        if !upstream.can(Capability::FullText) {
            return;
        }
        match upstream.provider.full_text(&self.cx(upstream, caller), &activation).await {
            Ok(text) => {
                if let Some(sms) = activation.messages.last_mut() {
                    // Asked once: a service without full texts is not asked again for this message.
                    sms.text = Some(text.unwrap_or_else(|| sms.code.clone()));
                    entry.put(&activation);
                }
            }
            Err(fault) => tracing::debug!(id = activation.id.get(), %fault, "no full text"),
        }
    }
}
