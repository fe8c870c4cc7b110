//! `getMultiServiceNumber`, `getExtraActivation` and `getAdditionalService`: actions that sell
//! activations in other ways than `getNumber`. Refused with each one's documented word. To pass them on
//! unknown would sell numbers that the ledger does not have and whose messages nobody could read.
//!
//! Source of the words: `api/sms-activate.txt`, "Заказ номера для нескольких сервисов", "Дополнительная
//! активация номера", "Дополнительный сервис для номеров с переадресацией".

use std::sync::Arc;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params};
use crate::engine::{Caller, Engine};

/// One number for several services.
pub static GET_MULTI_SERVICE_NUMBER: Action = Action {
    name: "getMultiServiceNumber",
    paths: &[],
    refusal: Word::NoNumbers,
    answer: |engine, caller, params| refuse(engine, caller, params, Word::NoNumbers),
};

/// A number once more.
pub static GET_EXTRA_ACTIVATION: Action = Action {
    name: "getExtraActivation",
    paths: &[],
    refusal: Word::RenewActivationNotAvailable,
    answer: |engine, caller, params| refuse(engine, caller, params, Word::RenewActivationNotAvailable),
};

/// A further service on a number with call forwarding.
pub static GET_ADDITIONAL_SERVICE: Action = Action {
    name: "getAdditionalService",
    paths: &[],
    refusal: Word::WrongAdditionalService,
    answer: |engine, caller, params| refuse(engine, caller, params, Word::WrongAdditionalService),
};

fn refuse(_: Arc<Engine>, _: Caller, _: Params, word: Word) -> Answering {
    answering(async move { Err(Refusal::new(word, "numbers are sold by getNumber and getNumberV2 only")) })
}
