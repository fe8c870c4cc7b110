//! Mail addresses and partner products as sms-activate sells them ("API Почты", "API Партнёрский софт"). The
//! document is silent on what is answered while no mail has come (here: nothing in `value`, as in its
//! getMailHistory), on what the states in getMailHistory are called, and on most errors; a purchase that was
//! cancelled is not found any more.

use serde_json::{Map, Number, Value, json};

use super::account::time;
use super::reply::{
    ACTIVATION_NOT_FOUND, BAD_ACTION, BAD_BALANCE, BAD_DATA, BAD_SITE, BLOCKED_SITE, MAIL_TYPE_ERROR,
    Outcome, Refusal, Reply,
};
use super::visit::Visit;
use crate::domain::{json_number, two_decimals};
use crate::mock::post::{MailShelf, Mailbox};
use crate::mock::want::BuyError;

fn ok(response: Value) -> Outcome {
    Ok(Reply::Json(json!({ "status": "OK", "response": response })))
}

/// getDomains.
pub(super) fn domains(visit: &Visit<'_>) -> Outcome {
    let Some(site) = visit.call.get("site").filter(|site| !site.is_empty()) else {
        return visit.blamed(BAD_SITE, "site is missing");
    };
    let (zones, popular) = visit.market().mail_offers(site).unwrap_or_default();
    let rows = |shelves: Vec<MailShelf>| shelves.iter().map(offer).collect::<Value>();
    ok(json!({ "zones": rows(zones), "popular": rows(popular) }))
}

fn offer(shelf: &MailShelf) -> Value {
    let mut row = Map::new();
    row.insert("name".to_owned(), shelf.name.into());
    row.insert("cost".to_owned(), json_number(shelf.price));
    if let Some(count) = shelf.count {
        row.insert("count".to_owned(), count.into());
    }
    Value::Object(row)
}

/// buyMailActivation.
pub(super) fn buy(visit: &Visit<'_>) -> Outcome {
    let zone = match visit.call.get("mail_type") {
        Some("1") => true,
        Some("2") => false,
        other => return visit.blamed(MAIL_TYPE_ERROR, &format!("mail_type is {other:?}, not 1 or 2")),
    };
    let named = |name: &str| visit.call.get(name).filter(|text| !text.is_empty());
    let (Some(site), Some(domain)) = (named("site"), named("mail_domain")) else {
        return visit.blamed(BAD_ACTION, "site or mail_domain is missing");
    };
    sold(&visit.market().buy_mailbox(site, zone, domain).map_err(refusal)?)
}

/// reorderMailActivation.
pub(super) fn reorder(visit: &Visit<'_>) -> Outcome {
    let mailbox = mailbox(visit)?;
    sold(&visit.market().buy_mailbox_again(&mailbox.id).map_err(refusal)?)
}

fn sold(mailbox: &Mailbox) -> Outcome {
    ok(json!({ "email": mailbox.email, "id": number(mailbox) }))
}

fn refusal(error: BuyError) -> Refusal {
    match error {
        BuyError::Unsupported => BLOCKED_SITE,
        BuyError::NoStock | BuyError::TooDear(_) => MAIL_TYPE_ERROR,
        BuyError::NoFunds => BAD_BALANCE,
    }
}

/// getMailHistory.
pub(super) fn history(visit: &Visit<'_>) -> Outcome {
    let mut mailboxes = visit.market().mailboxes();
    if visit.call.get("sort") != Some("asc") {
        mailboxes.reverse();
    }
    let search = visit.call.get("search").unwrap_or_default();
    mailboxes.retain(|mailbox| mailbox.email.contains(search));
    let whole = |name: &str, usual: usize| match visit.call.get(name).map(str::parse::<usize>) {
        None => Ok(usual),
        Some(Ok(number)) if number > 0 => Ok(number),
        Some(_) => visit.blamed(BAD_ACTION, &format!("{name} is no number")),
    };
    let (page, per_page) = (whole("page", 1)?, whole("per_page", 10)?);
    let rows = mailboxes.iter().skip((page - 1) * per_page).take(per_page).map(row).collect::<Value>();
    let (pages, count) = (mailboxes.len().div_ceil(per_page), mailboxes.len());
    ok(json!({ "list": rows, "pages": pages, "count": count }))
}

fn row(mailbox: &Mailbox) -> Value {
    json!({
        "id": mailbox.id,
        "site": mailbox.site,
        "email": mailbox.email,
        "status": match (mailbox.cancelled, &mailbox.code) {
            (true, _) => "8",
            (false, Some(_)) => "6",
            (false, None) => "3",
        },
        "value": mailbox.text(),
        "cost": two_decimals(mailbox.price),
        "date": time(mailbox.bought_at),
        "full_message": mailbox.text().unwrap_or_default(),
    })
}

/// cancelMailActivation.
pub(super) fn cancel(visit: &Visit<'_>) -> Outcome {
    let mailbox = living(visit)?;
    visit.market().cancel_mailbox(&mailbox.id).map_err(|_| BAD_ACTION)?;
    ok(Value::Bool(true))
}

/// checkMailActivation.
pub(super) fn check(visit: &Visit<'_>) -> Outcome {
    let mailbox = living(visit)?;
    let mut response = json!({ "value": mailbox.text() });
    if visit.house.quirks.extra_fields {
        response["full_message"] = json!(mailbox.text().unwrap_or_default());
    }
    ok(response)
}

/// buyPartnerProduct.
pub(super) fn product(visit: &Visit<'_>) -> Outcome {
    let Some(number) = visit.call.get("productId").and_then(|text| text.parse().ok()) else {
        return visit.blamed(BAD_DATA, "productId is no number");
    };
    // Which word says that the money does not suffice is not documented.
    let sold = visit.market().sell_product(number).map_err(|error| match error {
        BuyError::NoFunds => BAD_BALANCE,
        _ => BAD_DATA,
    })?;
    Ok(Reply::Json(json!({ "status": "success", "key": sold.key, "manual": sold.manual })))
}

fn mailbox(visit: &Visit<'_>) -> Result<Mailbox, Refusal> {
    let id = visit.call.get("id").unwrap_or_default();
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return visit.blamed(ACTIVATION_NOT_FOUND, &format!("id {id:?} is not a number"));
    }
    visit.market().mailbox(id).ok_or(ACTIVATION_NOT_FOUND)
}

fn living(visit: &Visit<'_>) -> Result<Mailbox, Refusal> {
    let mailbox = mailbox(visit)?;
    if mailbox.cancelled { Err(ACTIVATION_NOT_FOUND) } else { Ok(mailbox) }
}

/// An id where the document shows a number.
fn number(mailbox: &Mailbox) -> Value {
    mailbox.id.parse::<Number>().map_or(Value::Null, Value::Number)
}
