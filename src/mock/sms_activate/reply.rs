//! How sms-activate's answers and errors are put into bytes, in the documented way and in the newer
//! generation's. Knows no action.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::domain::json_number;
use crate::mock::call::Answer;
use crate::mock::want::BuyError;

/// What an action answers.
#[derive(Debug)]
pub(super) enum Reply {
    /// Words.
    Text(String),
    /// A document.
    Json(Value),
    /// Nothing, under HTTP 204.
    Empty,
}

/// A documented error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    word: &'static str,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The bare word.
    Word,
    /// The word, a colon and the least price.
    WithMin(Decimal),
    /// `{"status":"error","error":WORD}`.
    Envelope,
}

pub(super) type Outcome = Result<Reply, Refusal>;

const fn word(word: &'static str) -> Refusal {
    Refusal { word, form: Form::Word }
}

pub(super) const ACTIVATION_NOT_FOUND: Refusal = word("ACTIVATION_NOT_FOUND");
pub(super) const BAD_ACTION: Refusal = word("BAD_ACTION");
pub(super) const BAD_BALANCE: Refusal = word("BAD_BALANCE");
pub(super) const BAD_DATA: Refusal = word("BAD_DATA");
pub(super) const BAD_KEY: Refusal = word("BAD_KEY");
pub(super) const BAD_SERVICE: Refusal = word("BAD_SERVICE");
pub(super) const BAD_SITE: Refusal = word("BAD_SITE");
pub(super) const BAD_STATUS: Refusal = word("BAD_STATUS");
pub(super) const BLOCKED_SITE: Refusal = word("BLOCKED_SITE");
pub(super) const EARLY_CANCEL_DENIED: Refusal = word("EARLY_CANCEL_DENIED");
pub(super) const ERROR_SQL: Refusal = word("ERROR_SQL");
pub(super) const INVALID_ACTIVATION_ID: Refusal = word("INVALID_ACTIVATION_ID");
pub(super) const MAIL_TYPE_ERROR: Refusal = word("MAIL_TYPE_ERROR");
pub(super) const NO_ACTIVATION: Refusal = word("NO_ACTIVATION");
pub(super) const NO_BALANCE: Refusal = word("NO_BALANCE");
pub(super) const NO_KEY: Refusal = word("NO_KEY");
pub(super) const NO_NUMBERS: Refusal = word("NO_NUMBERS");
pub(super) const OUT_OF_STOCK: Refusal = word("OUT_OF_STOCK");
pub(super) const WRONG_EXCEPTION_PHONE: Refusal = word("WRONG_EXCEPTION_PHONE");
pub(super) const WRONG_SERVICE: Refusal = word("WRONG_SERVICE");
pub(super) const NO_ACTIVATIONS: Refusal = Refusal { word: "NO_ACTIVATIONS", form: Form::Envelope };
pub(super) const OPERATORS_NOT_FOUND: Refusal = Refusal { word: "OPERATORS_NOT_FOUND", form: Form::Envelope };

impl From<BuyError> for Refusal {
    fn from(error: BuyError) -> Self {
        match error {
            BuyError::Unsupported => BAD_SERVICE,
            BuyError::NoStock => NO_NUMBERS,
            BuyError::NoFunds => NO_BALANCE,
            BuyError::TooDear(min) => Self { word: "WRONG_MAX_PRICE", form: Form::WithMin(min) },
        }
    }
}

/// The bytes of an answer.
pub(super) fn answer(outcome: Outcome, modern: bool, json_ctype: bool) -> Answer {
    match outcome {
        Ok(Reply::Text(text)) => Answer::text(text),
        Ok(Reply::Json(value)) => json_answer(&value, json_ctype),
        Ok(Reply::Empty) => Answer::text("").with_status(204),
        Err(refusal) if modern && refusal != NO_NUMBERS => modern_error(refusal),
        Err(refusal) => match refusal.form {
            Form::Word => Answer::text(refusal.word),
            Form::WithMin(min) => Answer::text(format!("{}:{}", refusal.word, min.normalize())),
            Form::Envelope => json_answer(&json!({ "status": "error", "error": refusal.word }), json_ctype),
        },
    }
}

fn json_answer(value: &Value, json_ctype: bool) -> Answer {
    if json_ctype { Answer::json(value) } else { Answer::text(value.to_string()) }
}

/// `{"title":"BAD_KEY","details":…}` with HTTP 4xx; the least price in `info.min`.
fn modern_error(refusal: Refusal) -> Answer {
    let status = match refusal.word {
        "BAD_KEY" | "NO_KEY" => 401,
        "NO_BALANCE" => 402,
        "NO_ACTIVATION" | "NO_ACTIVATIONS" | "OPERATORS_NOT_FOUND" | "INVALID_ACTIVATION_ID" => 404,
        "BAD_STATUS" | "EARLY_CANCEL_DENIED" => 409,
        "ERROR_SQL" => 422,
        _ => 400,
    };
    let details = refusal.word.to_lowercase().replace('_', " ");
    let mut error = json!({ "title": refusal.word, "details": details });
    if let Form::WithMin(min) = refusal.form {
        error["info"] = json!({ "min": json_number(min) });
    }
    Answer::json(&error).with_status(status)
}
