//! `getNumberV2`: orders a number and says more of it. Source: `api/sms-activate.txt`, "Запрос номера
//! V2".

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::reply::time;
use crate::dialect::shape::{ActivationId, AnotherSms, Shape, V2Currency};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, Operator, Order, two_decimals};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// An order for a number, answered with its details.
pub static ACTION: Action = Action {
    name: "getNumberV2",
    paths: &[Path::native(Capability::BuyDetailed), Path::emulated(Capability::Buy)],
    refusal: Word::NoNumbers,
    answer,
};

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let shape = params.shape();
        let order = Order { detailed: true, ..super::number::order(&engine, &caller, &params).await? };
        let bought = engine.purchase(&caller, order).await.map_err(Refusal::from)?;
        Ok(Reply::json(&written(bought, shape)))
    })
}

/// Types as documented, unless others are wanted: the id an integer, everything else a text that is never
/// null.
pub(crate) fn written(bought: Activation, shape: Shape) -> Map<String, Value> {
    let cost = two_decimals(bought.price.map(|price| price.amount).unwrap_or_default());
    let operator = bought.operator.as_ref().map_or("any", Operator::as_str);
    let mut fields = Map::new();
    let id = match shape.activation_id {
        ActivationId::Number => Value::from(bought.id.get()),
        ActivationId::Text => Value::from(bought.id.to_string()),
    };
    let another = match shape.can_get_another_sms {
        AnotherSms::Text => Value::from("1"),
        AnotherSms::Bool => Value::from(true),
        AnotherSms::Number => Value::from(1),
    };
    let documented = [
        ("activationId", id),
        ("phoneNumber", Value::from(bought.phone.digits())),
        ("activationCost", Value::from(cost)),
        ("countryCode", Value::from(bought.country.to_string())),
        ("canGetAnotherSms", another),
        ("activationTime", Value::from(time(bought.bought_at))),
        ("activationOperator", Value::from(operator)),
    ];
    fields.extend(documented.map(|(name, value)| (name.to_owned(), value)));
    fields.extend(bought.extra);
    let currency = bought.price.and_then(|price| price.currency.number());
    if let Some(number) = currency.filter(|_| shape.v2_currency == V2Currency::Number) {
        fields.entry("currency").or_insert_with(|| Value::from(number));
    }
    fields
}
