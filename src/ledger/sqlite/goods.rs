//! The statements that purchases beside numbers share, whichever table they are in: the next id, released,
//! in doubt. Knows no column that only one of them has.

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::Failure;
use super::purchases::{LEFT_BEHIND, give_up_in};
use super::rows;
use crate::domain::{ActivationId, Owner};
use crate::ledger::GoodsDoubt;

/// A table of purchases.
#[derive(Debug, Clone, Copy)]
pub(super) enum Table {
    Mails,
    Products,
}

impl Table {
    const ALL: [Self; 2] = [Self::Mails, Self::Products];

    fn name(self) -> &'static str {
        match self {
            Self::Mails => "mails",
            Self::Products => "products",
        }
    }

    /// What one of them is, as an expression over its columns.
    fn what(self) -> &'static str {
        match self {
            Self::Mails => "'a mail address for ' || site",
            Self::Products => "'the partner product ' || number",
        }
    }
}

/// Gives the next id, of the numbering of activations.
pub(super) fn next_id(connection: &Connection) -> Result<ActivationId, Failure> {
    let mut update = connection.prepare_cached(
        "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'activations' RETURNING seq",
    )?;
    let raw = update.query_row([], |row| row.get(0))?;
    ActivationId::new(raw).ok_or(Failure::NoIds)
}

/// Notes that nothing was bought.
pub(super) fn release(connection: &Connection, id: ActivationId, reason: &str) -> Result<(), Failure> {
    note(connection, id, ("released", reason), "'intended', 'unknown', 'released'")
}

/// Notes that nobody knows whether something was bought.
pub(super) fn doubt(connection: &Connection, id: ActivationId, reason: &str) -> Result<(), Failure> {
    note(connection, id, ("unknown", reason), "'intended', 'unknown'")
}

fn note(
    connection: &Connection,
    id: ActivationId,
    (stage, reason): (&str, &str),
    from: &str,
) -> Result<(), Failure> {
    for table in Table::ALL {
        let mut update = connection.prepare_cached(&format!(
            "UPDATE {} SET stage = ?2, reason = ?3 WHERE id = ?1 AND stage IN ({from})",
            table.name()
        ))?;
        if update.execute(params![id.get(), stage, reason])? == 1 {
            return Ok(());
        }
    }
    let mut found = None;
    for table in Table::ALL {
        found = found.or(stage_of(connection, table, id)?);
    }
    Err(refusal(id, stage, found))
}

/// What stands against settling a purchase.
pub(super) fn refuse_settled(connection: &Connection, table: Table, id: ActivationId) -> Result<(), Failure> {
    Err(refusal(id, "bought", stage_of(connection, table, id)?))
}

fn refusal(id: ActivationId, wanted: &str, found: Option<String>) -> Failure {
    let reason = match found {
        Some(stage) => format!("it is to be noted as {wanted}, but was noted as {stage} before"),
        None => format!("it is to be noted as {wanted}, but was never intended"),
    };
    Failure::Conflict { id, reason }
}

fn stage_of(connection: &Connection, table: Table, id: ActivationId) -> Result<Option<String>, Failure> {
    let query = format!("SELECT stage FROM {} WHERE id = ?1", table.name());
    Ok(connection.query_row(&query, [id.get()], |row| row.get(0)).optional()?)
}

/// Puts into doubt what is still intended up to the id `last`, and lists every doubt, oldest first.
pub(super) fn take_up_doubts(connection: &Connection, last: i64) -> Result<Vec<GoodsDoubt>, Failure> {
    for table in Table::ALL {
        let name = table.name();
        connection.execute(
            &format!(
                "UPDATE {name} SET stage = 'unknown', reason = ?2
                 WHERE stage IN ('intended', 'unknown') AND stage = 'intended' AND id <= ?1"
            ),
            params![last, LEFT_BEHIND],
        )?;
    }
    doubts(connection)
}

/// Every doubt, oldest first.
pub(super) fn doubts(connection: &Connection) -> Result<Vec<GoodsDoubt>, Failure> {
    let mut doubts = Vec::new();
    for table in Table::ALL {
        let (name, what) = (table.name(), table.what());
        let mut query = connection.prepare(&format!(
            "SELECT id, owner, provider, intended_at, reason, {what} AS what FROM {name}
             WHERE stage IN ('intended', 'unknown') AND stage = 'unknown' ORDER BY id"
        ))?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            doubts.push(GoodsDoubt {
                id: rows::id(row)?,
                owner: Owner(row.get("owner")?),
                provider: row.get("provider")?,
                what: row.get("what")?,
                at: rows::time(row, "intended_at")?,
                reason: row.get::<_, Option<String>>("reason")?.unwrap_or_default(),
            });
        }
    }
    doubts.sort_by_key(|doubt| doubt.id);
    Ok(doubts)
}

/// Puts into doubt whatever is still intended.
pub(super) fn give_up_waiting(connection: &Connection, reason: &str) -> Result<Vec<ActivationId>, Failure> {
    let mut ids = Vec::new();
    for table in Table::ALL {
        ids.extend(give_up_in(connection, table.name(), reason)?);
    }
    Ok(ids)
}
