//! `smsbridge orders`: prints what the ledger has of orders, those in doubt above all. Looks into the ledger of a
//! running server too, and changes nothing. Prints no key, no message, and of a number the last digits.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Args;
use rust_decimal::Decimal;
use serde::Serialize;

use super::say::say;
use super::{Common, fail};
use crate::clock::{Clock, SystemClock};
use crate::domain::{Currency, Owner};
use crate::ledger::LedgerError;
use crate::ledger::sqlite::{OrderLine, Reading};

/// How many digits of a number are shown.
const SHOWN: usize = 4;

/// How many characters of the mark of a client that is known by its key.
const MARK: usize = Owner::BY_KEY.len() + 8;

/// What is to be printed, and how.
#[derive(Debug, Args)]
pub struct Options {
    /// Only purchases of which nobody knows whether they were made, with what is at stake
    #[arg(long)]
    unknown: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
}

/// An order, as it is printed. The names are kept.
#[derive(Debug, Serialize)]
struct Line {
    /// smsbridge's own id.
    id: i64,
    /// `number`, `rent`, `mail` or `product`.
    kind: String,
    /// `intended`, `settled`, `released` or `unknown`.
    stage: String,
    /// Where it stands, once it was bought.
    state: Option<String>,
    /// The provider's name in the configuration.
    provider: String,
    /// The service, the site, or the product's number.
    what: String,
    country: Option<u16>,
    /// When it was ordered, in UTC.
    at: String,
    /// The client's name, or the beginning of its mark.
    owner: String,
    /// A decimal as text: what was charged, or what was expected to be.
    amount: Option<String>,
    currency: Option<String>,
    /// The provider's own id, once it was bought.
    upstream_id: Option<String>,
    /// All but the last digits as asterisks.
    phone: Option<String>,
    /// Why it was released or is unknown.
    reason: Option<String>,
}

#[derive(Debug, Serialize)]
struct Report {
    orders: Vec<Line>,
    count: usize,
    /// With `--unknown`: what these may have cost in all, by currency; some may have no known amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_stake: Option<BTreeMap<String, String>>,
}

/// Prints them.
pub fn run(common: &Common, options: &Options) -> ExitCode {
    let config = match common.load() {
        Ok(config) => config,
        Err(code) => return code,
    };
    match read(&config.ledger.url, options) {
        Ok(orders) => {
            say(&written(&orders, options));
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error.to_string()),
    }
}

fn read(url: &str, options: &Options) -> Result<Vec<OrderLine>, LedgerError> {
    let ledger = Reading::open(url)?;
    match options.unknown {
        true => ledger.unknown(SystemClock::new().now(), options.limit),
        false => ledger.latest(options.limit),
    }
}

fn written(orders: &[OrderLine], options: &Options) -> String {
    let at_stake = options.unknown.then(|| at_stake(orders));
    let lines: Vec<_> = orders.iter().map(Line::of).collect();
    if options.json {
        let report = Report { count: lines.len(), orders: lines, at_stake };
        return serde_json::to_string_pretty(&report).unwrap_or_default();
    }
    if lines.is_empty() {
        return if options.unknown { "no purchase is in doubt" } else { "there are no orders" }.to_owned();
    }
    let mut text: Vec<_> = lines.iter().map(Line::text).collect();
    text.extend(at_stake.map(|sums| {
        let sums: Vec<_> = sums.iter().map(|(currency, sum)| format!("{sum} {currency}")).collect();
        let sums = if sums.is_empty() { "an unknown amount".to_owned() } else { sums.join(", ") };
        format!("in doubt: {}, at stake: {sums}", lines.len())
    }));
    text.join("\n")
}

fn at_stake(orders: &[OrderLine]) -> BTreeMap<String, String> {
    let mut sums = BTreeMap::<Currency, Decimal>::new();
    for amount in orders.iter().filter_map(|order| order.amount) {
        *sums.entry(amount.currency).or_default() += amount.amount;
    }
    sums.into_iter().map(|(currency, sum)| (currency.to_string(), sum.to_string())).collect()
}

impl Line {
    fn of(order: &OrderLine) -> Self {
        let order = order.clone();
        Self {
            id: order.id.get(),
            kind: order.kind,
            state: order.state,
            provider: order.seller.split('/').next().unwrap_or_default().to_owned(),
            what: order.what,
            country: order.country,
            at: order.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            owner: shown_owner(&order.owner),
            amount: order.amount.map(|money| money.amount.to_string()),
            currency: order.amount.map(|money| money.currency.to_string()),
            upstream_id: order.upstream_id,
            phone: order.phone.as_deref().map(masked),
            reason: order.reason.or_else(|| {
                (order.stage == "intended").then(|| "no answer of the provider is written down".to_owned())
            }),
            stage: order.stage,
        }
    }

    fn text(&self) -> String {
        let or_dash = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
        let place = self.country.map_or_else(String::new, |country| format!(" in {country}"));
        let amount = match (&self.amount, &self.currency) {
            (Some(amount), Some(currency)) => format!("{amount} {currency}"),
            _ => "price unknown".to_owned(),
        };
        let stands = self.state.as_deref().unwrap_or(&self.stage);
        let mut text = format!(
            "{}  {}  {}  {} {}{place}  {}  {amount}  {stands}  {}",
            self.id,
            self.at,
            self.provider,
            self.kind,
            self.what,
            self.owner,
            or_dash(&self.phone)
        );
        if let Some(reason) = &self.reason {
            text.push_str(&format!("\n    {reason}"));
        }
        text
    }
}

/// A client's name; of a mark made from a key, as much as a log shows.
fn shown_owner(owner: &Owner) -> String {
    if owner.has_own_account() { owner.0.chars().take(MARK).collect() } else { owner.0.clone() }
}

fn masked(phone: &str) -> String {
    let hidden = phone.len().saturating_sub(SHOWN);
    let shown: String = phone.chars().skip(hidden).collect();
    format!("{}{shown}", "*".repeat(hidden))
}

#[cfg(test)]
#[path = "orders_tests.rs"]
mod tests;
