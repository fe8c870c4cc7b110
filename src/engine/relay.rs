//! Passing on an action that this server does not know, to an upstream that speaks the dialect; only
//! the ids in it are translated. Knows nothing of what the action does.

use std::sync::Arc;

use super::{Caller, Engine, Upstream};
use crate::domain::ActivationId;
use crate::provider::{Capability, Fault, FaultKind, Relayed};

/// Parameters that hold an activation's id (`WIRE.md` section 4).
const ID_PARAMS: [&str; 2] = ["id", "activationId"];

impl Engine {
    /// Whether unknown actions can be passed on.
    pub fn can_relay(&self) -> bool {
        self.main_upstream().is_ok_and(|upstream| upstream.can(Capability::Relay))
    }

    /// Passes on a request: every parameter but the key, with activation ids turned into the upstream's
    /// own, to the upstream that sold them. An id that the ledger does not have is passed as it is, since
    /// it may be of something that was bought elsewhere; but not for one of several clients of an account, as it
    /// may be another's.
    pub async fn relay(
        self: &Arc<Self>,
        caller: &Caller,
        mut params: Vec<(String, String)>,
    ) -> Result<Relayed, Fault> {
        let mut upstream = Arc::clone(self.main_upstream()?);
        for (_, value) in params.iter_mut().filter(|(name, _)| ID_PARAMS.contains(&name.as_str())) {
            match self.own(caller, value).await? {
                Some((seller, upstream_id)) => {
                    upstream = seller;
                    *value = upstream_id;
                }
                None if caller.shares_account => {
                    return Err(Fault::new(FaultKind::UnknownActivation, "not an id of this client"));
                }
                None => {}
            }
        }
        if !upstream.can(Capability::Relay) {
            return Err(Fault::unsupported(Capability::Relay));
        }
        let cx = self.cx(&upstream, caller);
        let work = async move { upstream.provider.relay(&cx, &params).await };
        self.to_the_end(work).await?
    }

    /// Who sold the caller's activation with this id, and its id there; `None` if there is no such id.
    async fn own(&self, caller: &Caller, id: &str) -> Result<Option<(Arc<Upstream>, String)>, Fault> {
        let Some(id) = ActivationId::parse(id) else { return Ok(None) };
        match self.entry(caller, id).await {
            Ok(entry) => {
                let activation = entry.get();
                Ok(Some((Arc::clone(self.seller(&activation)?), activation.upstream_id)))
            }
            // Another client's activation is not to be touched under its bare id.
            Err(fault) if fault.kind == FaultKind::UnknownActivation => {
                if self.exists(id).await? {
                    Err(fault)
                } else {
                    Ok(None)
                }
            }
            Err(fault) => Err(fault),
        }
    }

    async fn exists(&self, id: ActivationId) -> Result<bool, Fault> {
        if self.book.get(id).is_some() {
            return Ok(true);
        }
        let found = self.ledger.find(id).await.map_err(|error| super::ledger_fault(&error))?;
        // An id that a mail has here is not to reach an upstream as if it were its own.
        let mail = self.ledger.find_mail(id).await.map_err(|error| super::ledger_fault(&error))?;
        Ok(found.is_some() || mail.is_some())
    }
}
