//! The errors of API v2.0, and how they are put into bytes. Knows no call.

use serde_json::{Value, json};

use crate::mock::call::Answer;
use crate::mock::want::BuyError;

/// An error: `{"success":false,"error_code":…,"error_msg":…}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    code: &'static str,
    text: &'static str,
    /// What is wrong, by which name an `error_msg` that is an object calls it.
    about: &'static str,
}

pub(super) type Outcome = Result<Value, Refusal>;

const fn refusal(code: &'static str, about: &'static str, text: &'static str) -> Refusal {
    Refusal { code, text, about }
}

pub(super) const BALANCE: Refusal = refusal("balance", "balance", "Not enough money!");
pub(super) const NO_NUMBERS: Refusal = refusal("no_numbers", "number", "No numbers, try again.");
pub(super) const WRONG_APPLICATION: Refusal =
    refusal("wrong_application_id", "application_id", "Wrong application ID!");
/// Assumed, as the code for applications is.
pub(super) const WRONG_COUNTRY: Refusal = refusal("wrong_country_id", "country_id", "Wrong country ID!");
/// What a parameter that nobody knows, or cannot be read, comes to; assumed.
pub(super) const WRONG_PARAMETER: Refusal = refusal("wrong_parameter", "parameter", "Wrong parameter!");
pub(super) const WRONG_REQUEST: Refusal = refusal("wrong_request_id", "request_id", "Wrong request ID!");
pub(super) const WRONG_STATUS: Refusal = refusal("wrong_status", "status", "Wrong status!");
pub(super) const WRONG_TOKEN: Refusal = refusal("wrong_token", "token", "Wrong token!");

impl From<BuyError> for Refusal {
    fn from(error: BuyError) -> Self {
        match error {
            BuyError::Unsupported => WRONG_APPLICATION,
            BuyError::NoStock | BuyError::TooDear(_) => NO_NUMBERS,
            BuyError::NoFunds => BALANCE,
        }
    }
}

impl Refusal {
    /// The bytes; the document has the message in both forms.
    pub(super) fn answer(self, as_object: bool, http400: bool) -> Answer {
        let text = if as_object { json!({ self.about: self.text }) } else { json!(self.text) };
        let answer = Answer::json(&json!({ "success": false, "error_code": self.code, "error_msg": text }));
        answer.with_status(if http400 { 400 } else { 200 })
    }
}
