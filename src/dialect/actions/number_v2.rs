//! `getNumberV2`: orders a number and says more of it. Source: `api/sms-activate.txt`, "Запрос номера
//! V2".

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::reply::time;
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
        let order = Order { detailed: true, ..super::number::order(&engine, &caller, &params).await? };
        let bought = engine.purchase(&caller, order).await.map_err(Refusal::from)?;
        Ok(Reply::json(&written(bought)))
    })
}

/// Types as documented: the id an integer, everything else a text that is never null.
pub(super) fn written(bought: Activation) -> Map<String, Value> {
    let cost = two_decimals(bought.price.map(|price| price.amount).unwrap_or_default());
    let operator = bought.operator.as_ref().map_or("any", Operator::as_str);
    let mut fields = Map::new();
    fields.insert("activationId".to_owned(), Value::from(bought.id.get()));
    let texts = [
        ("phoneNumber", bought.phone.digits().to_owned()),
        ("activationCost", cost),
        ("countryCode", bought.country.to_string()),
        ("canGetAnotherSms", "1".to_owned()),
        ("activationTime", time(bought.bought_at)),
        ("activationOperator", operator.to_owned()),
    ];
    for (name, text) in texts {
        fields.insert(name.to_owned(), Value::String(text));
    }
    fields.extend(bought.extra);
    fields
}
