//! Reading a rent: one upstream call for any number of waiting callers and at most one per poll interval, as long as
//! it has not ended, since further messages come unasked for. Knows nothing of how a state is printed.

use std::sync::Arc;

use crate::domain::{Activation, ActivationId, Progress};
use crate::engine::book::{Entry, Pulse};
use crate::engine::last_known::or_last_known;
use crate::engine::poll::Who;
use crate::engine::{Caller, Engine, Upstream};
use crate::provider::{Cx, Fault, FaultKind};

impl Engine {
    /// The rent as it stands now, with all its messages.
    pub async fn rent_status(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
    ) -> Result<Activation, Fault> {
        let entry = self.rent_entry(caller, id).await?;
        let asked = self.refresh_rent(caller, &entry, Who::Client).await;
        if let Err(fault) = asked {
            or_last_known(caller, self.seller_of(&entry), fault)?;
        }
        Ok(self.shown(entry.get()))
    }

    /// Brings a rent up to date, unless it has ended or somebody just did.
    pub(in crate::engine) async fn refresh_rent(
        self: &Arc<Self>,
        caller: &Caller,
        entry: &Arc<Entry>,
        who: Who,
    ) -> Result<(), Fault> {
        if who == Who::Client {
            self.found_by_client(entry).await;
        }
        if has_ended(entry) {
            self.count_saved_poll(entry, who);
            return Ok(());
        }
        let upstream = Arc::clone(self.seller_of(entry)?);
        let mut pulse = caller.meter.waiting(entry.gate().lock_owned()).await;
        if who == Who::Client {
            pulse.client_asked = Some(self.clock.elapsed());
        }
        if let Some(answered) = self.just_read(&upstream, entry, &pulse) {
            self.count_saved_poll(entry, who);
            return answered;
        }
        let (engine, entry, cx) = (Arc::clone(self), Arc::clone(entry), self.cx(&upstream, caller));
        let work = async move { engine.look_at_rent(&upstream, &cx, &entry, &mut pulse).await };
        self.to_the_end(work).await?
    }

    /// What to answer without asking: it has ended, or somebody asked less than a poll interval ago.
    fn just_read(&self, upstream: &Upstream, entry: &Entry, pulse: &Pulse) -> Option<Result<(), Fault>> {
        if has_ended(entry) {
            return Some(Ok(()));
        }
        let age = self.clock.elapsed().saturating_sub(pulse.polled_at?);
        (age < upstream.poll_interval).then(|| pulse.fault.as_deref().cloned().map_or(Ok(()), Err))
    }

    /// Asks the upstream and takes over what it says. A rent whose time is over has been looked at for the last
    /// time then, and is finished.
    pub(super) async fn look_at_rent(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        entry: &Entry,
        pulse: &mut Pulse,
    ) -> Result<(), Fault> {
        let outcome = self.read_rent(upstream, cx, entry).await;
        pulse.polled_at = Some(self.clock.elapsed());
        pulse.fault = outcome.clone().err().map(Box::new);
        outcome
    }

    async fn read_rent(&self, upstream: &Upstream, cx: &Cx, entry: &Entry) -> Result<(), Fault> {
        let before = entry.get();
        let progress = upstream.provider.rentals().messages(cx, &before).await?;
        let (mut rent, now) = (before.clone(), self.clock.now());
        let gone = progress == Progress::Gone;
        rent.observe_rent(progress, now);
        if rent.is_over(now) && !entry.is_being_prolonged() {
            rent.lapse_rent();
        }
        let ended = rent.state.is_final();
        if rent != before {
            self.keep(entry, rent).await;
        }
        if gone && !ended {
            let detail = "the upstream does not know this rent now";
            return Err(Fault::new(FaultKind::UnknownActivation, detail));
        }
        Ok(())
    }
}

pub(super) fn has_ended(entry: &Entry) -> bool {
    entry.outline(|rent| rent.state.is_final())
}
