//! `getActiveActivations`: the client's open activations. Source: `api/sms-activate.txt`, "Запрос
//! активных активаций". None is `NO_ACTIVATIONS`, as JSON.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::catalog::Catalog;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::reply::time;
use crate::dialect::shape::SmsCode;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, Sms, two_decimals};
use crate::engine::{Caller, Engine};

/// The client's open activations.
pub static ACTION: Action =
    Action { name: "getActiveActivations", paths: &[Path::own()], refusal: Word::NoActivations, answer };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'a> {
    status: &'static str,
    active_activations: Vec<Row<'a>>,
}

/// Every field a text, but the codes, which are a list, as documented, unless a text is wanted.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    activation_id: String,
    service_code: &'a str,
    phone_number: &'a str,
    activation_cost: String,
    activation_status: &'static str,
    sms_code: Value,
    sms_text: &'a str,
    activation_time: String,
    discount: &'static str,
    repeated: &'static str,
    country_code: String,
    country_name: &'a str,
    can_get_another_sms: &'static str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let form = params.shape().sms_code;
        let active = engine.active(&caller).await.map_err(Refusal::from)?;
        if active.is_empty() {
            return Err(Refusal::new(Word::NoActivations, "there is no active activation"));
        }
        let rows = active.iter().map(|activation| row(engine.catalog(), activation, form)).collect();
        Ok(Reply::json(&List { status: "success", active_activations: rows }))
    })
}

fn row<'a>(catalog: &'a Catalog, activation: &'a Activation, form: SmsCode) -> Row<'a> {
    Row {
        activation_id: activation.id.to_string(),
        service_code: activation.service.as_str(),
        phone_number: activation.phone.digits(),
        activation_cost: two_decimals(activation.price.map(|price| price.amount).unwrap_or_default()),
        activation_status: "4",
        sms_code: codes(activation, form),
        sms_text: activation.last().map_or("", Sms::text_or_code),
        activation_time: time(activation.bought_at),
        discount: "0.00",
        repeated: "0",
        country_code: activation.country.to_string(),
        country_name: catalog.country(activation.country).map_or("", |entry| entry.eng.as_str()),
        can_get_another_sms: "1",
    }
}

fn codes(activation: &Activation, form: SmsCode) -> Value {
    match form {
        SmsCode::List => activation.messages.iter().map(|sms| sms.code.as_str()).collect(),
        SmsCode::Text => Value::from(activation.last().map_or("", |sms| sms.code.as_str())),
    }
}
