//! `[dialect]`: the currency that clients are told amounts in, and what others are worth. Knows no
//! provider; whether a rate is missing is judged where the accounts' currencies are known as well.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::error::Problem;
use super::keys;
use super::reader::{Node, Table};
use super::report::Report;
use crate::domain::Currency;
use crate::provider::OptionKind;

/// The currency that clients are told amounts in, and what others are worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialectConfig {
    /// The currency of every amount in the dialect.
    pub currency: Currency,
    /// How much of it one of each other currency is: above zero, with at most twelve digits and as many
    /// decimals; never one of the currency itself.
    pub rates: BTreeMap<Currency, Decimal>,
}

/// A rate's digits and decimals: few enough for every product with an amount to be exact.
const DIGITS: u32 = 12;

/// Reads `[dialect]`. It is `None` when the currency cannot be told; a rate that is wrong is left out.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> Option<DialectConfig> {
    let table = root.table("dialect", report)?;
    table.refuse_unknown(keys::DIALECT, report);
    let currency = table.get("currency")?.currency(report);
    let rates = table.table("rates", report);
    let entries: Vec<_> = rates.iter().flat_map(Table::entries).collect();
    let read = |(name, node): &(&str, Node<'_>)| Some((key(name, node, report)?, rate(node, report)?));
    let rates: Vec<(Currency, Decimal)> = entries.iter().filter_map(read).collect();
    for (name, node) in &entries {
        if currency.is_some_and(|currency| currency.as_str() == *name) {
            node.fail(report, Problem::OwnRate);
        }
    }
    Some(DialectConfig { currency: currency?, rates: rates.into_iter().collect() })
}

/// In capitals, so that there is but one spelling for file, environment and `check`.
fn key(name: &str, node: &Node<'_>, report: &mut Report) -> Option<Currency> {
    let currency = Currency::parse(name).ok();
    if let Some(currency) = currency.filter(|currency| currency.as_str() == name) {
        return Some(currency);
    }
    let suggestion = currency.map(|currency| currency.to_string());
    let known = "currencies by their three letters, as USD".to_owned();
    node.fail(report, Problem::UnknownKey { suggestion, known });
    None
}

fn rate(node: &Node<'_>, report: &mut Report) -> Option<Decimal> {
    let text = node.plain(OptionKind::Amount, report)?;
    let rate = Decimal::from_str_exact(&text).ok().filter(|rate| {
        let plain = rate.normalize();
        plain > Decimal::ZERO && plain.scale() <= DIGITS && plain.mantissa() < 10_i128.pow(DIGITS)
    });
    if rate.is_none() {
        let right =
            format!("an amount above zero of at most {DIGITS} digits and as many decimals, as \"92.50\"");
        node.fail(report, Problem::Unsuitable(right));
    }
    rate
}
