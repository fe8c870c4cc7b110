//! The statements by which doubts are settled: what is in doubt, what is known, what an account held and what
//! moved it. Knows neither threads nor transactions; the caller provides both.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::failure::Failure;
use super::{goods, purchases, rows};
use crate::domain::{Held, State};
use crate::ledger::{Account, Checkpoint, Movement, Movements, Unknown};

/// By `id`, first: an error in a row names it.
pub(super) const MOVED: &str = "SELECT id, price, currency, bought_at, ended_at, state FROM activations
     WHERE stage = 'settled' AND provider = ?1 AND bought_at > ?2
     UNION
     SELECT id, price, currency, bought_at, ended_at, state FROM activations
     WHERE stage = 'settled' AND provider = ?1 AND ended_at IS NOT NULL AND ended_at > ?2";

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
    let ended: Option<i64> = row.get("ended_at")?;
    Ok(Movement {
        price: rows::price(row)?,
        bought_at: rows::time(row, "bought_at")?,
        ended_at: ended.map(|_| rows::time(row, "ended_at")).transpose()?,
        state: rows::read(row, "state", |text: String| State::parse(&text))?,
    })
}
