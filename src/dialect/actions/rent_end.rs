//! `setRentStatus`: ends a rent, `{"status":"success"}`. Source: `api/sms-activate.txt`, "Изменение статуса для
//! Аренды": 1 finishes, 2 cancels, which is possible for 20 minutes.

use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::rent::{Part, id, refuse};
use crate::dialect::{Action, Params, Path, Reply};
use crate::engine::{Caller, Ended, Engine};
use crate::provider::{Capability, Ending};

/// The end of a rent.
pub static ACTION: Action = Action {
    name: "setRentStatus",
    paths: &[Path::native(Capability::Rent)],
    refusal: Word::InvalidPhone,
    answer,
};

#[derive(Serialize)]
struct Done {
    status: &'static str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let id = id(&params);
        if let Err(refusal) = &id
            && refusal.text == Word::NoIdRent.as_str()
        {
            return Err(refusal.clone());
        }
        let ending = ending(&params)?;
        let ended = engine.end_rent(&caller, id?, ending).await.map_err(|fault| Part::End.refusal(fault))?;
        match ended {
            Ended::Now => Ok(Reply::json(&Done { status: "success" })),
            Ended::FinishedBefore => Err(refuse(Word::AlreadyFinish, "the rent is finished already")),
            Ended::CancelledBefore => Err(refuse(Word::AlreadyCancel, "the rent is cancelled already")),
        }
    })
}

fn ending(params: &Params) -> Result<Ending, Refusal> {
    match params.get("status") {
        Some("1") => Ok(Ending::Finish),
        Some("2") => Ok(Ending::Cancel),
        _ => Err(refuse(Word::IncorectStatus, "status is 1, which finishes, or 2, which cancels")),
    }
}
