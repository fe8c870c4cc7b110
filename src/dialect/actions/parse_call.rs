//! `parseCall`: has the voice message of an activation read once more, in another language, `{"result":"OK"}`.
//! Later than the document: the vendor's later page, "Repeated voice parsing", and PyPI `aiosmsactivate` 1.5.1.
//! Where there are no calls, its word for an activation of which none can be read.

use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Word, or_word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;
use crate::provider::calls::Reread;

/// A voice message once more.
pub static ACTION: Action = Action {
    name: "parseCall",
    paths: &[Path::native(Capability::Calls)],
    refusal: Word::WrongActivationId,
    answer,
};

#[derive(Serialize)]
struct Begun {
    result: &'static str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let id = params.activation_id_or(Word::WrongActivationId)?;
        let language = params.get("newLang").map(str::to_owned);
        let reread = engine.reread_call(&caller, id, language).await;
        Ok(match reread.map_err(or_word(Word::WrongActivationId))? {
            Reread::Begun => Reply::json(&Begun { result: "OK" }),
            Reread::Cancelled => Reply::text("STATUS_CANCEL", &[]),
        })
    })
}
