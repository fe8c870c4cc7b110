//! `getBalance` and `getBalanceAndCashBack`: `ACCESS_BALANCE:12.34`. Source: `api/sms-activate.txt`,
//! "Запрос баланса". `getBalanceAndCashBackV2`, `{"balance":12.34,"cashback":0}`, is not in the document; the shape
//! is what its one client reads, to which cash-back is what the second balance has more than the first.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{json_number, two_decimals};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The balance.
pub static GET_BALANCE: Action = Action {
    name: "getBalance",
    paths: &[Path::native(Capability::Balance)],
    refusal: Word::ErrorSql,
    answer: |engine, caller, params| answer(engine, caller, params, false),
};

/// The balance with what was collected as cash-back; no other provider has any, so there it is the
/// balance.
pub static GET_BALANCE_AND_CASH_BACK: Action = Action {
    name: "getBalanceAndCashBack",
    paths: &[Path::native(Capability::Cashback), Path::emulated(Capability::Balance)],
    refusal: Word::ErrorSql,
    answer: |engine, caller, params| answer(engine, caller, params, true),
};

/// The balance and the cash-back apart.
pub static GET_BALANCE_AND_CASH_BACK_V2: Action = Action {
    name: "getBalanceAndCashBackV2",
    paths: &[Path::emulated(Capability::Balance)],
    refusal: Word::ErrorSql,
    answer: apart,
};

#[derive(Serialize)]
struct Apart {
    balance: Value,
    cashback: Value,
}

fn apart(engine: Arc<Engine>, caller: Caller, _: Params) -> Answering {
    answering(async move {
        let balance = engine.balance(&caller, false).await.map_err(Refusal::from)?.amount;
        let cashback = match engine.has_cashback() {
            true => engine.balance(&caller, true).await.map_err(Refusal::from)?.amount - balance,
            false => Decimal::ZERO,
        };
        let cashback = json_number(cashback.max(Decimal::ZERO));
        Ok(Reply::json(&Apart { balance: json_number(balance), cashback }))
    })
}

fn answer(engine: Arc<Engine>, caller: Caller, _: Params, with_cashback: bool) -> Answering {
    answering(async move {
        let money = engine.balance(&caller, with_cashback).await.map_err(Refusal::from)?;
        Ok(Reply::text("ACCESS_BALANCE", &[&two_decimals(money.amount)]))
    })
}
