//! `getOutgoingCalls`: the calls that were ordered, by activation, `{"958874106":{"date":"2022-07-29 16:03:23",
//! "phoneFrom":"79912556393","status":"IN_PROCESS"}}`. Source: `api/sms-activate.txt`, "Проверить статус исходящего
//! звонка". None is `{}`, also where there never are any (`UPSTREAMS.md` section 6).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::reply::time;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::ActivationId;
use crate::engine::{Caller, Engine};
use crate::provider::calls::OutgoingCall;
use crate::provider::{Capability, FaultKind};

/// The calls that were ordered.
pub static ACTION: Action = Action {
    name: "getOutgoingCalls",
    paths: &[Path::native(Capability::Calls), Path::own()],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    date: String,
    phone_from: String,
    status: String,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let day = day(&params)?;
        let id = match params.get_any(&["activationId", "id"]) {
            None => None,
            // What is no id has ordered no call.
            Some(text) => match ActivationId::parse(text) {
                None => return Ok(written(Vec::new())),
                id => id,
            },
        };
        match engine.outgoing_calls(&caller, id, day).await {
            Ok(calls) => Ok(written(calls)),
            Err(fault) if fault.kind == FaultKind::UnknownActivation => Ok(written(Vec::new())),
            Err(fault) => Err(Refusal::from(fault)),
        }
    })
}

/// "Дата в формате 'ГГГГ-ММ-ДД'".
fn day(params: &Params) -> Result<Option<Date>, Refusal> {
    let Some(text) = params.get("date") else { return Ok(None) };
    let day = text.parse().map_err(|_| Refusal::new(Word::BadAction, "date is written as 2022-07-29"))?;
    Ok(Some(day))
}

pub(crate) fn written(calls: Vec<(ActivationId, OutgoingCall)>) -> Reply {
    let row = |(id, call): (ActivationId, OutgoingCall)| {
        let phone_from = call.from.digits().to_owned();
        (id, Row { date: time(call.ordered_at), phone_from, status: call.status })
    };
    Reply::json(&calls.into_iter().map(row).collect::<BTreeMap<_, _>>())
}
