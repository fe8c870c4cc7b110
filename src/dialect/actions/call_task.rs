//! `createTaskForCall`: a call from a number that was bought, `{"status":"success","msg":…}`. Source:
//! `api/sms-activate.txt`, "Позвонить на сервис". One client leaves `phone` out (`UPSTREAMS.md` section 5): then
//! there is nobody to call. Where there are no calls, `WRONG_ACTIVATION_ID` (section 6).

use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Word, or_word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::Phone;
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// A call from a number.
pub static ACTION: Action = Action {
    name: "createTaskForCall",
    paths: &[Path::native(Capability::Calls)],
    refusal: Word::WrongActivationId,
    answer,
};

#[derive(Serialize)]
struct Ordered {
    status: &'static str,
    msg: &'static str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let id = params.activation_id_or(Word::WrongActivationId)?;
        let to = params.get("phone").and_then(|phone| Phone::parse(phone).ok());
        engine.order_call(&caller, id, to).await.map_err(or_word(Word::WrongActivationId))?;
        Ok(Reply::json(&Ordered {
            status: "success", msg: "Заявка на звонок успешно создана."
        }))
    })
}
