//! Calls in the sandbox, so that software can rehearse them: a number that was ordered for verification by a
//! call is called when its message would come, by a number that ends with the code, and any number can
//! order one call. Knows no wire.
//!
//! What is ordered is remembered by this process alone.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Sandbox;
use crate::domain::{Activation, Phone};
use crate::mock::{Lot, LotState};
use crate::provider::calls::{CallState, Calls, IncomingCall, OutgoingCall, Reread};
use crate::provider::{Cx, Fault, FaultKind};

/// "limit of parsing attempts (maximum is 4)": the vendor's later page, "Repeated voice parsing".
const MOST_REREADS: u8 = 4;

/// How many digits a number has that can be called (ITU-T E.164 allows 15).
const CALLABLE: std::ops::RangeInclusive<usize> = 7..=15;

/// What calls there are, by the lot's id.
#[derive(Default)]
pub(super) struct Switchboard(Mutex<HashMap<String, Line>>);

#[derive(Default)]
struct Line {
    /// Whether its code comes by a call.
    awaits_call: bool,
    rereads: u8,
    ordered_at: Option<Timestamp>,
}

impl Switchboard {
    /// Notes that this lot's code comes by a call.
    pub(super) fn expect(&self, id: &str) {
        self.open().entry(id.to_owned()).or_default().awaits_call = true;
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who called, if somebody has.
    fn caller(&self, lot: &Lot) -> Option<Phone> {
        let awaited = self.open().get(&lot.id).is_some_and(|line| line.awaits_call);
        let message = lot.last().filter(|_| awaited)?;
        let kept = message.sender.len().saturating_sub(message.code.len());
        Phone::parse(&format!("{}{}", message.sender.get(..kept)?, message.code)).ok()
    }
}

fn refusal(word: &str) -> Fault {
    Fault::new(FaultKind::Word(word.to_owned()), format!("sandbox: {word}"))
}

impl Sandbox {
    fn known_lot(&self, activation: &Activation) -> Result<Lot, Fault> {
        let unknown = || Fault::new(FaultKind::UnknownActivation, "the sandbox has no such number");
        self.lot(activation).ok_or_else(unknown)
    }

    fn living_lot(&self, activation: &Activation) -> Result<Lot, Fault> {
        let over = || Fault::new(FaultKind::UnknownActivation, "the activation is over");
        Some(self.known_lot(activation)?).filter(Lot::is_active).ok_or_else(over)
    }
}

#[async_trait]
impl Calls for Sandbox {
    async fn incoming(&self, _: &Cx, activation: &Activation) -> Result<IncomingCall, Fault> {
        let lot = self.known_lot(activation)?;
        let state = match lot.state {
            LotState::Finished => CallState::Closed,
            LotState::Cancelled => CallState::Cancelled,
            LotState::Expired => CallState::Returned,
            _ => CallState::New,
        };
        Ok(IncomingCall { state: Some(state), caller: self.switchboard.caller(&lot) })
    }

    async fn order(&self, _: &Cx, activation: &Activation, to: &Phone) -> Result<(), Fault> {
        let lot = self.living_lot(activation)?;
        if !CALLABLE.contains(&to.digits().len()) {
            return Err(refusal("NUMBER_NOT_EXIST"));
        }
        let mut lines = self.switchboard.open();
        let line = lines.entry(lot.id).or_default();
        if line.ordered_at.is_some() {
            return Err(refusal("CALL_TASK_ALREADY_EXIST"));
        }
        line.ordered_at = Some(self.market.now());
        Ok(())
    }

    async fn outgoing(
        &self,
        _: &Cx,
        activation: Option<&Activation>,
        day: Option<Date>,
    ) -> Result<Vec<OutgoingCall>, Fault> {
        let date = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
        let day = day.unwrap_or_else(|| date(self.market.now()));
        let ordered: Vec<_> = {
            let lines = self.switchboard.open();
            let ordered = lines.iter().filter_map(|(id, line)| Some((id.clone(), line.ordered_at?)));
            ordered.filter(|(_, at)| date(*at) == day).collect()
        };
        let wanted = |id: &str| activation.is_none_or(|activation: &Activation| activation.upstream_id == id);
        let call = |(id, ordered_at): (String, Timestamp)| {
            let from = Phone::parse(&self.market.lot(&id)?.phone).ok()?;
            Some(OutgoingCall { upstream_id: id, ordered_at, from, status: "IN_PROCESS".to_owned() })
        };
        Ok(ordered.into_iter().filter(|(id, _)| wanted(id)).filter_map(call).collect())
    }

    async fn reread(&self, _: &Cx, activation: &Activation, _: Option<&str>) -> Result<Reread, Fault> {
        let lot = self.known_lot(activation)?;
        if lot.was_refunded() {
            return Ok(Reread::Cancelled);
        }
        self.living_lot(activation)?;
        if self.switchboard.caller(&lot).is_none() {
            return Err(refusal("NO_CALL"));
        }
        let mut lines = self.switchboard.open();
        let line = lines.entry(lot.id).or_default();
        if line.rereads >= MOST_REREADS {
            return Err(refusal("PARSE_COUNT_EXCEED"));
        }
        line.rereads += 1;
        Ok(Reread::Begun)
    }
}
