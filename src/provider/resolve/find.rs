//! Whoever finds the addresses of a name: an interface, and the system's own way. Knows no rule of when to ask whom.

use std::net::IpAddr;

use async_trait::async_trait;

/// Why a name has no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Missing {
    /// Whoever was asked knows that there is none.
    #[error("there is no such name")]
    Unknown,
    /// Nobody could be asked.
    #[error("{0}")]
    Failed(String),
}

/// Finds the addresses of a name.
#[async_trait]
pub(super) trait Find: Send + Sync {
    /// All of them, and at least one; the name has small letters and no dot at its end.
    async fn find(&self, name: &str) -> Result<Vec<IpAddr>, Missing>;
}

/// The system's own way, with the hosts file and whatever else it is set up to ask.
pub(super) struct System;

#[async_trait]
impl Find for System {
    async fn find(&self, name: &str) -> Result<Vec<IpAddr>, Missing> {
        let found = tokio::net::lookup_host((name, 0)).await.map_err(Missing::failed)?;
        let found: Vec<IpAddr> = found.map(|found| found.ip()).collect();
        if found.is_empty() { Err(Missing::Unknown) } else { Ok(found) }
    }
}
