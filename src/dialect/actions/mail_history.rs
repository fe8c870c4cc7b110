//! `getMailHistory`: the client's mail addresses, from the ledger's own records. Source: `api/sms-activate.txt`,
//! "Получить список активных покупок".
//!
//! Assumed, since the document has but one row and no words for it: the states are 3 while no mail has come (as in
//! that row), 6 once it has and 8 for what was given back, as the dialect numbers them elsewhere; what is over is
//! listed too; without `per_page` there are ten.

use std::sync::Arc;

use serde::Serialize;

use super::mail;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::reply::time;
use crate::dialect::{Action, Params, Path};
use crate::domain::{Mail, MailState, two_decimals};
use crate::engine::{Caller, Engine, MailSearch};
use crate::provider::Capability;

/// The client's mail addresses.
pub static ACTION: Action = Action {
    name: "getMailHistory",
    paths: &[Path::emulated(Capability::Mail)],
    refusal: Word::BadAction,
    answer,
};

const USUAL_PAGE: u32 = 10;
const LONGEST_PAGE: u32 = 100;

#[derive(Serialize)]
struct Page<'a> {
    list: Vec<Row<'a>>,
    pages: u64,
    count: u64,
}

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    site: &'a str,
    email: &'a str,
    status: &'static str,
    value: Option<&'a str>,
    cost: String,
    date: String,
    full_message: &'a str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let page = whole(&params, "page", 1)?;
        let per_page = whole(&params, "per_page", USUAL_PAGE)?.min(LONGEST_PAGE);
        let search = MailSearch {
            text: params.get("search").unwrap_or_default().to_owned(),
            oldest_first: params.get("sort").is_some_and(|sort| sort.eq_ignore_ascii_case("asc")),
            skip: u64::from(page - 1) * u64::from(per_page),
            limit: per_page,
        };
        let found = engine.mail_history(&caller, search).await;
        let found = found.map_err(|fault| mail::refusal(fault, Word::BadAction))?;
        let pages = found.count.div_ceil(u64::from(per_page));
        Ok(mail::ok(Page { list: found.mails.iter().map(row).collect(), pages, count: found.count }))
    })
}

/// A whole number from 1 on.
fn whole(params: &Params, name: &str, usual: u32) -> Result<u32, Refusal> {
    let Some(text) = params.get(name) else { return Ok(usual) };
    let refused = || Refusal::new(Word::BadAction, format!("{name} is not a number from 1 on"));
    text.parse().ok().filter(|number| *number > 0).ok_or_else(refused)
}

fn row(bought: &Mail) -> Row<'_> {
    let letter = bought.letter.as_ref();
    let status = match bought.state {
        MailState::Waiting | MailState::Cancelling => "3",
        MailState::Received => "6",
        MailState::Cancelled => "8",
    };
    Row {
        id: bought.id.to_string(),
        site: &bought.order.site,
        email: bought.email.as_str(),
        status,
        value: letter.map(|letter| letter.value.as_str()),
        cost: two_decimals(bought.price.map(|price| price.amount).unwrap_or_default()),
        date: time(bought.bought_at),
        full_message: letter.map_or("", |letter| letter.full.as_deref().unwrap_or(&letter.value)),
    }
}
