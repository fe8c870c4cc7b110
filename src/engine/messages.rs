//! Every message of an activation: as many as the upstream shows, else those that were seen here. Knows no
//! shape of the wire.

use std::sync::Arc;

use super::{Caller, Engine};
use crate::domain::{Activation, ActivationId};
use crate::provider::{Capability, Fault};

impl Engine {
    /// The activation with every message that is known of it, oldest first. What the upstream lists beyond
    /// what was seen here is shown, and changes nothing: only a poll does.
    pub async fn all_messages(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
    ) -> Result<Activation, Fault> {
        let mut activation = self.full_text(caller, id).await?;
        let Ok(upstream) = self.seller(&activation) else { return Ok(activation) };
        if activation.messages.is_empty() || !upstream.can(Capability::Messages) {
            return Ok(activation);
        }
        let cx = self.cx(upstream, caller);
        let fetch = upstream.provider.messages(&cx, &activation);
        let key = activation.upstream_id.clone();
        match upstream.lists.messages.get(key, upstream.poll_interval, fetch).await {
            Ok(all) if all.len() >= activation.messages.len() => {
                activation.messages.clone_from(all.as_ref());
            }
            Ok(_) => {}
            Err(fault) => tracing::debug!(id = id.get(), %fault, "no list of messages"),
        }
        Ok(activation)
    }
}
