//! `buyMailActivation` and `reorderMailActivation`: order a mail address, `{"email","id"}`. Source:
//! `api/sms-activate.txt`, "Купить верификацию по почте", "Реактивация почты".

use std::sync::Arc;

use serde::Serialize;

use super::mail;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{ActivationId, Mail, MailKind, MailOrder};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// An order for a mail address.
pub static BUY: Action = Action {
    name: "buyMailActivation",
    paths: &[Path::native(Capability::Mail)],
    refusal: Word::BadAction,
    answer: buy,
};

/// An order for the same address once more, which has an id of its own.
pub static REORDER: Action = Action {
    name: "reorderMailActivation",
    paths: &[Path::native(Capability::Mail)],
    refusal: Word::BadAction,
    answer: reorder,
};

#[derive(Serialize)]
struct Sold<'a> {
    email: &'a str,
    id: ActivationId,
}

fn buy(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        engine.require_mail().map_err(|fault| mail::refusal(fault, Word::BadAction))?;
        let order = order(&params)?;
        let bought = engine.buy_mail(&caller, order).await;
        bought.map(|mail| sold(&mail)).map_err(|fault| mail::refusal(fault, Word::BadAction))
    })
}

fn reorder(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let refused = |fault| mail::refusal(fault, Word::ActivationNotFound);
        let id = match mail::id(&params, Word::ActivationNotFound) {
            Ok(id) => id,
            Err(unknown) => return Err(engine.require_mail().map_or_else(refused, |()| unknown)),
        };
        engine.buy_mail_again(&caller, id).await.map(|mail| sold(&mail)).map_err(refused)
    })
}

pub(crate) fn sold(bought: &Mail) -> Reply {
    mail::ok(Sold { email: bought.email.as_str(), id: bought.id })
}

/// The order that a request makes. A type that is none of the two, and a domain that is not named, cannot be
/// had for any site.
fn order(params: &Params) -> Result<MailOrder, Refusal> {
    let missing = |word, name| move || Refusal::new(word, format!("the parameter {name} is missing"));
    let site = params.get("site").ok_or_else(missing(Word::BadAction, "site"))?;
    let kind = match params.get("mail_type") {
        Some("1") => MailKind::Zone,
        Some("2") => MailKind::Popular,
        _ => {
            return Err(Refusal::new(
                Word::MailTypeError,
                "mail_type is 1 for a zone or 2 for a popular domain",
            ));
        }
    };
    let domain = params.get("mail_domain").ok_or_else(missing(Word::MailTypeError, "mail_domain"))?;
    Ok(MailOrder { site: site.to_owned(), kind, domain: domain.to_owned(), again: None })
}
