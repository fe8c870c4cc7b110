//! `getRentStatus`: a rent's messages, newest first, an object keyed "0", "1", …, or a list. Source:
//! `api/sms-activate.txt`, "Получить статус для Аренды": success only where there is a message; all else is an
//! error's word.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::rent::{Part, id, refuse};
use crate::dialect::reply::time;
use crate::dialect::shape::RentValues;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, Sms, State};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The state of a rent.
pub static ACTION: Action = Action {
    name: "getRentStatus",
    paths: &[Path::native(Capability::Rent)],
    refusal: Word::InvalidPhone,
    answer,
};

/// Of a message to a number that is rented as a whole, and of which nobody knows what service it is from
/// ("service": "ot" in the document's example).
const ANY_OTHER: &str = "ot";

#[derive(Serialize)]
struct Messages {
    status: &'static str,
    quantity: String,
    values: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    phone_from: &'a str,
    text: &'a str,
    service: &'a str,
    date: String,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let form = params.shape().rent_values;
        let rent =
            engine.rent_status(&caller, id(&params)?).await.map_err(|fault| Part::Status.refusal(fault))?;
        match rent.state {
            State::Finished | State::Expired => Err(refuse(Word::StatusFinish, "the rent is over")),
            State::Cancelled => Err(refuse(Word::StatusCancel, "the rent was cancelled")),
            _ if rent.messages.is_empty() => Err(refuse(Word::StatusWaitCode, "no message has come yet")),
            _ => Ok(written(&rent, form)),
        }
    })
}

pub(crate) fn written(rent: &Activation, form: RentValues) -> Reply {
    let rows = rent.messages.iter().rev().map(|sms| row(rent, sms)).collect();
    let quantity = rent.messages.len().to_string();
    Reply::json(&Messages { status: "success", quantity, values: form.write(rows) })
}

fn row<'a>(rent: &'a Activation, sms: &'a Sms) -> Row<'a> {
    let rented_for = match rent.service.as_str() {
        "full" => ANY_OTHER,
        service => service,
    };
    Row {
        phone_from: sms.sender.as_deref().unwrap_or_default(),
        text: sms.text_or_code(),
        service: sms.service.as_ref().map_or(rented_for, |service| service.as_str()),
        date: time(sms.received_at),
    }
}
