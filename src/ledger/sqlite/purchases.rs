//! The statements of a purchase: intended, then settled, released or in doubt. Knows neither threads
//! nor transactions; the caller provides both.

use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::activations::add_messages;
use super::failure::Failure;
use super::rows;
use crate::domain::{Activation, ActivationId};
use crate::ledger::{Doubt, Intent, Outbox};

/// Why what an earlier process intended is in doubt.
pub(super) const LEFT_BEHIND: &str = "the program ended before it noted what the upstream answered";

pub(super) const DOUBTS: &str =
    "SELECT id, owner, provider, service, country, wish, stake, stake_currency, intended_at, reason
     FROM activations WHERE stage IN ('intended', 'unknown') AND stage = 'unknown' ORDER BY id";

/// Gives the next id to a purchase that is about to be made.
pub(super) fn intend(connection: &Connection, intent: &Intent) -> Result<ActivationId, Failure> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO activations
             (stage, owner, provider, service, country, wish, intended_at, stake, stake_currency)
         VALUES ('intended', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let raw = insert.insert(params![
        intent.owner.0,
        intent.provider,
        intent.order.service.as_str(),
        intent.order.country.0,
        rows::wish_of(&intent.order)?,
        intent.at.as_millisecond(),
        intent.stake.map(|stake| stake.amount.to_string()),
        intent.stake.map(|stake| stake.currency.as_str().to_owned()),
    ])?;
    ActivationId::new(raw).ok_or(Failure::NoIds)
}

/// Notes what was bought. Said twice of the same purchase, it is noted once.
pub(super) fn settle(connection: &Connection, activation: &Activation) -> Result<(), Failure> {
    let mut update = connection.prepare_cached(
        "UPDATE activations SET stage = 'settled', owner = :owner, provider = :provider,
             service = :service, country = :country, upstream_id = :upstream_id, phone = :phone,
             operator = :operator, price = :price, currency = :currency, bought_at = :bought_at,
             expires_at = :expires_at, state = :state, asked_at = :asked_at, extra = :extra,
             rent = :rent, unwanted = :unwanted, ended_at = :ended_at
         WHERE id = :id AND stage IN ('intended', 'unknown')",
    )?;
    let price = activation.price.as_ref();
    let written = update.execute(named_params! {
        ":id": activation.id.get(),
        ":owner": activation.owner.0,
        ":provider": activation.provider,
        ":service": activation.service.as_str(),
        ":country": activation.country.0,
        ":upstream_id": activation.upstream_id,
        ":phone": activation.phone.digits(),
        ":operator": activation.operator.as_ref().map(|operator| operator.as_str()),
        ":price": price.map(|price| price.amount.to_string()),
        ":currency": price.map(|price| price.currency.as_str()),
        ":bought_at": activation.bought_at.as_millisecond(),
        ":expires_at": activation.expires_at.as_millisecond(),
        ":state": activation.state.as_str(),
        ":asked_at": rows::count(activation.asked_at),
        ":extra": rows::extra_of(&activation.extra)?,
        ":rent": rows::rent_of(activation.rent.as_ref())?,
        ":unwanted": activation.unwanted,
        ":ended_at": activation.state.is_final().then(|| activation.bought_at.as_millisecond()),
    })?;
    if written == 1 {
        prolong(connection, activation)?;
        return add_messages(connection, activation, &Outbox::default());
    }
    if is_this(connection, activation)? { Ok(()) } else { refuse(connection, activation.id, "bought") }
}

/// Gives the rent that this purchase prolongs its new end.
fn prolong(connection: &Connection, activation: &Activation) -> Result<(), Failure> {
    let Some(parent) = activation.rent.as_ref().and_then(|rent| rent.prolongs) else { return Ok(()) };
    let mut update = connection.prepare_cached(
        "UPDATE activations SET expires_at = max(expires_at, ?2) WHERE id = ?1 AND stage = 'settled'",
    )?;
    update.execute(params![parent.get(), activation.expires_at.as_millisecond()])?;
    Ok(())
}

/// Whether the purchase was settled before, as this very one.
fn is_this(connection: &Connection, activation: &Activation) -> Result<bool, Failure> {
    let mut query = connection.prepare_cached(
        "SELECT 1 FROM activations
         WHERE id = ?1 AND stage = 'settled' AND provider = ?2 AND upstream_id = ?3",
    )?;
    Ok(query.exists(params![activation.id.get(), activation.provider, activation.upstream_id])?)
}

/// Notes that nothing was bought.
pub(super) fn release(connection: &Connection, id: ActivationId, reason: &str) -> Result<(), Failure> {
    let mut update = connection.prepare_cached(
        "UPDATE activations SET stage = 'released', reason = ?2
         WHERE id = ?1 AND stage IN ('intended', 'unknown', 'released')",
    )?;
    if update.execute(params![id.get(), reason])? == 1 {
        return Ok(());
    }
    refuse(connection, id, "not bought")
}

/// Notes that nobody knows whether something was bought.
pub(super) fn doubt(connection: &Connection, id: ActivationId, reason: &str) -> Result<(), Failure> {
    let mut update = connection.prepare_cached(
        "UPDATE activations SET stage = 'unknown', reason = ?2
         WHERE id = ?1 AND stage IN ('intended', 'unknown')",
    )?;
    if update.execute(params![id.get(), reason])? == 1 {
        return Ok(());
    }
    refuse(connection, id, "in doubt")
}

/// Puts into doubt what is still intended up to the id `last`, and lists every doubt, oldest first.
pub(super) fn take_up_doubts(connection: &Connection, last: i64) -> Result<Vec<Doubt>, Failure> {
    connection.execute(
        "UPDATE activations SET stage = 'unknown', reason = ?2
         WHERE stage IN ('intended', 'unknown') AND stage = 'intended' AND id <= ?1",
        params![last, LEFT_BEHIND],
    )?;
    doubts(connection)
}

/// Every doubt, oldest first.
pub(super) fn doubts(connection: &Connection) -> Result<Vec<Doubt>, Failure> {
    let mut query = connection.prepare_cached(DOUBTS)?;
    let mut found = query.query([])?;
    let mut doubts = Vec::new();
    while let Some(row) = found.next()? {
        doubts.push(rows::doubt(row)?);
    }
    Ok(doubts)
}

/// Puts into doubt whatever is still intended.
pub(super) fn give_up_waiting(connection: &Connection, reason: &str) -> Result<Vec<ActivationId>, Failure> {
    give_up_in(connection, "activations", reason)
}

/// The same in a table of purchases.
pub(super) fn give_up_in(
    connection: &Connection,
    table: &str,
    reason: &str,
) -> Result<Vec<ActivationId>, Failure> {
    let mut update = connection.prepare(&format!(
        "UPDATE {table} SET stage = 'unknown', reason = ?1
         WHERE stage IN ('intended', 'unknown') AND stage = 'intended' RETURNING id"
    ))?;
    let mut found = update.query([reason])?;
    let mut ids = Vec::new();
    while let Some(row) = found.next()? {
        ids.push(rows::id(row)?);
    }
    Ok(ids)
}

/// Says what stands against calling a purchase this.
fn refuse(connection: &Connection, id: ActivationId, wanted: &str) -> Result<(), Failure> {
    let query = "SELECT stage FROM activations WHERE id = ?1";
    let stage: Option<String> = connection.query_row(query, [id.get()], |row| row.get(0)).optional()?;
    let reason = match stage {
        Some(stage) => format!("it is to be noted as {wanted}, but was noted as {stage} before"),
        None => format!("it is to be noted as {wanted}, but was never intended"),
    };
    Err(Failure::Conflict { id, reason })
}
