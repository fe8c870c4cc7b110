//! `getFullSms`: the newest message's whole text, `FULL_SMS:text`. Source: `api/sms-activate.txt`, "API
//! JAVA" (`getFullSms`); the wire form: `WIRE.md` section 4. Where the upstream gives only codes, the code
//! stands for the text: none is invented.

use std::sync::Arc;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The whole text of the newest message.
pub static ACTION: Action = Action {
    name: "getFullSms",
    paths: &[Path::native(Capability::FullText), Path::emulated(Capability::Poll)],
    refusal: Word::BadAction,
    answer,
};

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let activation = engine.full_text(&caller, params.activation_id()?).await.map_err(Refusal::from)?;
        let plain = super::status::written(activation.standing());
        Ok(match activation.last() {
            Some(sms) if plain.outcome == "STATUS_OK" => Reply::text("FULL_SMS", &[sms.text_or_code()]),
            // STATUS_WAIT_CODE, STATUS_WAIT_RETRY:…, STATUS_CANCEL.
            _ => plain,
        })
    })
}
