//! `getOperators`: `{"status":"success","countryOperators":{"0":["mts",…]}}`. Source:
//! `api/sms-activate.txt`, "Запрос доступных операторов". None is `OPERATORS_NOT_FOUND`, as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Operator};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The operators that can be asked for.
pub static ACTION: Action = Action {
    name: "getOperators",
    // Without a list of its own, from the catalog; where none can be asked for, none is named.
    paths: &[Path::native(Capability::Operators), Path::emulated(Capability::Operator)],
    refusal: Word::OperatorsNotFound,
    answer,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'a> {
    status: &'static str,
    country_operators: BTreeMap<&'a Country, &'a Vec<Operator>>,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let not_found = || Refusal::new(Word::OperatorsNotFound, "no operator is known there");
        let country = params.country_if_any().map_err(|_| not_found())?;
        let operators = engine.operators(&caller, country).await.map_err(Refusal::from)?;
        written(&operators).ok_or_else(not_found)
    })
}

/// Those of every country that has some; `None` where none has.
pub(crate) fn written(operators: &BTreeMap<Country, Vec<Operator>>) -> Option<Reply> {
    let named: BTreeMap<_, _> = operators.iter().filter(|(_, names)| !names.is_empty()).collect();
    let list = List { status: "success", country_operators: named };
    (!list.country_operators.is_empty()).then(|| Reply::json(&list))
}
