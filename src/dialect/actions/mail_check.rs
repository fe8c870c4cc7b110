//! `checkMailActivation` and `cancelMailActivation`: whether the mail has come, and giving an address back.
//! Source: `api/sms-activate.txt`, "Проверить, пришло ли письмо", "Отменить покупку почты".
//!
//! What is answered while no mail has come is not documented. It is `"value":null`, as `getMailHistory` shows it:
//! clients that poll go on by that, and end by an error word. `full_message` follows where the upstream tells
//! it, and only once the mail is there: a public client waits for that name.

use std::sync::Arc;

use serde::Serialize;

use super::mail;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::{Action, Params, Path};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// Whether the mail has come.
pub static CHECK: Action = Action {
    name: "checkMailActivation",
    paths: &[Path::native(Capability::Mail)],
    refusal: Word::BadAction,
    answer: check,
};

/// Giving an address back.
pub static CANCEL: Action = Action {
    name: "cancelMailActivation",
    paths: &[Path::native(Capability::Mail)],
    refusal: Word::BadAction,
    answer: cancel,
};

#[derive(Serialize)]
struct Content<'a> {
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_message: Option<&'a str>,
}

fn check(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let id = mail::id(&params, Word::BadAction)?;
        let standing = engine.mail(&caller, id).await;
        let standing = standing.map_err(|fault| mail::refusal(fault, Word::BadAction))?;
        let letter = standing.letter.as_ref();
        Ok(mail::ok(Content {
            value: letter.map(|letter| letter.value.as_str()),
            full_message: letter.and_then(|letter| letter.full.as_deref()),
        }))
    })
}

/// Only what the upstream agreed to is answered with `true`.
fn cancel(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let id = mail::id(&params, Word::BadAction)?;
        let cancelled = engine.cancel_mail(&caller, id).await;
        cancelled.map(|()| mail::ok(true)).map_err(|fault| mail::refusal(fault, Word::BadAction))
    })
}
