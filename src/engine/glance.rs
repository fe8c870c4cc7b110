//! A look at an activation by the upstream's own id, whoever bought it: nothing of it is kept. Knows no
//! ledger.

use std::time::Duration;

use super::{Caller, Engine};
use crate::domain::{
    Activation, ActivationId, Country, Extra, Invalid, Owner, Phone, Progress, Service, State,
};
use crate::provider::{Fault, FaultKind};

impl Engine {
    /// How the activation with this id of the upstream's stands there now.
    ///
    /// # Errors
    /// When the upstream does not have it, or cannot be asked.
    pub async fn glance(&self, caller: &Caller, upstream_id: &str) -> Result<Activation, Fault> {
        let upstream = self.main_upstream()?;
        let stranger = self.stranger(&caller.owner, upstream_id, upstream.lifetime);
        let mut seen = stranger.map_err(|error| Fault::new(FaultKind::Malformed, error.to_string()))?;
        let progress = upstream.provider.poll(&self.cx(upstream, caller), &seen).await?;
        if progress == Progress::Gone {
            return Err(Fault::new(FaultKind::UnknownActivation, "the upstream has no such activation"));
        }
        seen.observe(progress, self.clock.now());
        Ok(seen)
    }

    /// An activation of which nothing is known but its id at the upstream.
    fn stranger(&self, owner: &Owner, upstream_id: &str, lifetime: Duration) -> Result<Activation, Invalid> {
        let now = self.clock.now();
        Ok(Activation {
            id: ActivationId::new(1).ok_or(Invalid("there is no id 1"))?,
            owner: owner.clone(),
            provider: String::new(),
            upstream_id: upstream_id.to_owned(),
            phone: Phone::parse("0000000")?,
            service: Service::parse("ot")?,
            country: Country::DEFAULT,
            operator: None,
            price: None,
            bought_at: now,
            expires_at: now.saturating_add(lifetime).unwrap_or(now),
            state: State::Waiting,
            asked_at: 0,
            messages: Vec::new(),
            extra: Extra::new(),
            rent: None,
            unwanted: false,
        })
    }
}
