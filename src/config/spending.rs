//! `[spending]`: how much may be spent, in all and by each client. Knows no provider and no rate: every amount is in
//! the currency of the dialect.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::error::Problem;
use super::keys;
use super::reader::{Node, Table};
use super::report::Report;
use crate::provider::OptionKind;

/// An amount's digits and decimals, as a rate's: few enough for every sum to be exact.
const DIGITS: u32 = 12;

/// How much may be spent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpendingConfig {
    /// By all clients together.
    pub total: SpendingLimits,
    /// By each client, where nothing else is said of that one.
    pub each_client: SpendingLimits,
    /// By the clients that have limits of their own, by their names.
    pub clients: BTreeMap<String, SpendingLimits>,
}

impl SpendingConfig {
    /// What holds for the client of this name: its own, else what holds for each.
    pub fn of(&self, client: &str) -> SpendingLimits {
        let own = self.clients.get(client).cloned().unwrap_or_default();
        SpendingLimits {
            max_price: own.max_price.or(self.each_client.max_price),
            per_hour: own.per_hour.or(self.each_client.per_hour),
            per_day: own.per_day.or(self.each_client.per_day),
            open_activations: own.open_activations.or(self.each_client.open_activations),
        }
    }

    /// Whether anything is limited at all.
    pub fn is_off(&self) -> bool {
        let none = SpendingLimits::default();
        self.total == none && self.each_client == none && self.clients.values().all(|own| *own == none)
    }
}

/// What must not be exceeded; what is not there is not limited. Amounts are in the currency of the dialect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpendingLimits {
    /// By the price of one purchase.
    pub max_price: Option<Decimal>,
    /// By what was spent in any hour.
    pub per_hour: Option<Decimal>,
    /// By what was spent in any 24 hours.
    pub per_day: Option<Decimal>,
    /// By how many activations and rents are open at a time.
    pub open_activations: Option<u32>,
}

/// Reads `[spending]` and the limits in `[clients.key.NAME]`.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> SpendingConfig {
    let table = root.get("spending").and_then(|node| node.table(report));
    if let Some(table) = &table {
        table.refuse_unknown(keys::SPENDING, report);
    }
    let each = table.as_ref().and_then(|table| table.table("each_client", report));
    if let Some(each) = &each {
        each.refuse_unknown(keys::SPENDING_LIMITS, report);
    }
    let limits = |table: Option<&Table<'_>>, report: &mut Report| {
        table.map(|table| limits(table, report)).unwrap_or_default()
    };
    let (total, each_client) = (limits(table.as_ref(), report), limits(each.as_ref(), report));
    // Whatever is wrong with the keys themselves is said where those are read.
    let named = root.find(&["clients", "key"]).and_then(|node| node.as_table());
    let mut clients = BTreeMap::new();
    for (name, node) in named.iter().flat_map(Table::entries) {
        let own = limits(node.as_table().as_ref(), report);
        if own != SpendingLimits::default() {
            clients.insert(name.to_owned(), own);
        }
    }
    SpendingConfig { total, each_client, clients }
}

fn limits(table: &Table<'_>, report: &mut Report) -> SpendingLimits {
    SpendingLimits {
        max_price: table.get("max_price").and_then(|node| amount(&node, report)),
        per_hour: table.get("per_hour").and_then(|node| amount(&node, report)),
        per_day: table.get("per_day").and_then(|node| amount(&node, report)),
        open_activations: table.get("open_activations").and_then(|node| count(&node, report)),
    }
}

fn amount(node: &Node<'_>, report: &mut Report) -> Option<Decimal> {
    let text = node.plain(OptionKind::Amount, report)?;
    let amount = Decimal::from_str_exact(&text).ok().filter(|amount| {
        let plain = amount.normalize();
        plain >= Decimal::ZERO && plain.scale() <= DIGITS && plain.mantissa() < 10_i128.pow(DIGITS)
    });
    if amount.is_none() {
        let right = format!(
            "an amount in the currency of the dialect, 0 or more and of at most {DIGITS} digits, as \"500.00\""
        );
        node.fail(report, Problem::Unsuitable(right));
    }
    amount
}

fn count(node: &Node<'_>, report: &mut Report) -> Option<u32> {
    let text = node.plain(OptionKind::Integer, report)?;
    let count = text.parse().ok();
    if count.is_none() {
        node.fail(report, Problem::Unsuitable(format!("a whole number up to {}", u32::MAX)));
    }
    count
}
