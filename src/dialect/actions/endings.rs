//! `finishActivation` and `cancelActivation`: 6 and 8 of `setStatus` under names of their own. Not in the
//! document; HeroSMS has them, and its client ignores the answer, so it is `setStatus`'s (`WIRE.md` section 4).

use std::sync::Arc;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::Command;
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The client is done.
pub static FINISH: Action = Action {
    name: "finishActivation",
    paths: &[Path::native(Capability::Tell)],
    refusal: Word::BadStatus,
    answer: |engine, caller, params| answer(engine, caller, params, Command::Finish),
};

/// The client does not want the number.
pub static CANCEL: Action = Action {
    name: "cancelActivation",
    paths: &[Path::native(Capability::Tell)],
    refusal: Word::BadStatus,
    answer: |engine, caller, params| answer(engine, caller, params, Command::Reject),
};

fn answer(engine: Arc<Engine>, caller: Caller, params: Params, command: Command) -> Answering {
    answering(async move {
        let id = params.activation_id()?;
        let step = engine.change(&caller, id, command, None).await.map_err(Refusal::from)?;
        Ok(Reply::text(super::set_status::agreement(step), &[]))
    })
}
