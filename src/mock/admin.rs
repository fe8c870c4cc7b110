//! The stand-in's own pages under `/_mock/`, for those who run it as a process of its own: what
//! happened so far, and the strings a test pulls. Knows no provider.

use std::time::Duration;

use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::call::{Answer, Call};
use super::faults::{FaultPlan, Mishap};
use super::server::Shared;
use super::want::{Scope, Special};
use crate::domain::two_decimals;

/// Why a page could not be had.
enum Wrong {
    /// There is none of that name and method.
    Page,
    /// A parameter is missing or wrong; what it should be.
    Parameter(&'static str),
    /// The market said no.
    Refused(String),
}

pub(super) fn answer(page: &str, call: &Call, shared: &Shared) -> Answer {
    match run(call.method.as_str(), page.trim_end_matches('/'), call, shared) {
        Ok(value) => Answer::json(&value),
        Err(Wrong::Page) => complaint(404, "no such page"),
        Err(Wrong::Parameter(text)) => complaint(400, text),
        Err(Wrong::Refused(text)) => complaint(409, &text),
    }
}

fn complaint(status: u16, text: &str) -> Answer {
    Answer::json(&json!({ "error": text })).with_status(status)
}

fn run(method: &str, page: &str, call: &Call, shared: &Shared) -> Result<Value, Wrong> {
    match (method, page) {
        ("GET", "violations") => Ok(json!(shared.journal.violations())),
        ("GET", "requests") => Ok(json!(shared.journal.requests())),
        ("GET", "calls") => Ok(json!(shared.journal.calls())),
        ("GET", "totals") => Ok(totals(shared)),
        ("GET", "lots") => Ok(lots(shared)),
        ("POST", "clock") => advance(call, shared),
        ("POST", "fault") => fault(call, shared),
        ("POST", "deliver") => deliver(call, shared),
        ("POST", "market") => change(call, shared),
        _ => Err(Wrong::Page),
    }
}

fn totals(shared: &Shared) -> Value {
    let totals = shared.market.totals();
    json!({
        "credited": two_decimals(totals.credited),
        "balance": two_decimals(totals.balance),
        "spent": two_decimals(totals.spent),
        "refunded": two_decimals(totals.refunded),
        "charged": two_decimals(totals.charged),
        "purchases": totals.purchases,
    })
}

fn lots(shared: &Shared) -> Value {
    let lots = shared.market.lots().into_iter().map(|lot| {
        json!({
            "id": lot.id,
            "country": lot.country,
            "service": lot.service,
            "operator": lot.operator,
            "phone": lot.phone,
            "price": two_decimals(lot.price),
            "state": format!("{:?}", lot.state).to_lowercase(),
            "boughtAt": lot.bought_at.to_string(),
            "expiresAt": lot.expires_at.to_string(),
            "codes": lot.messages.iter().map(|message| message.code.as_str()).collect::<Vec<_>>(),
        })
    });
    lots.collect()
}

fn advance(call: &Call, shared: &Shared) -> Result<Value, Wrong> {
    let by = duration(call, "advance")?.ok_or(Wrong::Parameter("advance is a duration, as 130s"))?;
    shared.clock.advance(by);
    Ok(json!({ "now": shared.market.now().to_string() }))
}

fn fault(call: &Call, shared: &Shared) -> Result<Value, Wrong> {
    let delay = duration(call, "for")?.unwrap_or(Duration::from_secs(1));
    let mishap = Mishap::parse(call.get("kind").unwrap_or_default(), delay).ok_or(Wrong::Parameter(
        "kind is latency, late-answer, drop-before, drop-after, http500, http502, http429, cut or empty",
    ))?;
    let times = call.get("times").map_or(Ok(1), str::parse);
    let times = times.map_err(|_| Wrong::Parameter("times is a whole number"))?;
    let actions = call.get("action").map(str::to_owned).into_iter().collect();
    shared.faults.order(FaultPlan { mishap, actions, times });
    Ok(done())
}

fn deliver(call: &Call, shared: &Shared) -> Result<Value, Wrong> {
    let id = call.get("id").ok_or(Wrong::Parameter("id is missing"))?;
    let code = call.get("code").ok_or(Wrong::Parameter("code is missing"))?;
    let text = call.get("text").map_or_else(|| format!("Your code is {code}"), str::to_owned);
    shared.market.deliver(id, code, &text).map_err(|error| Wrong::Refused(error.to_string()))?;
    Ok(done())
}

/// Reads everything before it changes anything.
fn change(call: &Call, shared: &Shared) -> Result<Value, Wrong> {
    let amount = |name| call.get(name).map(Decimal::from_str_exact).transpose();
    let amounts = amount("balance").and_then(|balance| Ok((balance, amount("price")?)));
    let (balance, price) = amounts.map_err(|_| Wrong::Parameter("an amount is a decimal, as 12.50"))?;
    let stock = call.get("stock").map(str::parse).transpose();
    let stock = stock.map_err(|_| Wrong::Parameter("stock is a whole number"))?;
    let (country, service) = (call.get("country"), call.get("service"));
    let special = call.get("special").map(|word| Ok((scope(country, service)?, special(word, call)?)));
    let special = special.transpose()?;
    if stock.is_some() || price.is_some() {
        let (Some(country), Some(service)) = (country, service) else {
            return Err(Wrong::Parameter("stock and price need a country and a service"));
        };
        if let Some(stock) = stock {
            shared.market.set_stock(country, service, stock);
        }
        if let Some(price) = price {
            shared.market.set_price(country, service, price);
        }
    }
    if let Some(balance) = balance {
        shared.market.set_balance(balance);
    }
    if let Some((scope, special)) = special {
        shared.market.declare(scope, special);
    }
    Ok(done())
}

fn scope(country: Option<&str>, service: Option<&str>) -> Result<Scope, Wrong> {
    match (service, country) {
        (Some(service), None) => Ok(Scope::Service(service.to_owned())),
        (None, Some(country)) => Ok(Scope::Country(country.to_owned())),
        _ => Err(Wrong::Parameter("special needs either a service or a country")),
    }
}

fn special(word: &str, call: &Call) -> Result<Special, Wrong> {
    match word {
        "out-of-stock" => Ok(Special::OutOfStock),
        "no-funds" => Ok(Special::NoFunds),
        "no-message" => Ok(Special::NoMessage),
        "unsupported" => Ok(Special::Unsupported),
        "first-after" => duration(call, "after")?
            .map(Special::FirstAfter)
            .ok_or(Wrong::Parameter("first-after needs after, as 60s")),
        _ => {
            Err(Wrong::Parameter("special is out-of-stock, no-funds, no-message, unsupported or first-after"))
        }
    }
}

fn duration(call: &Call, name: &str) -> Result<Option<Duration>, Wrong> {
    let Some(text) = call.get(name) else { return Ok(None) };
    let signed = text.parse::<SignedDuration>().ok();
    let read = signed.and_then(|signed| Duration::try_from(signed).ok());
    read.map(Some).ok_or(Wrong::Parameter("a duration is written as 130s, 2m or 1h30m"))
}

fn done() -> Value {
    Value::Object(Map::from_iter([("ok".to_owned(), Value::Bool(true))]))
}
