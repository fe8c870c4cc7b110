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
    /// `{"status":"error","message":WORD}`, as the rent section has it.
    Message,
    /// The same with the most hours in `info`.
    WithMax(u32),
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
pub(super) const CALL_TASK_ALREADY_EXIST: Refusal = word("CALL_TASK_ALREADY_EXIST");
pub(super) const NO_BALANCE: Refusal = word("NO_BALANCE");
pub(super) const NO_CALL: Refusal = word("NO_CALL");
pub(super) const NUMBER_NOT_EXIST: Refusal = word("NUMBER_NOT_EXIST");
pub(super) const PARSE_COUNT_EXCEED: Refusal = word("PARSE_COUNT_EXCEED");
pub(super) const WRONG_ACTIVATION_ID: Refusal = word("WRONG_ACTIVATION_ID");
pub(super) const NO_KEY: Refusal = word("NO_KEY");
pub(super) const NO_NUMBERS: Refusal = word("NO_NUMBERS");
pub(super) const NEW_ACTIVATION_IMPOSSIBLE: Refusal = word("NEW_ACTIVATION_IMPOSSIBLE");
pub(super) const OUT_OF_STOCK: Refusal = word("OUT_OF_STOCK");
pub(super) const RENEW_ACTIVATION_NOT_AVAILABLE: Refusal = word("RENEW_ACTIVATION_NOT_AVAILABLE");
pub(super) const REPEAT_ADDITIONAL_SERVICE: Refusal = word("REPEAT_ADDITIONAL_SERVICE");
pub(super) const WRONG_ADDITIONAL_SERVICE: Refusal = word("WRONG_ADDITIONAL_SERVICE");
pub(super) const WRONG_EXCEPTION_PHONE: Refusal = word("WRONG_EXCEPTION_PHONE");
pub(super) const WRONG_SECURITY: Refusal = word("WRONG_SECURITY");
pub(super) const WRONG_SERVICE: Refusal = word("WRONG_SERVICE");
const fn message(word: &'static str) -> Refusal {
    Refusal { word, form: Form::Message }
}

pub(super) const ACCOUNT_INACTIVE: Refusal = message("ACCOUNT_INACTIVE");
pub(super) const ALREADY_CANCEL: Refusal = message("ALREADY_CANCEL");
pub(super) const ALREADY_FINISH: Refusal = message("ALREADY_FINISH");
pub(super) const CANT_CANCEL: Refusal = message("CANT_CANCEL");
pub(super) const CHANNELS_LIMIT: Refusal = word("CHANNELS_LIMIT");
pub(super) const INCORECT_STATUS: Refusal = message("INCORECT_STATUS");
pub(super) const INVALID_PHONE: Refusal = message("INVALID_PHONE");
pub(super) const INVALID_TIME: Refusal = message("INVALID_TIME");
pub(super) const NO_ID_RENT: Refusal = message("NO_ID_RENT");
pub(super) const RENT_DIE: Refusal = message("RENT_DIE");
pub(super) const STATUS_CANCEL: Refusal = message("STATUS_CANCEL");
pub(super) const STATUS_FINISH: Refusal = message("STATUS_FINISH");
pub(super) const STATUS_WAIT_CODE: Refusal = message("STATUS_WAIT_CODE");

/// So many hours are the most that can be had now.
pub(super) const fn max_hours_exceed(max: u32) -> Refusal {
    Refusal { word: "MAX_HOURS_EXCEED", form: Form::WithMax(max) }
}

impl Refusal {
    /// The same as the rent section says it: in JSON, but for the words of the key and the action, and the one of
    /// its list.
    pub(super) fn of_rent(self) -> Self {
        match (self.word, self.form) {
            ("BAD_KEY" | "NO_KEY" | "BAD_ACTION" | "OUT_OF_STOCK", _) => self,
            ("ERROR_SQL", _) => message("SQL_ERROR"),
            (word, Form::Word | Form::WithMin(_) | Form::Envelope) => message(word),
            (_, Form::Message | Form::WithMax(_)) => self,
        }
    }
}

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
            Form::Message => json_answer(&json!({ "status": "error", "message": refusal.word }), json_ctype),
            Form::WithMax(max) => {
                let info = json!({ "max": max });
                let error = json!({ "status": "error", "message": refusal.word, "info": info });
                json_answer(&error, json_ctype)
            }
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
        "NO_ACTIVATION"
        | "NO_ACTIVATIONS"
        | "OPERATORS_NOT_FOUND"
        | "INVALID_ACTIVATION_ID"
        | "WRONG_ACTIVATION_ID"
        | "INVALID_PHONE" => 404,
        "BAD_STATUS" | "EARLY_CANCEL_DENIED" => 409,
        "ERROR_SQL" => 422,
        _ => 400,
    };
    let details = refusal.word.to_lowercase().replace('_', " ");
    let mut error = json!({ "title": refusal.word, "details": details });
    match refusal.form {
        Form::WithMin(min) => error["info"] = json!({ "min": json_number(min) }),
        Form::WithMax(max) => error["info"] = json!({ "max": max }),
        Form::Word | Form::Envelope | Form::Message => {}
    }
    Answer::json(&error).with_status(status)
}
