//! `getAllSms`: every message of an activation, newest first, `{"data":[{"id","phoneFrom","code","text","service",
//! "date","type"}]}`. Not in the document; the shape that clients of it read, every field a text (`WIRE.md`
//! section 4). Where the upstream gives only codes, the code stands for the text.

use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::reply::time;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, Sms};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// Every message of an activation.
pub static ACTION: Action = Action {
    name: "getAllSms",
    paths: &[Path::native(Capability::Messages), Path::emulated(Capability::Poll)],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
struct List<'a> {
    data: Vec<Row<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    id: String,
    phone_from: &'a str,
    code: &'a str,
    text: &'a str,
    service: &'a str,
    date: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let id = params.activation_id()?;
        let activation = engine.all_messages(&caller, id).await.map_err(Refusal::from)?;
        Ok(written(&activation, params.window(usize::MAX)))
    })
}

/// So many of its messages, the newest first, from that place on.
pub(crate) fn written(activation: &Activation, (start, length): (usize, usize)) -> Reply {
    let newest = (1..).zip(&activation.messages).collect::<Vec<_>>().into_iter().rev();
    let data = newest.skip(start).take(length).map(|(nth, sms)| row(activation, nth, sms)).collect();
    Reply::json(&List { data })
}

/// A message is known by its activation and its number in it.
fn row<'a>(activation: &'a Activation, nth: usize, sms: &'a Sms) -> Row<'a> {
    Row {
        id: format!("{}-{nth}", activation.id),
        phone_from: sms.sender.as_deref().unwrap_or_default(),
        code: &sms.code,
        text: sms.text_or_code(),
        service: activation.service.as_str(),
        date: time(sms.received_at),
        kind: "sms",
    }
}
