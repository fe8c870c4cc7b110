//! How SMSAK's answers and its two kinds of errors are put into bytes, always under HTTP 200. Knows no
//! method.

use serde_json::{Value, json};

use crate::mock::call::Answer;
use crate::mock::want::BuyError;

/// What a method answers.
#[derive(Debug)]
pub(super) enum Reply {
    /// A document.
    Json(Value),
    /// A scalar as it is, or nothing at all.
    Bare(String),
}

impl Reply {
    pub(super) fn bare(scalar: &str) -> Self {
        Self::Bare(scalar.to_owned())
    }
}

/// An error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// One of the numbered ones: `{"name":"error","message":…,"code":202,"status":200,"type":…}`.
    Coded(u16, &'static str),
    /// `{"error":…}`.
    Said(&'static str),
}

pub(super) type Outcome = Result<Reply, Refusal>;

// "Possible error codes"; in Russian where the document's example is.
pub(super) const NO_SERVICE: Refusal = Refusal::Coded(101, "Service not found");
pub(super) const NO_FUNDS: Refusal = Refusal::Coded(102, "Insufficient funds");
pub(super) const NO_NUMBERS: Refusal = Refusal::Coded(103, "No numbers available");
pub(super) const NO_KEY: Refusal = Refusal::Coded(201, "API key is missing");
pub(super) const BAD_KEY: Refusal = Refusal::Coded(202, "Api ключ не действителен");
pub(super) const BLOCKED: Refusal = Refusal::Coded(203, "User blocked: spam");

/// setstatus, "in case of an error".
pub(super) const TOO_EARLY: Refusal =
    Refusal::Said("Возврат возможен не ранее чем через 30 секунд после взятия");
/// Unknown, returned and expired ids are all the same (UPSTREAMS.md sections 6a and 8, assumed).
pub(super) const NO_ACTIVATION: Refusal = Refusal::Said("Активация не найдена");
// No document has words for these; only their shape matters.
pub(super) const NO_RENT: Refusal = Refusal::Said("Номер не найден");
pub(super) const NO_SMS: Refusal = Refusal::Said("Сообщение ещё не получено");
pub(super) const NO_FORWARDING: Refusal = Refusal::Said("Переадресация недоступна");
pub(super) const BAD_REQUEST: Refusal = Refusal::Said("Неверный запрос");

impl From<BuyError> for Refusal {
    fn from(error: BuyError) -> Self {
        match error {
            BuyError::Unsupported => NO_SERVICE,
            BuyError::NoStock | BuyError::TooDear(_) => NO_NUMBERS,
            BuyError::NoFunds => NO_FUNDS,
        }
    }
}

/// The bytes of an answer.
pub(super) fn answer(outcome: Outcome) -> Answer {
    match outcome {
        Ok(Reply::Json(value)) => Answer::text(value.to_string()),
        Ok(Reply::Bare(scalar)) => Answer::text(scalar),
        Err(Refusal::Said(text)) => Answer::text(json!({ "error": text }).to_string()),
        Err(Refusal::Coded(code, message)) => {
            let error = json!({
                "name": "error",
                "message": message,
                "code": code,
                "status": 200,
                "type": "app\\helpers\\apiException",
            });
            Answer::text(error.to_string())
        }
    }
}
