//! `getStatusV2`: the state as JSON, with the message's text and time. Not in the document; the shape
//! that clients of it read (`WIRE.md` section 4): JSON while waiting too, unless the plain words are wanted,
//! and plain `STATUS_CANCEL` at the end.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::reply::time;
use crate::dialect::shape::StatusV2Waiting;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, Sms, State};
use crate::engine::{Caller, Detailed, Engine};
use crate::provider::Capability;

/// The state of an activation, as JSON.
pub static ACTION: Action = Action {
    name: "getStatusV2",
    paths: &[Path::native(Capability::StatusV2), Path::emulated(Capability::Poll)],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    verification_type: u8,
    sms: Option<Message<'a>>,
    call: Option<()>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    date_time: String,
    code: &'a str,
    text: &'a str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let id = params.activation_id()?;
        let detailed = engine.status_detailed(&caller, id).await.map_err(Refusal::from)?;
        Ok(written(&detailed, params.shape().status_v2_waiting))
    })
}

pub(crate) fn written(detailed: &Detailed, waiting: StatusV2Waiting) -> Reply {
    let activation = &detailed.activation;
    match (&detailed.native, activation.state) {
        (_, State::Waiting | State::Resend | State::Retry | State::Cancelling)
            if waiting == StatusV2Waiting::Text =>
        {
            super::status::written(activation.standing())
        }
        (_, State::Cancelled | State::Expired | State::Finished) => ended(activation),
        (Some(native), _) if native.is_object() => Reply::json(native.as_ref() as &Value),
        (_, State::Received) => current(activation.last()),
        (_, State::Waiting | State::Resend | State::Retry | State::Cancelling) => current(None),
    }
}

fn ended(activation: &Activation) -> Reply {
    let plain = super::status::written(activation.standing());
    if plain.outcome == "STATUS_OK" { current(activation.last()) } else { plain }
}

fn current(sms: Option<&Sms>) -> Reply {
    Reply::json(&Status { verification_type: 0, sms: sms.map(message), call: None })
}

fn message(sms: &Sms) -> Message<'_> {
    Message { date_time: time(sms.received_at), code: &sms.code, text: sms.text_or_code() }
}
