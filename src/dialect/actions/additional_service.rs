//! `getAdditionalService`: another service on the number of an activation with call forwarding,
//! `ADDITIONAL:id:phone`. Source: `api/sms-activate.txt`, "Дополнительный сервис для номеров с переадресацией".

use std::sync::Arc;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::Service;
use crate::engine::{Caller, Engine};
use crate::provider::{Capability, Fault, FaultKind};

/// A further service.
pub static ACTION: Action = Action {
    name: "getAdditionalService",
    paths: &[Path::native(Capability::AdditionalService)],
    refusal: Word::WrongAdditionalService,
    answer,
};

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let id = params.activation_id_or(Word::WrongActivationId)?;
        let wrong = |detail: &str| Refusal::new(Word::WrongAdditionalService, detail);
        let name = params.get("service").ok_or_else(|| wrong("the parameter service is missing"))?;
        let service = Service::parse(name).map_err(|error| wrong(&error.to_string()))?;
        let bought = engine.buy_additional(&caller, id, service).await.map_err(refusal_of)?;
        Ok(Reply::text("ADDITIONAL", &[&bought.id.to_string(), bought.phone.digits()]))
    })
}

fn refusal_of(fault: Fault) -> Refusal {
    let word = match fault.kind {
        FaultKind::UnknownActivation => Word::WrongActivationId,
        FaultKind::Unsupported(_) | FaultKind::UnknownService => Word::WrongAdditionalService,
        _ => return Refusal::from(fault),
    };
    Refusal::new(word, fault.to_string())
}
