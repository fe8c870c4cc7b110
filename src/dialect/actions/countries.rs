//! `getCountries`: an object keyed by the country's number. Source: `api/sms-activate.txt`, "Получить
//! список всех стран".
//!
//! Clients want `id visible retry rent multiService` as integers and `rus eng chn` as texts that are
//! never null (`WIRE.md` section 1, item 12), so whatever the upstream leaves out comes from the catalog.
//! The forms of other services' documents are made of the same rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Number, Value};

use crate::catalog::Catalog;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::shape::Countries;
use crate::dialect::{Action, Params, Path, Reply};
use crate::engine::{Caller, CountryLine, Engine};
use crate::provider::Capability;

/// The countries that can be ordered from.
pub static ACTION: Action = Action {
    name: "getCountries",
    paths: &[Path::native(Capability::Countries), Path::own()],
    refusal: Word::BadAction,
    answer,
};

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let lines = engine.countries(&caller).await.map_err(Refusal::from)?;
        let rows: BTreeMap<_, _> =
            lines.iter().map(|line| (line.country, row(engine.catalog(), line))).collect();
        Ok(match params.shape().countries {
            Countries::Object => Reply::json(&rows),
            Countries::List => Reply::json(&rows.into_values().map(named_twice).collect::<Vec<_>>()),
            Countries::Russian => Reply::json(
                &rows.into_iter().map(|(id, row)| (id, in_russian(row))).collect::<BTreeMap<_, _>>(),
            ),
        })
    })
}

fn row(catalog: &Catalog, line: &CountryLine) -> Map<String, Value> {
    let entry = catalog.country(line.country);
    let mut row = Map::new();
    row.insert("id".to_owned(), Value::from(line.country.0));
    let names = [
        ("rus", entry.map(|entry| entry.rus.as_str())),
        ("eng", entry.map(|entry| entry.eng.as_str())),
        ("chn", entry.map(|entry| entry.chn.as_str())),
    ];
    for (field, from_catalog) in names {
        let given = line.fields.get(field).and_then(Value::as_str).filter(|name| !name.is_empty());
        row.insert(field.to_owned(), Value::from(given.or(from_catalog).unwrap_or_default()));
    }
    // A second message can be asked for everywhere; of rents and several services on one number nothing is known.
    for (field, usual) in [("visible", 1), ("retry", 1), ("rent", 0), ("multiService", 0)] {
        row.insert(
            field.to_owned(),
            line.fields.get(field).and_then(flag).unwrap_or_else(|| Value::from(usual)),
        );
    }
    for (field, value) in &line.fields {
        if !row.contains_key(field) {
            row.insert(field.clone(), value.clone());
        }
    }
    row
}

/// `api/sms-man.txt`, getCountries: `{"id":0,"name":"Россия","name_en":"Russia"}`.
fn named_twice(mut row: Map<String, Value>) -> Map<String, Value> {
    let fields = [("id", "id"), ("rus", "name"), ("eng", "name_en")];
    let take = |(from, to): (&str, &str)| Some((to.to_owned(), row.remove(from)?));
    fields.into_iter().filter_map(take).collect()
}

/// `api/smsak.txt`, getCountries: `{"id":"0","rus":"Россия","visible":1,"retry":1,"rent":0,"multiService":0}`.
fn in_russian(mut row: Map<String, Value>) -> Map<String, Value> {
    if let Some(id) = row.get_mut("id") {
        *id = Value::from(id.to_string());
    }
    row.retain(|field, _| {
        ["id", "rus", "visible", "retry", "rent", "multiService"].contains(&field.as_str())
    });
    row
}

fn flag(value: &Value) -> Option<Value> {
    match value {
        Value::Number(number) => Some(Value::Number(number.clone())),
        Value::String(text) => text.parse::<Number>().ok().map(Value::Number),
        Value::Bool(on) => Some(Value::from(u8::from(*on))),
        _ => None,
    }
}
