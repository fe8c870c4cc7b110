//! `continueRentNumber`, `getContinueRentPriceNumber` and `continueRentInfo`: more time for a rent, and its price.
//! Source: `api/sms-activate.txt`, "Продлить аренду" and "Получить стоимость продления аренды". The third is not in
//! the document: it is the second's later form, which clients call with `hours` (`WIRE.md` section 4), and answers
//! also the currency's number and the hours.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::rent::{Part, hours, id, refuse};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{ActivationId, Money, is_rent_time, json_number};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// What rents numbers but gives them no more time says that theirs is over.
const NO_MORE: Path = Path::refused(Capability::Rent, Word::RentDie);

/// More time for a rent.
pub static CONTINUE_RENT_NUMBER: Action = Action {
    name: "continueRentNumber",
    paths: &[Path::native(Capability::RentContinue), NO_MORE],
    refusal: Word::InvalidPhone,
    answer: prolong,
};

/// What it would cost.
pub static GET_CONTINUE_RENT_PRICE_NUMBER: Action = Action {
    name: "getContinueRentPriceNumber",
    paths: &[Path::native(Capability::RentContinue), NO_MORE],
    refusal: Word::InvalidPhone,
    answer: price,
};

/// The same in its later form.
pub static CONTINUE_RENT_INFO: Action = Action {
    name: "continueRentInfo",
    paths: &[Path::emulated(Capability::RentContinue), NO_MORE],
    refusal: Word::InvalidPhone,
    answer: info,
};

#[derive(Serialize)]
struct Price {
    status: &'static str,
    price: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<u32>,
}

/// Which rent, and how much more time.
struct Wish {
    id: ActivationId,
    hours: u32,
}

fn wish(params: &Params) -> Result<Wish, Refusal> {
    let id = id(params)?;
    let wrong = || refuse(Word::InvalidTime, "a rent gets 4 to 1344 hours more");
    let hours = hours(params).filter(|hours| is_rent_time(*hours)).ok_or_else(wrong)?;
    Ok(Wish { id, hours })
}

fn prolong(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let Wish { id, hours } = wish(&params)?;
        let rent =
            engine.continue_rent(&caller, id, hours).await.map_err(|fault| Part::More.refusal(fault))?;
        Ok(super::rent_number::written(&rent))
    })
}

fn price(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let price = asked(&engine, &caller, &wish(&params)?).await?;
        let price = json_number(price.amount);
        Ok(Reply::json(&Price { status: "success", price, currency: None, hours: None }))
    })
}

fn info(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let wish = wish(&params)?;
        let price = asked(&engine, &caller, &wish).await?;
        Ok(Reply::json(&Price {
            status: "success",
            price: json_number(price.amount),
            currency: price.currency.number(),
            hours: Some(wish.hours),
        }))
    })
}

async fn asked(engine: &Arc<Engine>, caller: &Caller, wish: &Wish) -> Result<Money, Refusal> {
    let price = engine.price_of_more_rent(caller, wish.id, wish.hours).await;
    price.map_err(|fault| Part::More.refusal(fault))
}
