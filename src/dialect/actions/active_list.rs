//! `getListOfActiveActivations`: the client's open activations, page by page, `{"data":[…],"existNext":false,
//! "quant":1}`. Not in the document; the fields and types are those that the official Java client and another
//! read (`WIRE.md` section 4). None is an empty list.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, Country, Sms, json_number};
use crate::engine::{Caller, Engine};

/// The client's open activations, page by page.
pub static ACTION: Action =
    Action { name: "getListOfActiveActivations", paths: &[Path::own()], refusal: Word::BadAction, answer };

/// How long a page is unless the client says otherwise, as the Java client takes it.
const USUAL: usize = 10;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'a> {
    data: Vec<Row<'a>>,
    exist_next: bool,
    quant: usize,
}

/// One client finds the country only where both of its fields are, and wants the state as a text; times are Unix
/// times.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    id: i64,
    forward: u8,
    phone: &'a str,
    service: &'a str,
    country: Country,
    country_code: String,
    status: &'static str,
    code: &'a str,
    sms_text: &'a str,
    more_sms: Vec<&'a str>,
    activation_cost: Value,
    can_get_another_sms: &'static str,
    create_date: i64,
    finish_date: i64,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let active = engine.active(&caller).await.map_err(Refusal::from)?;
        let (start, length) = params.window(USUAL);
        let data: Vec<_> = active.iter().skip(start).take(length).map(row).collect();
        let exist_next = start.saturating_add(data.len()) < active.len();
        Ok(Reply::json(&List { data, exist_next, quant: active.len() }))
    })
}

fn row(activation: &Activation) -> Row<'_> {
    Row {
        id: activation.id.get(),
        forward: 0,
        phone: activation.phone.digits(),
        service: activation.service.as_str(),
        country: activation.country,
        country_code: activation.country.to_string(),
        status: "4",
        code: activation.last().map_or("", |sms| sms.code.as_str()),
        sms_text: activation.last().map_or("", Sms::text_or_code),
        more_sms: activation.messages.iter().map(Sms::text_or_code).collect(),
        activation_cost: json_number(activation.price.map(|price| price.amount).unwrap_or_default()),
        can_get_another_sms: "1",
        create_date: activation.bought_at.as_second(),
        finish_date: activation.expires_at.as_second(),
    }
}
