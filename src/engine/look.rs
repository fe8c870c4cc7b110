//! Looking whether an upstream that failed too often is back: by one question for its balance, which costs nothing and
//! changes nothing. Knows neither when an upstream is left alone nor for how long.

use std::sync::Arc;

use futures_util::future::join_all;

use super::{Engine, Upstream};
use crate::domain::Secret;
use crate::provider::{BreakerState, Cx, Fault, Meter};

impl Upstream {
    /// Whether it is asked, or left alone because it failed too often.
    pub fn breaker(&self) -> BreakerState {
        self.way.breaker()
    }

    /// Refuses while it is left alone, before anything is written down.
    pub(super) fn refuse_if_broken(&self) -> Result<(), Fault> {
        self.way.check()
    }

    /// Looks on a task of its own, if it is time for it, with the key of whoever comes: that the key is wrong says as
    /// well that the upstream is back.
    pub(super) fn look_if_due(&self, cx: &Cx) {
        if self.way.is_look_due() {
            let (provider, cx) = (Arc::clone(&self.provider), looking(cx.key.clone()));
            tokio::spawn(async move { provider.balance(&cx).await });
        }
    }

    async fn look(&self) {
        let Some(key) = self.key.clone().filter(|_| self.way.is_look_due()) else { return };
        if let Err(fault) = self.provider.balance(&looking(key)).await {
            tracing::debug!(provider = self.name, %fault, "looked whether the upstream is back");
        }
    }
}

impl Engine {
    /// Looks whether upstreams are back that were left alone for long enough. Those that are asked with clients' keys
    /// are looked at when a client comes.
    pub async fn look_whether_back(&self) {
        join_all(self.upstreams.iter().map(|upstream| upstream.look())).await;
    }
}

fn looking(key: Secret) -> Cx {
    Cx { key, meter: Arc::<Meter>::default(), looks: true }
}
