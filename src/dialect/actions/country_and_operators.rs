//! `getCountryAndOperators`: the countries with their operators as a list, `[{"id":0,"name":"Россия","operators":
//! {"any":"any","mts":"mts"}}]`. Source: `api/sms-service-online.txt`, getCountryAndOperators. Names are Russian
//! unless `lang` is `en`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::catalog::Catalog;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Operator};
use crate::engine::{Caller, CountryLine, Engine};
use crate::provider::{Capability, FaultKind};

/// The countries with their operators.
pub static ACTION: Action = Action {
    name: "getCountryAndOperators",
    paths: &[Path::native(Capability::Countries), Path::emulated(Capability::Operators), Path::own()],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
struct Row {
    id: Country,
    name: String,
    operators: Map<String, Value>,
}

/// Refuses a language that there is none of. A client that names none gets what is usual: some leave it out
/// (`UPSTREAMS.md` section 3).
pub(super) fn require_language(params: &Params) -> Result<(), Refusal> {
    match params.get("lang") {
        None | Some("ru" | "en") => Ok(()),
        Some(_) => Err(Refusal::new(Word::BadLang, "lang is ru or en")),
    }
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        require_language(&params)?;
        let english = params.get("lang") == Some("en");
        let lines = engine.countries(&caller).await.map_err(Refusal::from)?;
        let operators = operators(&engine, &caller).await?;
        let none = Vec::new();
        let row = |line: &CountryLine| Row {
            id: line.country,
            name: name(engine.catalog(), line, english),
            operators: named(operators.get(&line.country).unwrap_or(&none)),
        };
        Ok(Reply::json(&lines.iter().map(row).collect::<Vec<_>>()))
    })
}

/// Every country's operators. That an upstream has none is said in a word, and no reason to have no countries.
async fn operators(engine: &Engine, caller: &Caller) -> Result<BTreeMap<Country, Vec<Operator>>, Refusal> {
    match engine.operators(caller, None).await {
        Ok(operators) => Ok(operators.as_ref().clone()),
        Err(fault) if matches!(fault.kind, FaultKind::Word(_)) => Ok(BTreeMap::new()),
        Err(fault) => Err(Refusal::from(fault)),
    }
}

fn name(catalog: &Catalog, line: &CountryLine, english: bool) -> String {
    let field = if english { "eng" } else { "rus" };
    let given = line.fields.get(field).and_then(Value::as_str).filter(|name| !name.is_empty());
    let entry = catalog.country(line.country);
    let ours = entry.map(|entry| if english { entry.eng.as_str() } else { entry.rus.as_str() });
    given.or(ours).map_or_else(|| line.country.to_string(), str::to_owned)
}

/// Each by its own name; any of them stands first, as documented.
fn named(operators: &[Operator]) -> Map<String, Value> {
    let names = std::iter::once("any").chain(operators.iter().map(Operator::as_str));
    names.map(|name| (name.to_owned(), Value::from(name))).collect()
}
