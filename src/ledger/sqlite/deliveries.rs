//! The statements of deliveries: messages that an address has still to get. Knows neither threads nor
//! transactions; the caller provides both.

use rusqlite::{Connection, params};

use super::failure::Failure;
use super::rows;
use crate::domain::ActivationId;
use crate::ledger::{Delivery, DueQuery, Outbox};

/// In milliseconds, longer than any delivery is ever put off. One that is due later than this was put off before the
/// clock was set back, and is due.
const NO_PAUSE: i64 = 2 * 3600 * 1000;

/// Of each activation and address only the oldest message: the next one waits for it. Of each address only
/// so many, so that one with much to get does not crowd out the others.
pub(super) const DUE: &str = "SELECT activation, url, seq, queued_at, tries FROM (
         SELECT activation, url, seq, queued_at, due_at, tries,
                row_number() OVER (PARTITION BY url ORDER BY due_at, activation) AS place
         FROM deliveries AS one
         WHERE (due_at <= ?1 OR due_at > ?4) AND NOT EXISTS (
             SELECT 1 FROM deliveries AS earlier
             WHERE earlier.activation = one.activation AND earlier.url = one.url AND earlier.seq < one.seq))
     WHERE place <= ?2 ORDER BY place, due_at LIMIT ?3";

/// Queues a message for each of the addresses.
pub(super) fn queue(
    connection: &Connection,
    activation: ActivationId,
    seq: i64,
    outbox: &Outbox,
) -> Result<(), Failure> {
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO deliveries (activation, url, seq, queued_at, due_at) VALUES (?1, ?2, ?3, ?4, ?4)",
    )?;
    for url in &outbox.urls {
        insert.execute(params![activation.get(), url, seq, outbox.at.as_millisecond()])?;
    }
    Ok(())
}

/// What is due, each address's oldest first.
pub(super) fn due(connection: &Connection, asked: &DueQuery) -> Result<Vec<Delivery>, Failure> {
    let mut query = connection.prepare_cached(DUE)?;
    let now = asked.now.as_millisecond();
    let mut found =
        query.query(params![now, asked.per_address, asked.limit, now.saturating_add(NO_PAUSE)])?;
    let mut due = Vec::new();
    while let Some(row) = found.next()? {
        due.push(rows::delivery(row)?);
    }
    Ok(due)
}

/// Notes how often a delivery was tried, and when it is due again.
pub(super) fn postpone(connection: &Connection, delivery: &Delivery, due_at: i64) -> Result<(), Failure> {
    let mut update = connection.prepare_cached(
        "UPDATE deliveries SET tries = ?4, due_at = ?5 WHERE activation = ?1 AND url = ?2 AND seq = ?3",
    )?;
    let (id, seq) = (delivery.activation.get(), rows::count(delivery.seq));
    update.execute(params![id, delivery.url, seq, delivery.tries, due_at])?;
    Ok(())
}

/// Forgets a delivery: the address has it, or it is given up.
pub(super) fn close(connection: &Connection, delivery: &Delivery) -> Result<(), Failure> {
    let mut delete = connection
        .prepare_cached("DELETE FROM deliveries WHERE activation = ?1 AND url = ?2 AND seq = ?3")?;
    delete.execute(params![delivery.activation.get(), delivery.url, rows::count(delivery.seq)])?;
    Ok(())
}
