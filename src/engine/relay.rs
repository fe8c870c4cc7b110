//! Passing on an action that this server does not know, to an upstream that speaks the dialect; only
//! the ids in it are translated. Knows nothing of what the action does.

use std::sync::Arc;

use super::{Caller, Engine};
use crate::domain::ActivationId;
use crate::provider::{Capability, Fault, FaultKind, Relayed};

/// Parameters that hold an activation's id (`WIRE.md` section 4).
const ID_PARAMS: [&str; 2] = ["id", "activationId"];

impl Engine {
    /// Whether unknown actions can be passed on.
    pub fn can_relay(&self) -> bool {
        self.main_upstream().is_ok_and(|upstream| upstream.spec.can(Capability::Relay))
    }

    /// Passes on a request: every parameter but the key, with activation ids turned into the upstream's
    /// own. An id that the ledger does not have is passed as it is, since it may be a rent's.
    pub async fn relay(
        self: &Arc<Self>,
        caller: &Caller,
        mut params: Vec<(String, String)>,
    ) -> Result<Relayed, Fault> {
        for (name, value) in &mut params {
            if ID_PARAMS.contains(&name.as_str())
                && let Some(id) = ActivationId::parse(value)
                && let Some(upstream_id) = self.upstream_id(caller, id).await?
            {
                *value = upstream_id;
            }
        }
        let upstream = Arc::clone(self.main_upstream()?);
        let cx = self.cx(&upstream, caller);
        let work = async move { upstream.provider.relay(&cx, &params).await };
        self.to_the_end(work, |_| tracing::warn!("the client went away before a relayed answer came")).await?
    }

    async fn upstream_id(&self, caller: &Caller, id: ActivationId) -> Result<Option<String>, Fault> {
        match self.entry(caller, id).await {
            Ok(entry) => Ok(Some(entry.read(|activation| activation.upstream_id.clone()))),
            Err(fault) if fault.kind == FaultKind::UnknownActivation => {
                // Another client's activation is not to be touched under its bare id.
                if self.exists(id).await? { Err(fault) } else { Ok(None) }
            }
            Err(fault) => Err(fault),
        }
    }

    async fn exists(&self, id: ActivationId) -> Result<bool, Fault> {
        if self.book.get(id).is_some() {
            return Ok(true);
        }
        let found = self.ledger.find(id).await.map_err(|error| super::ledger_fault(&error))?;
        Ok(found.is_some())
    }
}
