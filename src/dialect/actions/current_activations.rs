//! `getCurrentActivations` and `getCurrentActivationsDataTables`: the tables of open activations behind SMSHub's
//! and sms-activate's web pages, `{"status":"success","array":[…]}`, which some software reads. Not in the
//! document; the envelope and the fields `id`, `phone`, `status` and `code` are what such software reads (GitHub,
//! a Node.js client of SMSHub that tells `success` from `fail`, and several scripts). What the pages themselves
//! show beyond that is not known, and the word for none is assumed.

use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::reply::time;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, Sms};
use crate::engine::{Caller, Engine};

/// SMSHub's table.
pub static CURRENT: Action =
    Action { name: "getCurrentActivations", paths: &[Path::own()], refusal: Word::BadAction, answer };

/// sms-activate's table.
pub static DATA_TABLES: Action = Action {
    name: "getCurrentActivationsDataTables",
    paths: &[Path::own()],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
struct Table<'a> {
    status: &'static str,
    array: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Nothing {
    status: &'static str,
    msg: &'static str,
}

/// Every field a text.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    id: String,
    phone: &'a str,
    service: &'a str,
    country: String,
    status: &'static str,
    code: &'a str,
    text: &'a str,
    create_date: String,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let mut active = engine.active(&caller).await.map_err(Refusal::from)?;
        if params.get("orderBy").is_some_and(|order| order.eq_ignore_ascii_case("asc")) {
            active.reverse();
        }
        if active.is_empty() {
            return Ok(Reply::json(&Nothing { status: "fail", msg: "no_activations" }));
        }
        let (start, length) = params.window(usize::MAX);
        let array = active.iter().skip(start).take(length).map(row).collect();
        Ok(Reply::json(&Table { status: "success", array }))
    })
}

fn row(activation: &Activation) -> Row<'_> {
    Row {
        id: activation.id.to_string(),
        phone: activation.phone.digits(),
        service: activation.service.as_str(),
        country: activation.country.to_string(),
        status: "4",
        code: activation.last().map_or("", |sms| sms.code.as_str()),
        text: activation.last().map_or("", Sms::text_or_code),
        create_date: time(activation.bought_at),
    }
}
