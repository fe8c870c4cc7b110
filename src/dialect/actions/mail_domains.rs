//! `getDomains`: the domains in which there are mail addresses for a site. Source: `api/sms-activate.txt`,
//! "Получить список предложений".

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::mail;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path};
use crate::domain::{MailOffer, json_number};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// Mail domains on offer.
pub static ACTION: Action =
    Action { name: "getDomains", paths: &[Path::native(Capability::Mail)], refusal: Word::BadAction, answer };

#[derive(Serialize)]
struct Domains<'a> {
    zones: Vec<Row<'a>>,
    popular: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    cost: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let refused = |fault| mail::refusal(fault, Word::BadAction);
        engine.require_mail().map_err(refused)?;
        let site =
            params.get("site").ok_or_else(|| Refusal::new(Word::BadSite, "the parameter site is missing"))?;
        let offers = engine.mail_domains(&caller, site).await.map_err(refused)?;
        Ok(mail::ok(Domains { zones: rows(&offers.zones), popular: rows(&offers.popular) }))
    })
}

fn rows(offers: &[MailOffer]) -> Vec<Row<'_>> {
    offers.iter().map(row).collect()
}

fn row(offer: &MailOffer) -> Row<'_> {
    Row { name: &offer.name, cost: json_number(offer.price.amount), count: offer.count }
}
