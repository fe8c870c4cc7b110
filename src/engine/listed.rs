//! Lists as they are kept of an upstream: counted when they come from memory, and with a remark when an old one stands in
//! for one that cannot be had. Knows no list in particular.

use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use super::Upstream;
use super::cached::{Cached, Found, Keeping, Source};
use crate::config::duration_text;
use crate::provider::{Cx, Fault};

impl Upstream {
    /// What is kept for `key`, else what `fetch` gets, else the last good one, of which the answer then says how old
    /// it is.
    ///
    /// # Errors
    /// What went wrong with fetching it, where nothing may stand in.
    pub(super) async fn listed<K, V, F>(
        &self,
        kept: &Cached<K, V>,
        key: K,
        cx: &Cx,
        fetch: F,
    ) -> Result<Arc<V>, Fault>
    where
        K: Eq + Hash + Clone,
        F: Future<Output = Result<V, Fault>>,
    {
        let keeping = Keeping { ttl: self.list_ttl, stale_for: self.stale_for };
        let Found { value, source } = kept.find(key, keeping, fetch).await?;
        match source {
            Source::Fetched | Source::Kept => {}
            Source::StandIn(age, fault) => {
                let ago = duration_text(rounded(age));
                cx.meter.remark(age, format!("as of {ago} ago, since the provider cannot be asked: {fault}"));
            }
        }
        Ok(value)
    }
}

/// To the second, from a minute on to the minute; never less than it is.
fn rounded(age: Duration) -> Duration {
    let seconds = age.as_secs() + u64::from(age.subsec_nanos() > 0);
    let unit = if seconds < 60 { 1 } else { 60 };
    Duration::from_secs(seconds.div_ceil(unit) * unit)
}
