//! `getHistory`, and `getActivationHistory` as one client calls it (`WIRE.md` section 4): what the client bought,
//! newest first. Source: `api/sms-activate.txt`, "Получить историю активаций". The document's line for `sms` is
//! misprinted; what it shows is a text that holds a list.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::reply::time;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, State, json_number};
use crate::engine::{Caller, Engine};

/// What the client bought.
pub static ACTION: Action =
    Action { name: "getHistory", paths: &[Path::own()], refusal: Word::BadAction, answer };

/// The same under another name.
pub static GET_ACTIVATION_HISTORY: Action = Action { name: "getActivationHistory", ..ACTION };

#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    date: String,
    phone: &'a str,
    sms: String,
    cost: Value,
    status: &'static str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let (from, to) = (moment(&params, "start")?, moment(&params, "end")?);
        let history = engine.history(&caller, from, to).await.map_err(Refusal::from)?;
        Ok(Reply::json(&history.iter().map(row).collect::<Vec<_>>()))
    })
}

/// A Unix time in seconds; a later one than any is the last one.
fn moment(params: &Params, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = params.get(name) else { return Ok(None) };
    let seconds: i64 =
        text.parse().map_err(|_| Refusal::new(Word::BadAction, format!("{name} is not a Unix time")))?;
    let limited = seconds.clamp(0, Timestamp::MAX.as_second());
    Ok(Timestamp::from_second(limited).ok())
}

fn row(activation: &Activation) -> Row<'_> {
    let codes: Vec<_> = activation.messages.iter().map(|sms| sms.code.as_str()).collect();
    // "Если активация не завершена, то cost = 0".
    let (status, charged) = match activation.state {
        State::Finished => ("6", true),
        State::Cancelled | State::Expired => ("8", false),
        State::Waiting | State::Resend | State::Received | State::Retry | State::Cancelling => ("4", false),
    };
    let cost = activation.price.filter(|_| charged).map(|price| price.amount).unwrap_or_default();
    Row {
        id: activation.id.get(),
        date: time(activation.bought_at),
        phone: activation.phone.digits(),
        sms: serde_json::to_string(&codes).unwrap_or_default(),
        cost: json_number(cost),
        status,
    }
}
