//! The statements that tell what purchases have cost. Knows neither threads nor transactions; the caller provides
//! both.

use jiff::Timestamp;
use rusqlite::Connection;

use super::failure::Failure;
use super::rows;
use crate::domain::Owner;
use crate::ledger::Charge;

/// Of each table what was bought, then what may have been. A cancelled purchase was refunded.
pub(super) const QUERIES: [&str; 6] = [
    "SELECT id, owner, provider, price AS amount, currency, bought_at AS at, state = 'expired' AS expired
     FROM activations WHERE stage = 'settled' AND bought_at >= ?1 AND state <> 'cancelled'",
    "SELECT id, owner, provider, stake AS amount, stake_currency AS currency, intended_at AS at, 0 AS expired
     FROM activations WHERE stage IN ('intended', 'unknown') AND stage = 'unknown' AND intended_at >= ?1",
    "SELECT id, owner, provider, price AS amount, currency, bought_at AS at, 0 AS expired
     FROM mails WHERE stage = 'settled' AND bought_at >= ?1 AND state <> 'cancelled'",
    "SELECT id, owner, provider, NULL AS amount, NULL AS currency, intended_at AS at, 0 AS expired
     FROM mails WHERE stage IN ('intended', 'unknown') AND stage = 'unknown' AND intended_at >= ?1",
    "SELECT id, owner, provider, price AS amount, currency, bought_at AS at, 0 AS expired
     FROM products WHERE stage = 'settled' AND bought_at >= ?1",
    "SELECT id, owner, provider, NULL AS amount, NULL AS currency, intended_at AS at, 0 AS expired
     FROM products WHERE stage IN ('intended', 'unknown') AND stage = 'unknown' AND intended_at >= ?1",
];

/// Everything that costs since `from`.
pub(super) fn since(connection: &Connection, from: Timestamp) -> Result<Vec<Charge>, Failure> {
    let mut charges = Vec::new();
    for text in QUERIES {
        let mut query = connection.prepare(text)?;
        let mut found = query.query([from.as_millisecond()])?;
        while let Some(row) = found.next()? {
            charges.push(Charge {
                id: rows::id(row)?,
                owner: Owner(row.get("owner")?),
                provider: row.get("provider")?,
                amount: rows::money(row, "amount", "currency")?,
                at: rows::time(row, "at")?,
                expired: row.get("expired")?,
            });
        }
    }
    Ok(charges)
}
