//! `getServicesList`: `{"status":"success","services":[{"code","name"}]}`. Not in the document; the
//! shape most clients read (`WIRE.md` sections 4 and 5); the bare list where that is wanted.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::shape::ServicesList;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::Service;
use crate::engine::{Caller, Engine};
use crate::provider::{Capability, ListedService};

/// The services that can be ordered.
pub static ACTION: Action = Action {
    name: "getServicesList",
    paths: &[Path::native(Capability::Services), Path::own()],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
struct List {
    status: &'static str,
    services: Vec<Map<String, Value>>,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let lang = params.get("lang").filter(|lang| is_language(lang)).map(str::to_owned);
        let services =
            engine.services(&caller, params.country_if_any()?, lang).await.map_err(Refusal::from)?;
        Ok(written(&services, params.shape().services_list))
    })
}

/// The list in this form.
pub(crate) fn written(services: &[ListedService], form: ServicesList) -> Reply {
    let services: Vec<_> = services.iter().map(row).collect();
    match form {
        ServicesList::Wrapped => Reply::json(&List { status: "success", services }),
        ServicesList::Bare => Reply::json(&services),
    }
}

/// Two letters; whatever else a client writes here does not go into a list of its own.
fn is_language(lang: &str) -> bool {
    lang.len() == 2 && lang.bytes().all(|b| b.is_ascii_lowercase())
}

fn row(listed: &ListedService) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert("code".to_owned(), Value::from(listed.service.as_str()));
    row.insert("name".to_owned(), Value::from(listed.name.as_str()));
    row.extend(listed.extra.clone());
    row
}

/// Refuses a service that no activation is sold for, unless the upstream's codes are its own.
pub(super) fn require_sold(engine: &Engine, service: &Service) -> Result<(), Refusal> {
    require_known(engine, Some(service))?;
    let own_codes = engine.main_upstream().is_ok_and(|upstream| upstream.spec.speaks_dialect);
    if own_codes || engine.catalog().service(service).is_some_and(|entry| !entry.is_rent_only()) {
        return Ok(());
    }
    Err(Refusal::new(Word::BadService, format!("service {service} can be rented only")))
}

/// Refuses a service that exists nowhere, unless the upstream's codes are its own.
pub(super) fn require_known(engine: &Engine, service: Option<&Service>) -> Result<(), Refusal> {
    let Some(service) = service else { return Ok(()) };
    let own_codes = engine.main_upstream().is_ok_and(|upstream| upstream.spec.speaks_dialect);
    if own_codes || engine.catalog().service(service).is_some() {
        return Ok(());
    }
    Err(Refusal::new(Word::BadService, format!("there is no service {service}")))
}
