//! Which purchases are under way at which seller: what an upstream lists, or what its account holds, may be theirs.
//! Knows neither what is bought nor what comes of it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// Purchases under way.
#[derive(Default)]
pub struct UnderWay(Mutex<Vec<(String, watch::Receiver<()>)>>);

/// A purchase that is under way until this is dropped.
pub struct Begun(#[expect(dead_code, reason = "it is there to be dropped")] watch::Sender<()>);

impl UnderWay {
    /// Notes that something is about to be bought at this seller.
    pub fn begin(&self, seller: &str) -> Begun {
        let (alive, watcher) = watch::channel(());
        let mut all = self.lock();
        all.retain(|(_, other)| !has_ended(other));
        all.push((seller.to_owned(), watcher));
        Begun(alive)
    }

    /// Whether nothing is.
    pub fn is_none(&self, seller: &str) -> bool {
        self.at(seller).is_empty()
    }

    /// Waits until everything has ended that is under way at this seller now.
    pub async fn have_ended(&self, seller: &str) {
        for mut watcher in self.at(seller) {
            // Nothing is ever sent: it resolves when the other half is dropped.
            let _ = watcher.changed().await;
        }
    }

    fn at(&self, seller: &str) -> Vec<watch::Receiver<()>> {
        let all = self.lock();
        let here = all.iter().filter(|(at, watcher)| at == seller && !has_ended(watcher));
        here.map(|(_, watcher)| watcher.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(String, watch::Receiver<()>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn has_ended(watcher: &watch::Receiver<()>) -> bool {
    watcher.has_changed().is_err()
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn only_what_was_under_way_at_that_seller_is_waited_for() {
        let all = UnderWay::default();
        let (here, there) = (all.begin("here"), all.begin("there"));
        assert!(!all.is_none("here") && all.is_none("elsewhere"));
        let mut waiting = Box::pin(all.have_ended("here"));
        assert!(waiting.as_mut().now_or_never().is_none());
        let later = all.begin("here");
        drop(here);
        waiting.await;
        assert!(!all.is_none("here"));
        drop((later, there));
        assert!(all.is_none("here") && all.lock().iter().all(|(_, watcher)| has_ended(watcher)));
    }
}
