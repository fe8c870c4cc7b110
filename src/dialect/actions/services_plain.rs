//! `getServices`: the services as a bare list, `[{"id":"vk","name":"Вконтакте"}]`. Source: `api/sms-man.txt`,
//! "Получить список всех сервисов".

use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::Service;
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The services that can be ordered, as a bare list.
pub static ACTION: Action = Action {
    name: "getServices",
    paths: &[Path::native(Capability::Services), Path::own()],
    refusal: Word::BadAction,
    answer,
};

#[derive(Serialize)]
struct Row<'a> {
    id: &'a Service,
    name: &'a str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let services =
            engine.services(&caller, params.country_if_any()?, None).await.map_err(Refusal::from)?;
        let rows: Vec<_> = services.iter().map(|one| Row { id: &one.service, name: &one.name }).collect();
        Ok(Reply::json(&rows))
    })
}
