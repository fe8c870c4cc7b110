//! `getBalance` and `getBalanceAndCashBack`: `ACCESS_BALANCE:12.34`. Source: `api/sms-activate.txt`,
//! "Запрос баланса"; the bare amount, and its currency by `lang`: `api/sms-service-online.txt`, getBalance.
//! `getBalanceAndCashBackV2`, `{"balance":12.34,"cashback":0}`, is not in the document; the shape is what its
//! one client reads, to which cash-back is what the second balance has more than the first.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::shape::Balance;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Currency, json_number, two_decimals};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

const WORD: &str = "ACCESS_BALANCE";

/// The balance.
pub static GET_BALANCE: Action = Action {
    name: "getBalance",
    paths: &[Path::native(Capability::Balance)],
    refusal: Word::ErrorSql,
    answer: get_balance,
};

/// The balance with what was collected as cash-back; no other provider has any, so there it is the
/// balance.
pub static GET_BALANCE_AND_CASH_BACK: Action = Action {
    name: "getBalanceAndCashBack",
    paths: &[Path::native(Capability::Cashback), Path::emulated(Capability::Balance)],
    refusal: Word::ErrorSql,
    answer: get_balance_and_cash_back,
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
            true => {
                let both = engine.balance(&caller, true).await.map_err(Refusal::from)?.amount;
                // Balances between which there is more than an amount can be are none.
                both.checked_sub(balance).unwrap_or_default()
            }
            false => Decimal::ZERO,
        };
        let cashback = json_number(cashback.max(Decimal::ZERO));
        Ok(Reply::json(&Apart { balance: json_number(balance), cashback }))
    })
}

fn get_balance(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let mut money = engine.balance(&caller, false).await.map_err(Refusal::from)?;
        if let Some(currency) = params.told_currency() {
            money = engine.balance_in(money, currency).ok_or_else(|| no_rate(currency))?;
        }
        Ok(written(money.amount, params.shape().balance))
    })
}

/// An amount in this form.
pub(crate) fn written(amount: Decimal, form: Balance) -> Reply {
    let amount = two_decimals(amount);
    match form {
        Balance::Word => Reply::text(WORD, &[&amount]),
        Balance::Bare => Reply::bare(WORD, &amount),
    }
}

fn get_balance_and_cash_back(engine: Arc<Engine>, caller: Caller, _: Params) -> Answering {
    answering(async move {
        let money = engine.balance(&caller, true).await.map_err(Refusal::from)?;
        Ok(Reply::text(WORD, &[&two_decimals(money.amount)]))
    })
}

/// An amount in another currency than the one that was asked for would be taken for one in that.
pub(super) fn no_rate(currency: Currency) -> Refusal {
    let detail = format!("this lang asks for {currency}, which has no rate in [dialect.rates]");
    Refusal::new(Word::BadLang, detail)
}
