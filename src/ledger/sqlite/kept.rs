//! The statements of what a client did not receive. Knows neither threads nor transactions; the caller provides
//! both.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::failure::Failure;
use super::{activations, purchases, rows};
use crate::domain::{Activation, ActivationId};
use crate::ledger::Unmet;

/// Notes what was bought for a client that is gone.
pub(super) fn settle(
    connection: &Connection,
    activations: &[Activation],
    until: Timestamp,
) -> Result<(), Failure> {
    for activation in activations {
        purchases::settle(connection, activation)?;
        mark(connection, activation.id, Some(until))?;
    }
    Ok(())
}

/// Notes until when these are kept, or that they are not.
pub(super) fn mark_all(
    connection: &Connection,
    ids: &[ActivationId],
    until: Option<Timestamp>,
) -> Result<(), Failure> {
    ids.iter().try_for_each(|id| mark(connection, *id, until))
}

fn mark(connection: &Connection, id: ActivationId, until: Option<Timestamp>) -> Result<(), Failure> {
    let mut update = connection.prepare_cached("UPDATE activations SET kept_until = ?2 WHERE id = ?1")?;
    update.execute(params![id.get(), until.map(Timestamp::as_millisecond)])?;
    Ok(())
}

pub(super) const UNMET: &str =
    "SELECT id, owner, provider, service, country, wish, stake, stake_currency, intended_at, kept_until
     FROM activations WHERE kept_until IS NOT NULL AND stage = 'settled' ORDER BY id";

/// Everything that is kept, by id.
pub(super) fn unmet(connection: &Connection) -> Result<Vec<Unmet>, Failure> {
    let mut query = connection.prepare_cached(UNMET)?;
    let mut found = query.query([])?;
    let mut unmet = Vec::new();
    while let Some(row) = found.next()? {
        let (id, until) = (rows::id(row)?, rows::time(row, "kept_until")?);
        let intent = rows::intent(row)?;
        if let Some(activation) = activations::find(connection, id)? {
            unmet.push(Unmet { intent, activation, until });
        }
    }
    Ok(unmet)
}
