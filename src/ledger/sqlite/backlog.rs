//! What is left to be done, and whether anything can be written. Knows neither threads nor transactions; the
//! caller provides both.

use rusqlite::{Connection, Row};

use super::failure::Failure;
use super::schema::FORMAT;
use crate::domain::{Currency, Money};
use crate::ledger::{Left, Stake};

/// Purchases in doubt, whatever was to be bought. Each condition is written so that the table's partial index is
/// used.
pub(super) const DOUBTS: &str = "SELECT provider, stake, stake_currency FROM activations
         WHERE stage IN ('intended', 'unknown') AND stage = 'unknown'
     UNION ALL SELECT provider, price, currency FROM mails
         WHERE stage IN ('intended', 'unknown') AND stage = 'unknown'
     UNION ALL SELECT provider, price, currency FROM products
         WHERE stage IN ('intended', 'unknown') AND stage = 'unknown'";

/// Counts what is left.
pub(super) fn left(connection: &Connection) -> Result<Left, Failure> {
    let mut count = connection.prepare_cached("SELECT count(*) FROM deliveries")?;
    let deliveries: i64 = count.query_row([], |row| row.get(0))?;
    let mut query = connection.prepare_cached(DOUBTS)?;
    let mut found = query.query([])?;
    let mut doubts = Vec::new();
    while let Some(row) = found.next()? {
        doubts.push(stake(row)?);
    }
    Ok(Left { deliveries: u64::try_from(deliveries).unwrap_or(0), doubts })
}

fn stake(row: &Row<'_>) -> Result<Stake, Failure> {
    let (amount, currency): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
    let price = amount.zip(currency).and_then(|(amount, currency)| {
        Some(Money { amount: amount.parse().ok()?, currency: Currency::parse(&currency).ok()? })
    });
    Ok(Stake { provider: row.get(0)?, price })
}

/// Writes the number of the format once more: the smallest thing that reaches the disk.
pub(super) fn probe(connection: &Connection) -> Result<(), Failure> {
    Ok(connection.pragma_update(None, "user_version", FORMAT)?)
}
