//! `setStatus`: what the client does with its number. Source: `api/sms-activate.txt`, "Изменение статуса
//! активации"; −1 of older clients: `api/sms-man.txt` and `WIRE.md` section 1, item 15.

use std::sync::Arc;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Command, Phone, Step};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// A change of an activation.
pub static ACTION: Action =
    Action { name: "setStatus", paths: &[Path::native(Capability::Tell)], refusal: Word::BadStatus, answer };

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let command = command(&params)?;
        let id = params.activation_id()?;
        let forward = params.get_any(&["forward", "forwards"]).and_then(forwarded_to);
        let step = engine.change(&caller, id, command, forward).await.map_err(Refusal::from)?;
        Ok(Reply::text(agreement(step), &[]))
    })
}

fn command(params: &Params) -> Result<Command, Refusal> {
    match params.get("status") {
        Some("1") => Ok(Command::Ready),
        Some("3") => Ok(Command::Another),
        Some("6") => Ok(Command::Finish),
        Some("8") => Ok(Command::Reject),
        Some("-1") => Ok(Command::Cancel),
        _ => Err(Refusal::new(Word::BadStatus, "status is one of 1, 3, 6, 8 and -1")),
    }
}

/// A number to forward to; the `0` and `1` that some clients put here are none.
fn forwarded_to(text: &str) -> Option<Phone> {
    Phone::parse(text).ok().filter(|phone| phone.digits().len() > 4)
}

/// What is answered when this has happened.
pub(super) fn agreement(step: Step) -> &'static str {
    match step {
        Step::Ready => "ACCESS_READY",
        // "ожидание нового смс": so it stands after the service was made to send again.
        Step::Another | Step::Resent => "ACCESS_RETRY_GET",
        Step::Finish => "ACCESS_ACTIVATION",
        Step::Reject | Step::Cancel => "ACCESS_CANCEL",
    }
}
