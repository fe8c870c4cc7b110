//! `getExtraActivation`: the number of a used activation once more, `ACCESS_NUMBER:id:phone`, and
//! `checkExtraActivation`: what that costs. Source: `api/sms-activate.txt`, "Дополнительная активация номера" and
//! "Получить цену за дополнительную активацию номера".
//!
//! `reactivate` and `reactivationPrice` are the same in HeroSMS's words; their forms are those that PyPI
//! `herosms` 0.1.1 reads: that of `getNumberV2`, and `{"data":{"price":…}}`.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::number_v2;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, json_number};
use crate::engine::{Caller, Engine};
use crate::provider::{Capability, Fault, FaultKind};

const PATHS: &[Path] = &[Path::native(Capability::ExtraActivation)];

/// A number once more.
pub static GET_EXTRA_ACTIVATION: Action = Action {
    name: "getExtraActivation",
    paths: PATHS,
    refusal: Word::RenewActivationNotAvailable,
    answer: |engine, caller, params| {
        answering(async move {
            let bought = buy(&engine, &caller, &params).await?;
            Ok(Reply::text("ACCESS_NUMBER", &[&bought.id.to_string(), bought.phone.digits()]))
        })
    },
};

/// What that costs.
pub static CHECK_EXTRA_ACTIVATION: Action = Action {
    name: "checkExtraActivation",
    paths: PATHS,
    refusal: Word::RenewActivationNotAvailable,
    answer: check,
};

/// A number once more, in HeroSMS's words.
pub static REACTIVATE: Action = Action {
    name: "reactivate",
    paths: PATHS,
    refusal: Word::RenewActivationNotAvailable,
    answer: |engine, caller, params| {
        answering(async move {
            let bought = buy(&engine, &caller, &params).await?;
            // That client cannot read the answer without a currency.
            let currency = bought.price.and_then(|price| price.currency.number());
            let mut fields = number_v2::written(bought, params.shape());
            if let Some(number) = currency {
                fields.entry("currency").or_insert_with(|| Value::from(number));
            }
            Ok(Reply::json(&fields))
        })
    },
};

/// What that costs, in HeroSMS's words.
pub static REACTIVATION_PRICE: Action = Action {
    name: "reactivationPrice",
    paths: PATHS,
    refusal: Word::RenewActivationNotAvailable,
    answer: |engine, caller, params| {
        answering(async move {
            let (_, cost) = engine
                .price_again(&caller, params.activation_id_or(Word::WrongActivationId)?)
                .await
                .map_err(refusal_of)?;
            Ok(Reply::json(&json!({ "data": { "price": json_number(cost.amount) } })))
        })
    },
};

/// Number and country are numbers here, as documented.
#[derive(Serialize)]
struct Check<'a> {
    status: &'static str,
    cost: Value,
    service: &'a str,
    phone: Value,
    country: u16,
}

fn check(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let (parent, cost) = engine
            .price_again(&caller, params.activation_id_or(Word::WrongActivationId)?)
            .await
            .map_err(refusal_of)?;
        let digits = parent.phone.digits();
        Ok(Reply::json(&Check {
            status: "success",
            cost: json_number(cost.amount),
            service: parent.service.as_str(),
            phone: digits.parse::<u64>().map_or_else(|_| Value::from(digits), Value::from),
            country: parent.country.0,
        }))
    })
}

async fn buy(engine: &Arc<Engine>, caller: &Caller, params: &Params) -> Result<Activation, Refusal> {
    engine.buy_again(caller, params.activation_id_or(Word::WrongActivationId)?).await.map_err(refusal_of)
}

fn refusal_of(fault: Fault) -> Refusal {
    let word = match fault.kind {
        FaultKind::UnknownActivation => Word::WrongActivationId,
        FaultKind::Unsupported(_) | FaultKind::NoStock | FaultKind::UnknownService => {
            Word::RenewActivationNotAvailable
        }
        _ => return Refusal::from(fault),
    };
    Refusal::new(word, fault.to_string())
}
