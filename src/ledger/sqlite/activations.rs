//! The statements of an activation that was bought: its progress, and how it is found again. Knows
//! neither threads nor transactions; the caller provides both.

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, params};

use super::failure::Failure;
use super::{deliveries, rows};
use crate::domain::{Activation, ActivationId, Country, Service, Sms, State};
use crate::ledger::{HistoryQuery, Outbox, Tally};

/// What every search for activations selects.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            rows::activation_columns!(),
            " FROM activations WHERE stage = 'settled' AND ",
            $condition
        )
    };
}

const FIND: &str = select!("id = ?1");

pub(super) const OPEN: &str =
    select!("state NOT IN ('finished', 'cancelled', 'expired') AND id > ?1 ORDER BY id LIMIT ?2");

pub(super) const HISTORY: &str = select!(
    "rent IS NULL AND unwanted = 0 AND owner = ?1 AND bought_at BETWEEN ?2 AND ?3
     ORDER BY bought_at DESC, id DESC LIMIT ?4"
);

/// Notes where an activation stands `now`, and its new messages, which are queued for `outbox`.
pub(super) fn update(
    connection: &Connection,
    activation: &Activation,
    outbox: &Outbox,
    now: Timestamp,
) -> Result<(), Failure> {
    let id = activation.id;
    let mut query =
        connection.prepare_cached("SELECT state FROM activations WHERE id = ?1 AND stage = 'settled'")?;
    let stored: Option<String> = query.query_row([id.get()], |row| row.get(0)).optional()?;
    let Some(stored) = stored else {
        return Err(Failure::Conflict { id, reason: "it was never noted as bought".to_owned() });
    };
    let state = activation.state.as_str();
    if State::parse(&stored).is_some_and(State::is_final) && stored != state {
        return Err(Failure::Conflict { id, reason: format!("it is {stored} and cannot become {state}") });
    }
    let mut update = connection.prepare_cached(
        "UPDATE activations SET state = ?2, asked_at = ?3, unwanted = ?4, ended_at = coalesce(ended_at, ?5),
             kept_until = iif(?5 IS NULL, kept_until, NULL)
         WHERE id = ?1",
    )?;
    let ended_at = activation.state.is_final().then(|| now.as_millisecond());
    let asked_at = rows::count(activation.asked_at);
    update.execute(params![id.get(), state, asked_at, activation.unwanted, ended_at])?;
    add_messages(connection, activation, outbox)
}

/// Adds the messages beyond those already there, and queues them for `outbox`. They are told by their number,
/// since a second one may read like the first.
pub(super) fn add_messages(
    connection: &Connection,
    activation: &Activation,
    outbox: &Outbox,
) -> Result<(), Failure> {
    if activation.messages.is_empty() {
        return Ok(());
    }
    let id = activation.id.get();
    let mut query = connection.prepare_cached("SELECT count(*) FROM messages WHERE activation = ?1")?;
    let known: i64 = query.query_row([id], |row| row.get(0))?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO messages (activation, seq, code, text, sender, received_at, service)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (seq, sms) in (0i64..).zip(&activation.messages).filter(|(seq, _)| *seq >= known) {
        let service = sms.service.as_ref().map(|service| service.as_str());
        let at = sms.received_at.as_millisecond();
        insert.execute(params![id, seq, sms.code, sms.text, sms.sender, at, service])?;
        deliveries::queue(connection, activation.id, seq, outbox)?;
    }
    Ok(())
}

/// The activation with this id.
pub(super) fn find(connection: &Connection, id: ActivationId) -> Result<Option<Activation>, Failure> {
    let query = connection.prepare_cached(FIND)?;
    Ok(collect(connection, query, [id.get()])?.pop())
}

/// Those behind an id that are not in a final state, by id.
pub(super) fn open(
    connection: &Connection,
    after: Option<ActivationId>,
    limit: u32,
) -> Result<Vec<Activation>, Failure> {
    let query = connection.prepare_cached(OPEN)?;
    collect(connection, query, params![after.map_or(0, ActivationId::get), limit])
}

/// An owner's, newest first.
pub(super) fn history(connection: &Connection, asked: &HistoryQuery) -> Result<Vec<Activation>, Failure> {
    let query = connection.prepare_cached(HISTORY)?;
    let from = asked.from.map_or(i64::MIN, |time| time.as_millisecond());
    let to = asked.to.map_or(i64::MAX, |time| time.as_millisecond());
    collect(connection, query, params![asked.owner.0, from, to, asked.limit])
}

/// Of the latest purchases of all services, so many that it takes no longer however many there are.
pub(super) const TALLY: &str = "SELECT country, count(*),
         sum(EXISTS (SELECT 1 FROM messages WHERE activation = latest.id))
     FROM (SELECT id, country, service, rent, unwanted FROM activations
           WHERE stage = 'settled' ORDER BY bought_at DESC LIMIT ?2) AS latest
     WHERE service = ?1 AND rent IS NULL AND unwanted = 0 GROUP BY country";

/// How many purchases a tally looks at.
pub(super) const TALLIED: u32 = 20_000;

/// What was bought of a service, country by country.
pub(super) fn tally(connection: &Connection, service: &Service) -> Result<Vec<Tally>, Failure> {
    let mut query = connection.prepare_cached(TALLY)?;
    let mut found = query.query(params![service.as_str(), TALLIED])?;
    let mut tallies = Vec::new();
    while let Some(row) = found.next()? {
        let count = |column| row.get::<_, u32>(column).map(u64::from);
        tallies.push(Tally { country: Country(row.get(0)?), purchases: count(1)?, answered: count(2)? });
    }
    Ok(tallies)
}

fn collect(
    connection: &Connection,
    mut query: CachedStatement<'_>,
    params: impl Params,
) -> Result<Vec<Activation>, Failure> {
    let mut found = query.query(params)?;
    let mut activations = Vec::new();
    while let Some(row) = found.next()? {
        let mut activation = rows::activation(row)?;
        activation.messages = messages(connection, activation.id)?;
        activations.push(activation);
    }
    Ok(activations)
}

fn messages(connection: &Connection, id: ActivationId) -> Result<Vec<Sms>, Failure> {
    let mut query = connection.prepare_cached(
        "SELECT activation, code, text, sender, received_at, service FROM messages
         WHERE activation = ?1 ORDER BY seq",
    )?;
    let mut found = query.query([id.get()])?;
    let mut messages = Vec::new();
    while let Some(row) = found.next()? {
        messages.push(rows::sms(row)?);
    }
    Ok(messages)
}
