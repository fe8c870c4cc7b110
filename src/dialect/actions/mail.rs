//! What the actions of mail addresses share: the envelope of their answers and the words of their refusals.
//! Source: `api/sms-activate.txt`, "API Почты"; that errors are plain words there: `UPSTREAMS.md` section 8.

use serde::Serialize;

use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Params, Reply};
use crate::domain::ActivationId;
use crate::provider::{Fault, FaultKind};

/// `{"status":"OK","response":…}`.
pub fn ok(response: impl Serialize) -> Reply {
    #[derive(Serialize)]
    struct Envelope<R> {
        status: &'static str,
        response: R,
    }
    Reply::json(&Envelope { status: "OK", response })
}

/// A mail's id. Anything that is no id is a mail that does not exist, for which the word is `unknown`.
pub fn id(params: &Params, unknown: Word) -> Result<ActivationId, Refusal> {
    let refused = || Refusal::new(unknown, "the parameter id is missing or no mail's id");
    params.get("id").and_then(ActivationId::parse).ok_or_else(refused)
}

/// A fault in the words of this part of the document, which has its own for money and for domains; `unknown` is
/// the action's word for a mail that does not exist.
pub fn refusal(fault: Fault, unknown: Word) -> Refusal {
    let word = match fault.kind {
        FaultKind::NoFunds | FaultKind::SpendingLimit => Word::BadBalance,
        FaultKind::NoStock => Word::MailTypeError,
        FaultKind::UnknownActivation => unknown,
        FaultKind::BadStatus | FaultKind::TooEarlyToCancel | FaultKind::Unsupported(_) => Word::BadAction,
        _ => return fault.into(),
    };
    let detail = Refusal::from(fault).detail;
    Refusal::new(word, detail)
}
