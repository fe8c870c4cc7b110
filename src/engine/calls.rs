//! Calls to and from numbers, and what numbers for them cost: ids are this server's own here and the upstream's own
//! there. Knows no wire.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::lists::{if_any, owner_of, wanted};
use super::{Caller, Engine, Upstream, ledger_fault, shown};
use crate::domain::{Activation, ActivationId, Offer, Phone, Service, State};
use crate::ledger::HistoryQuery;
use crate::provider::calls::{CallState, Calls, IncomingCall, OutgoingCall, Reread};
use crate::provider::{Capability, Fault, FaultKind};

/// How long before and after a day an activation may have been bought that ordered a call on it: days begin
/// elsewhere than here, and no activation lives longer than this.
const AROUND: SignedDuration = SignedDuration::from_hours(36);

/// So many activations are looked through for those of an upstream's calls.
const LOOKED_THROUGH: u32 = 10_000;

impl Engine {
    /// What numbers that take a verification call cost; nothing where there are none.
    pub async fn call_prices(&self, caller: &Caller, service: Option<Service>) -> Result<Vec<Offer>, Fault> {
        let upstream = self.main_upstream()?;
        if !upstream.can(Capability::CallPrices) {
            return Ok(Vec::new());
        }
        let cx = self.cx(upstream, caller);
        let fetch = upstream.provider.call_prices(&cx, service.as_ref());
        let key = (owner_of(caller), service.clone());
        let listed = if_any(upstream.listed(&upstream.lists.call_prices, key, &cx, fetch).await)?;
        let offers = listed.map_or_else(Vec::new, |offers| offers.as_ref().clone());
        let asked = offers.into_iter().filter(|offer| wanted(offer, service.as_ref(), None));
        shown::offers(&upstream.exchange, asked.collect())
    }

    /// Who called the number of an activation, and how that stands. One that is over is known here even when
    /// the upstream has forgotten it.
    pub async fn incoming_call(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
    ) -> Result<IncomingCall, Fault> {
        let activation = self.entry(caller, id).await?.get();
        let upstream = self.seller(&activation)?;
        let cx = self.cx(upstream, caller);
        let fetch = async { calls_of(upstream)?.incoming(&cx, &activation).await };
        let key = activation.upstream_id.clone();
        let known = state_of(activation.state);
        match upstream.lists.incoming.get(key, upstream.poll_interval, fetch).await {
            Ok(call) => Ok(IncomingCall { state: call.state.or(Some(known)), ..call.as_ref().clone() }),
            Err(fault) if fault.kind == FaultKind::UnknownActivation && activation.state.is_final() => {
                Ok(IncomingCall { state: Some(known), caller: None })
            }
            Err(fault) => Err(fault),
        }
    }

    /// Orders a call from the number of an activation.
    pub async fn order_call(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
        to: Option<Phone>,
    ) -> Result<(), Fault> {
        let activation = self.living(caller, id).await?;
        let upstream = Arc::clone(self.seller(&activation)?);
        calls_of(&upstream)?;
        let nobody =
            || Fault::new(FaultKind::Word("NUMBER_NOT_EXIST".to_owned()), "no number to call is named");
        let to = to.ok_or_else(nobody)?;
        let cx = self.cx(&upstream, caller);
        let work = async move { calls_of(&upstream)?.order(&cx, &activation, &to).await };
        self.to_the_end(work).await?
    }

    /// The calls that the caller ordered on a day, or today; from one activation, or from all.
    pub async fn outgoing_calls(
        self: &Arc<Self>,
        caller: &Caller,
        id: Option<ActivationId>,
        day: Option<Date>,
    ) -> Result<Vec<(ActivationId, OutgoingCall)>, Fault> {
        let activation = match id {
            Some(id) => Some(self.entry(caller, id).await?.get()),
            None => None,
        };
        let upstream = match &activation {
            Some(activation) => self.seller(activation)?,
            None => self.main_upstream()?,
        };
        let Ok(calls) = calls_of(upstream) else { return Ok(Vec::new()) };
        let ordered = match calls.outgoing(&self.cx(upstream, caller), activation.as_ref(), day).await {
            Err(Fault { kind: FaultKind::Unsupported(_), .. }) => return Ok(Vec::new()),
            ordered => ordered?,
        };
        if ordered.is_empty() {
            return Ok(Vec::new());
        }
        let owned = match activation {
            Some(activation) => vec![activation],
            None => self.bought_around(caller, day).await?,
        };
        // What belongs to others, or was bought elsewhere on the same account, has no id here.
        let ours = |call: OutgoingCall| {
            let mine =
                |one: &&Activation| one.upstream_id == call.upstream_id && one.provider == upstream.seller;
            owned.iter().find(mine).map(|one| (one.id, call.clone()))
        };
        Ok(ordered.into_iter().filter_map(ours).collect())
    }

    /// Has the voice message of an activation read once more.
    pub async fn reread_call(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
        language: Option<String>,
    ) -> Result<Reread, Fault> {
        let activation = self.entry(caller, id).await?.get();
        let upstream = Arc::clone(self.seller(&activation)?);
        calls_of(&upstream)?;
        if matches!(activation.state, State::Cancelled | State::Expired) {
            return Ok(Reread::Cancelled);
        }
        let cx = self.cx(&upstream, caller);
        let work = async move { calls_of(&upstream)?.reread(&cx, &activation, language.as_deref()).await };
        self.to_the_end(work).await?
    }

    /// The caller's activation, if it is not over.
    async fn living(&self, caller: &Caller, id: ActivationId) -> Result<Activation, Fault> {
        let activation = self.entry(caller, id).await?.get();
        let over = || Fault::new(FaultKind::UnknownActivation, format!("activation {id} is over"));
        Some(activation).filter(|activation| !activation.state.is_final()).ok_or_else(over)
    }

    /// What the caller bought around a day, or around now.
    async fn bought_around(&self, caller: &Caller, day: Option<Date>) -> Result<Vec<Activation>, Fault> {
        let now = self.clock.now();
        let day = day.unwrap_or_else(|| now.to_zoned(TimeZone::UTC).date());
        let begin = day.to_zoned(TimeZone::UTC).map_or(now, |begin| begin.timestamp());
        let (from, to) = (begin.saturating_sub(AROUND), begin.saturating_add(AROUND));
        let query = HistoryQuery {
            owner: caller.owner.clone(),
            from: Some(from.unwrap_or(Timestamp::MIN)),
            to: Some(to.unwrap_or(Timestamp::MAX)),
            limit: LOOKED_THROUGH,
        };
        self.ledger.history(query).await.map_err(|error| ledger_fault(&error))
    }
}

/// The calls of an upstream that has any.
fn calls_of(upstream: &Upstream) -> Result<&dyn Calls, Fault> {
    let calls = upstream.provider.calls().filter(|_| upstream.can(Capability::Calls));
    calls.ok_or_else(|| Fault::unsupported(Capability::Calls))
}

fn state_of(state: State) -> CallState {
    match state {
        State::Finished => CallState::Closed,
        State::Cancelled => CallState::Cancelled,
        State::Expired => CallState::Returned,
        State::Waiting | State::Resend | State::Received | State::Retry | State::Cancelling => CallState::New,
    }
}
