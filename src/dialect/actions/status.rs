//! `getStatus`: where an activation stands. Source: `api/sms-activate.txt`, "Получить состояние
//! активации"; its blank and quotes around the code are notation only (`UPSTREAMS.md` section 5).

use std::sync::Arc;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Standing, State};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The state of an activation.
pub static ACTION: Action =
    Action { name: "getStatus", paths: &[Path::native(Capability::Poll)], refusal: Word::BadAction, answer };

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let id = params.activation_id()?;
        engine.standing(&caller, id, written).await.map_err(Refusal::from)
    })
}

/// The same where memory suffices.
pub fn at_once(engine: &Engine, caller: &Caller, params: &Params) -> Option<Reply> {
    engine.standing_at_once(caller, params.activation_id().ok()?, written)
}

/// The state in words. A finished activation keeps its last code; one that ended without is cancelled,
/// which clients understand, where `NO_ACTIVATION` would fail them (`WIRE.md` section 1, item 20).
pub fn written(standing: Standing<'_>) -> Reply {
    let last = standing.code;
    match standing.state {
        State::Waiting | State::Cancelling => Reply::text("STATUS_WAIT_CODE", &[]),
        State::Resend => Reply::text("STATUS_WAIT_RESEND", &[]),
        State::Retry => Reply::text("STATUS_WAIT_RETRY", &[last]),
        State::Received => Reply::text("STATUS_OK", &[last]),
        // Who asked for another message and gets the old code for the new one would be misled.
        State::Finished if standing.asked_in_vain => Reply::text("STATUS_CANCEL", &[]),
        State::Finished => Reply::text("STATUS_OK", &[last]),
        State::Cancelled | State::Expired => Reply::text("STATUS_CANCEL", &[]),
    }
}
