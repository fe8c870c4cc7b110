//! The statements of purchases whose price was not known when they were made. Knows neither threads nor
//! transactions; the caller provides both.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::failure::Failure;
use super::rows;
use crate::domain::{ActivationId, Money};
use crate::ledger::Intent;

pub(super) const UNPRICED: &str =
    "SELECT id, owner, provider, service, country, wish, stake, stake_currency, intended_at
     FROM activations WHERE stage = 'settled' AND price IS NULL AND bought_at >= ?1 ORDER BY bought_at";

/// What was bought since then at a price that is not known, oldest first.
pub(super) fn unpriced(
    connection: &Connection,
    since: Timestamp,
) -> Result<Vec<(ActivationId, Intent)>, Failure> {
    let mut query = connection.prepare_cached(UNPRICED)?;
    let mut found = query.query([since.as_millisecond()])?;
    let mut unpriced = Vec::new();
    while let Some(row) = found.next()? {
        unpriced.push((rows::id(row)?, rows::intent(row)?));
    }
    Ok(unpriced)
}

/// Notes a price that was not known; one that is known stays.
pub(super) fn note(connection: &Connection, id: ActivationId, price: &Money) -> Result<(), Failure> {
    let mut update = connection.prepare_cached(
        "UPDATE activations SET price = ?2, currency = ?3
         WHERE id = ?1 AND stage = 'settled' AND price IS NULL",
    )?;
    update.execute(params![id.get(), price.amount.to_string(), price.currency.as_str()])?;
    Ok(())
}
