//! The statements by which doubts are settled: what is in doubt, what is known, what an account held and what
//! moved it. Knows neither threads nor transactions; the caller provides both.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::failure::Failure;
use super::{goods, purchases, rows};
use crate::domain::{Held, State};
use crate::ledger::{Account, Checkpoint, Movement, Movements, Unknown};

/// Both halves have an index, and no purchase is in both. An `id` is there since an error in a row names one; what is
/// alike is one row, so that an account that was not quiet for long takes no memory for it.
pub(super) const MOVED: &str = "SELECT min(id) AS id, count(*) AS count, price, currency, bought, ended, state FROM (
         SELECT id, price, currency, 1 AS bought, ifnull(ended_at > ?2, 0) AS ended, state FROM activations
         WHERE stage = 'settled' AND provider = ?1 AND bought_at > ?2
         UNION ALL
         SELECT id, price, currency, 0 AS bought, 1 AS ended, state FROM activations
         WHERE stage = 'settled' AND provider = ?1 AND ended_at IS NOT NULL AND ended_at > ?2 AND bought_at <= ?2)
     GROUP BY price, currency, bought, ended, state";

pub(super) const HAS_MOVED: &str = "SELECT 1 FROM activations
     WHERE stage = 'settled' AND provider = ?1 AND bought_at > ?2
     UNION ALL
     SELECT 1 FROM activations
     WHERE stage = 'settled' AND provider = ?1 AND ended_at IS NOT NULL AND ended_at > ?2";

/// The states are written as the index of open activations has them, which is named since another would serve as well
/// and is as long as the ledger.
pub(super) const AWAITS_REFUND: &str = "SELECT 1 FROM activations INDEXED BY activations_open
     WHERE stage = 'settled' AND state NOT IN ('finished', 'cancelled', 'expired') AND provider = ?1
       AND (state = 'cancelling' OR NOT EXISTS (SELECT 1 FROM messages WHERE activation = activations.id))";

/// More time lives on as the rent, and has ended the moment it is bought.
pub(super) const PROLONGED: &str = "SELECT 1 FROM activations
     WHERE stage = 'settled' AND provider = ?1 AND bought_at >= ?2 AND ended_at = bought_at";

pub(super) const KNOWN: &str = "SELECT 1 FROM activations
     WHERE stage = 'settled' AND upstream_id = ?1 AND (provider = ?2 OR phone = ?3)";

/// Every purchase in doubt.
pub(super) fn unknown(connection: &Connection) -> Result<Unknown, Failure> {
    Ok(Unknown { numbers: purchases::doubts(connection)?, goods: goods::doubts(connection)? })
}

/// The ids of those that were bought at this seller, or at any under the same number.
pub(super) fn known(
    connection: &Connection,
    seller: &str,
    held: Vec<Held>,
) -> Result<HashSet<String>, Failure> {
    let mut query = connection.prepare_cached(KNOWN)?;
    let mut known = HashSet::new();
    for Held { upstream_id, phone, .. } in held {
        let phone = phone.as_ref().map(|phone| phone.digits());
        if query.exists(params![upstream_id, seller, phone])? {
            known.insert(upstream_id);
        }
    }
    Ok(known)
}

/// The account with this mark, which is a new one if another had been noted.
pub(super) fn account(
    connection: &Connection,
    seller: &str,
    mark: &str,
    now: Timestamp,
) -> Result<Account, Failure> {
    connection.execute(
        "INSERT INTO accounts (seller, mark, since) VALUES (?1, ?2, ?3)
         ON CONFLICT (seller) DO UPDATE
         SET mark = excluded.mark, since = excluded.since, balance = NULL, currency = NULL, balance_at = NULL
         WHERE mark <> excluded.mark",
        params![seller, mark, now.as_millisecond()],
    )?;
    let mut query = connection.prepare_cached(
        "SELECT 0 AS id, since, balance, currency, balance_at FROM accounts WHERE seller = ?1",
    )?;
    let mut found = query.query([seller])?;
    let Some(row) = found.next()? else { return Ok(Account { since: now, last: None }) };
    let balance = rows::money(row, "balance", "currency")?;
    let last =
        balance.map(|balance| Ok::<_, Failure>(Checkpoint { balance, at: rows::time(row, "balance_at")? }));
    Ok(Account { since: rows::time(row, "since")?, last: last.transpose()? })
}

/// Notes what an account held.
pub(super) fn note_balance(connection: &Connection, seller: &str, held: Checkpoint) -> Result<(), Failure> {
    connection.execute(
        "UPDATE accounts SET balance = ?2, currency = ?3, balance_at = ?4 WHERE seller = ?1",
        params![
            seller,
            held.balance.amount.to_string(),
            held.balance.currency.as_str(),
            held.at.as_millisecond()
        ],
    )?;
    Ok(())
}

/// Whether anything was bought at a seller or has ended there after `since`.
pub(super) fn has_moved(connection: &Connection, seller: &str, since: Timestamp) -> Result<bool, Failure> {
    Ok(connection.prepare_cached(HAS_MOVED)?.exists(params![seller, since.as_millisecond()])?)
}

/// Whether a seller may give something back for a number that is open.
pub(super) fn awaits_refund(connection: &Connection, seller: &str) -> Result<bool, Failure> {
    Ok(connection.prepare_cached(AWAITS_REFUND)?.exists([seller])?)
}

/// Whether more time for a rent was bought at a seller at or after `since`.
pub(super) fn was_prolonged(
    connection: &Connection,
    seller: &str,
    since: Timestamp,
) -> Result<bool, Failure> {
    Ok(connection.prepare_cached(PROLONGED)?.exists(params![seller, since.as_millisecond()])?)
}

/// What was bought at a seller or has ended after `since`, and how much was ever bought beside numbers.
pub(super) fn movements(
    connection: &Connection,
    seller: &str,
    since: Timestamp,
) -> Result<Movements, Failure> {
    let since = since.as_millisecond();
    let mut query = connection.prepare_cached(MOVED)?;
    let mut found = query.query(params![seller, since])?;
    let mut numbers = Vec::new();
    while let Some(row) = found.next()? {
        numbers.push(movement(row)?);
    }
    let goods: Option<u32> = connection
        .query_row(
            "SELECT (SELECT count(*) FROM mails WHERE provider = ?1 AND stage <> 'released')
                  + (SELECT count(*) FROM products WHERE provider = ?1 AND stage <> 'released')",
            [seller],
            |row| row.get(0),
        )
        .optional()?;
    Ok(Movements { numbers, goods: goods.map_or(0, u64::from) })
}

fn movement(row: &Row<'_>) -> Result<Movement, Failure> {
    Ok(Movement {
        count: u64::from(row.get::<_, u32>("count")?),
        price: rows::price(row)?,
        bought: row.get("bought")?,
        ended: row.get("ended")?,
        state: rows::read(row, "state", |text: String| State::parse(&text))?,
    })
}
