//! `getBalance` and `getBalanceAndCashBack`: `ACCESS_BALANCE:12.34`. Source: `api/sms-activate.txt`,
//! "Запрос баланса".

use std::sync::Arc;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::two_decimals;
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

fn answer(engine: Arc<Engine>, caller: Caller, _: Params, with_cashback: bool) -> Answering {
    answering(async move {
        let money = engine.balance(&caller, with_cashback).await.map_err(Refusal::from)?;
        Ok(Reply::text("ACCESS_BALANCE", &[&two_decimals(money.amount)]))
    })
}
