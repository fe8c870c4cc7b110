//! The statements of mail addresses. Knows neither threads nor transactions; the caller provides both.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row, named_params, params};

use super::failure::Failure;
use super::goods::{Table, next_id, refuse_settled};
use super::rows;
use crate::domain::{ActivationId, Email, Letter, Mail, MailKind, MailOrder, MailState, Owner};
use crate::ledger::{GoodsIntent, MailPage, MailQuery};

/// What every search for mails selects.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT id, owner, provider, site, kind, domain, again, upstream_id, email, price, currency,
                 bought_at, state, value, full_message
             FROM mails WHERE stage = 'settled' AND ",
            $condition
        )
    };
}

const FIND: &str = select!("id = ?1");
const NEWEST_FIRST: &str = select!(
    "owner = ?1 AND (?2 = '' OR instr(lower(email || ' ' || site), ?2) > 0) ORDER BY id DESC LIMIT ?3 OFFSET ?4"
);
const OLDEST_FIRST: &str = select!(
    "owner = ?1 AND (?2 = '' OR instr(lower(email || ' ' || site), ?2) > 0) ORDER BY id LIMIT ?3 OFFSET ?4"
);
const COUNT: &str = "SELECT count(*) FROM mails
    WHERE stage = 'settled' AND owner = ?1 AND (?2 = '' OR instr(lower(email || ' ' || site), ?2) > 0)";

/// Gives the next id to an address that is about to be bought.
pub(super) fn intend(
    connection: &Connection,
    intent: &GoodsIntent<MailOrder>,
) -> Result<ActivationId, Failure> {
    let id = next_id(connection)?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO mails (id, stage, owner, provider, intended_at, site, kind, domain, again)
         VALUES (?1, 'intended', ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let MailOrder { site, kind, domain, again } = &intent.wish;
    let (at, again) = (intent.at.as_millisecond(), again.map(ActivationId::get));
    insert.execute(params![
        id.get(),
        intent.owner.0,
        intent.provider,
        at,
        site,
        kind.as_str(),
        domain,
        again
    ])?;
    Ok(id)
}

/// Notes what was bought. Said twice of the same purchase, it is noted once.
pub(super) fn settle(connection: &Connection, mail: &Mail) -> Result<(), Failure> {
    let mut update = connection.prepare_cached(
        "UPDATE mails SET stage = 'settled', upstream_id = :upstream_id, email = :email, price = :price,
             currency = :currency, bought_at = :bought_at, state = :state, value = :value, full_message = :full
         WHERE id = :id AND stage IN ('intended', 'unknown')",
    )?;
    let (price, letter) = (mail.price.as_ref(), mail.letter.as_ref());
    let written = update.execute(named_params! {
        ":id": mail.id.get(),
        ":upstream_id": mail.upstream_id,
        ":email": mail.email.as_str(),
        ":price": price.map(|price| price.amount.to_string()),
        ":currency": price.map(|price| price.currency.as_str()),
        ":bought_at": mail.bought_at.as_millisecond(),
        ":state": mail.state.as_str(),
        ":value": letter.map(|letter| letter.value.as_str()),
        ":full": letter.and_then(|letter| letter.full.as_deref()),
    })?;
    if written == 1 || is_this(connection, mail)? {
        return Ok(());
    }
    refuse_settled(connection, Table::Mails, mail.id)
}

fn is_this(connection: &Connection, mail: &Mail) -> Result<bool, Failure> {
    let mut query = connection.prepare_cached(
        "SELECT 1 FROM mails WHERE id = ?1 AND stage = 'settled' AND provider = ?2 AND upstream_id = ?3",
    )?;
    Ok(query.exists(params![mail.id.get(), mail.provider, mail.upstream_id])?)
}

/// Notes where an address stands, and its mail. A mail that came stays, and so does a cancellation.
pub(super) fn update(connection: &Connection, mail: &Mail) -> Result<(), Failure> {
    let (id, state) = (mail.id, mail.state.as_str());
    let mut query =
        connection.prepare_cached("SELECT state FROM mails WHERE id = ?1 AND stage = 'settled'")?;
    let stored: Option<String> = query.query_row([id.get()], |row| row.get(0)).optional()?;
    let Some(stored) = stored else {
        return Err(Failure::Conflict { id, reason: "it was never noted as bought".to_owned() });
    };
    if MailState::parse(&stored).is_some_and(|state| !state.awaits_upstream()) && stored != state {
        return Err(Failure::Conflict { id, reason: format!("it is {stored} and cannot become {state}") });
    }
    let mut update = connection
        .prepare_cached("UPDATE mails SET state = ?2, value = ?3, full_message = ?4 WHERE id = ?1")?;
    let letter = mail.letter.as_ref();
    let full = letter.and_then(|letter| letter.full.as_deref());
    update.execute(params![id.get(), state, letter.map(|letter| letter.value.as_str()), full])?;
    Ok(())
}

/// The mail with this id.
pub(super) fn find(connection: &Connection, id: ActivationId) -> Result<Option<Mail>, Failure> {
    Ok(collect(connection.prepare_cached(FIND)?, [id.get()])?.pop())
}

/// A client's.
pub(super) fn page(connection: &Connection, asked: &MailQuery) -> Result<MailPage, Failure> {
    let (owner, search) = (&asked.owner.0, asked.search.to_ascii_lowercase());
    let count: i64 = connection.prepare_cached(COUNT)?.query_row(params![owner, search], |row| row.get(0))?;
    let query = connection.prepare_cached(if asked.oldest_first { OLDEST_FIRST } else { NEWEST_FIRST })?;
    let skip = i64::try_from(asked.skip).unwrap_or(i64::MAX);
    let mails = collect(query, params![owner, search, asked.limit, skip])?;
    Ok(MailPage { mails, count: u64::try_from(count).unwrap_or_default() })
}

fn collect(mut query: CachedStatement<'_>, params: impl Params) -> Result<Vec<Mail>, Failure> {
    let mut found = query.query(params)?;
    let mut mails = Vec::new();
    while let Some(row) = found.next()? {
        mails.push(mail(row)?);
    }
    Ok(mails)
}

fn mail(row: &Row<'_>) -> Result<Mail, Failure> {
    let again = rows::read(row, "again", |raw: Option<i64>| match raw {
        None => Some(None),
        Some(raw) => ActivationId::new(raw).map(Some),
    })?;
    let order = MailOrder {
        site: row.get("site")?,
        kind: rows::read(row, "kind", |name: String| MailKind::parse(&name))?,
        domain: row.get("domain")?,
        again,
    };
    let value: Option<String> = row.get("value")?;
    let full = row.get("full_message")?;
    Ok(Mail {
        id: rows::id(row)?,
        owner: Owner(row.get("owner")?),
        provider: row.get("provider")?,
        upstream_id: row.get("upstream_id")?,
        order,
        email: rows::read(row, "email", |text: String| Email::parse(&text).ok())?,
        price: rows::price(row)?,
        bought_at: rows::time(row, "bought_at")?,
        state: rows::read(row, "state", |name: String| MailState::parse(&name))?,
        letter: value.map(|value| Letter { value, full }),
    })
}
