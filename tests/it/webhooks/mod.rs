//! Messages that are sent without being asked for: what arrives at a receiver that records everything.

mod delivery;
mod hosts;
mod polls;
mod receiver;
mod rents;
mod retries;

use std::time::Duration;

pub use receiver::{Answer, Receiver};

/// The lines of a configuration that send everything to these.
pub fn sent_to(urls: &[String]) -> String {
    format!("\n[webhooks]\nurls = {urls:?}\n")
}

/// Waits for what happens on another task; fails after a while instead of hanging.
pub async fn until(what: &str, mut happened: impl AsyncFnMut() -> bool) {
    let waited = async {
        while !happened().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(20), waited).await.is_ok(), "{what} never happened");
}
