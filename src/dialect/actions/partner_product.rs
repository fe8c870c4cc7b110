//! `buyPartnerProduct`: buys a partner's software, `{"status":"success","key","manual"}`. Source:
//! `api/sms-activate.txt`, "API Партнёрский софт".

use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::ProductNumber;
use crate::engine::{Caller, Engine};
use crate::provider::{Capability, Fault, FaultKind};

/// An order for a partner product.
pub static ACTION: Action = Action {
    name: "buyPartnerProduct",
    paths: &[Path::native(Capability::Partner)],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
struct Sold<'a> {
    status: &'static str,
    key: &'a str,
    manual: &'a str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        // A client calls it `id` (PyPI `aiosmsactivate` 1.5.1).
        let given = params.get_any(&["productId", "id"]);
        let number = given.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.and_then(|text| text.parse().ok()).map(ProductNumber);
        let number = number
            .ok_or_else(|| Refusal::new(Word::BadData, "the parameter productId is missing or no number"))?;
        let product = engine.buy_product(&caller, number).await.map_err(refusal)?;
        let bought = &product.bought;
        Ok(Reply::json(&Sold { status: "success", key: &bought.key, manual: &bought.manual }))
    })
}

fn refusal(fault: Fault) -> Refusal {
    let word = match fault.kind {
        FaultKind::NoStock => Word::BadData,
        FaultKind::Unsupported(_) => Word::BadAction,
        _ => return fault.into(),
    };
    Refusal::new(word, fault.to_string())
}
