//! `getIncomingCallStatus`: who called a number, `{"status":"2","phone":false}`. Source: `api/sms-activate.txt`,
//! "Получить статус входящего звонка": 2 is new, 3 closed with success, 4 cancelled, 5 given back. Where there are
//! no calls, the document's one word (`UPSTREAMS.md` section 6).

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Word, or_word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;
use crate::provider::calls::CallState;

/// Who called a number.
pub static ACTION: Action = Action {
    name: "getIncomingCallStatus",
    paths: &[Path::native(Capability::Calls)],
    refusal: Word::InvalidActivationId,
    answer,
};

#[derive(Serialize)]
struct Call {
    status: &'static str,
    /// The number, or `false` while nobody has called.
    phone: Value,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let id = params.activation_id_or(Word::InvalidActivationId)?;
        let call = engine.incoming_call(&caller, id).await.map_err(or_word(Word::InvalidActivationId))?;
        let phone = call.caller.map_or(Value::Bool(false), |phone| Value::from(phone.digits()));
        Ok(Reply::json(&Call { status: number(call.state), phone }))
    })
}

fn number(state: Option<CallState>) -> &'static str {
    match state {
        None | Some(CallState::New) => "2",
        Some(CallState::Closed) => "3",
        Some(CallState::Cancelled) => "4",
        Some(CallState::Returned) => "5",
    }
}
