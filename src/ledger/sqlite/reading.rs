//! A look into a ledger that another process may have open: over a connection that only reads, without its lock, and
//! without leaving a trace. Knows nothing of what is made of the rows.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Row, params};

use super::address::{Address, beside, immutable_uri};
use super::failure::{Failure, damaged, io};
use super::rows;
use super::schema::{APPLICATION_ID, FORMAT};
use crate::domain::{ActivationId, Money, Owner};
use crate::ledger::LedgerError;

/// An order that is older than this and has no result is not under way any more: no upstream is waited for so long.
const UNDER_WAY: SignedDuration = SignedDuration::from_mins(10);

/// Numbers, mail addresses and partner products in one form. What was charged is the amount of what was bought; of
/// anything else it is what was expected.
macro_rules! orders {
    ($condition:literal) => {
        concat!(
            "SELECT * FROM (
                 SELECT id, CASE WHEN json_extract(wish, '$.rent') IS NULL THEN 'number' ELSE 'rent' END AS kind,
                     stage, state, reason, owner, provider, service AS what, country, intended_at, upstream_id,
                     phone, coalesce(price, stake) AS amount, coalesce(currency, stake_currency) AS currency
                 FROM activations
                 UNION ALL
                 SELECT id, 'mail', stage, state, reason, owner, provider, site, NULL, intended_at, upstream_id,
                     NULL, price, currency
                 FROM mails
                 UNION ALL
                 SELECT id, 'product', stage, NULL, reason, owner, provider, CAST(number AS TEXT), NULL, intended_at,
                     NULL, NULL, price, currency
                 FROM products
             ) WHERE ",
            $condition
        )
    };
}

const UNKNOWN: &str =
    orders!("stage = 'unknown' OR (stage = 'intended' AND intended_at < ?1) ORDER BY id LIMIT ?2");

const LATEST: &str = orders!("intended_at > ?1 ORDER BY id DESC LIMIT ?2");

/// An order as the ledger has it.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderLine {
    /// Its id.
    pub id: ActivationId,
    /// `number`, `rent`, `mail` or `product`.
    pub kind: String,
    /// `intended`, `settled`, `released` or `unknown`.
    pub stage: String,
    /// Where it stands, once it was bought.
    pub state: Option<String>,
    /// Why it was released or is unknown.
    pub reason: Option<String>,
    /// Whose it is.
    pub owner: Owner,
    /// The mark of who was to sell it.
    pub seller: String,
    /// The service, the site or the product's number.
    pub what: String,
    /// The country's number, of a number.
    pub country: Option<u16>,
    /// When it was intended.
    pub at: Timestamp,
    /// The provider's own id, once it was bought.
    pub upstream_id: Option<String>,
    /// The number.
    pub phone: Option<String>,
    /// What it cost, or was expected to cost.
    pub amount: Option<Money>,
}

/// A ledger that is only looked into.
#[derive(Debug)]
pub struct Reading {
    connection: Connection,
    place: String,
}

impl Reading {
    /// Opens the ledger at `url` to look into it, whoever else has it.
    ///
    /// # Errors
    /// When there is none, or it is of another format than this program's.
    pub fn open(url: &str) -> Result<Self, LedgerError> {
        let Address::File(path) = Address::parse(url)? else {
            return Err(io(":memory:", "a ledger in memory can be seen by its own process only"));
        };
        let place = path.display().to_string();
        if !path.is_file() {
            return Err(io(&place, "there is no ledger yet; the first start makes it"));
        }
        let connection = connect(&path).map_err(|failure| failure.at(&place))?;
        let reading = Self { connection, place };
        reading.check()?;
        Ok(reading)
    }

    fn check(&self) -> Result<(), LedgerError> {
        let number = |query: &str| -> Result<i64, LedgerError> {
            let found = self.connection.query_row(query, [], |row| row.get(0));
            found.map_err(|error| Failure::Sql(error).at(&self.place))
        };
        if number("PRAGMA application_id")? != APPLICATION_ID {
            return Err(damaged(&self.place, "it is no ledger"));
        }
        match number("PRAGMA user_version")? {
            found if found > FORMAT => {
                Err(LedgerError::Newer { path: self.place.clone(), found, known: FORMAT })
            }
            FORMAT => Ok(()),
            _ => Err(io(
                &self.place,
                "an older smsbridge wrote it; start this one once, which brings it up to date",
            )),
        }
    }

    /// Purchases of which nobody knows whether they were made, oldest first: those that are noted so, and those that
    /// a program which ended left without a result.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn unknown(&self, now: Timestamp, limit: u32) -> Result<Vec<OrderLine>, LedgerError> {
        let before = now.saturating_sub(UNDER_WAY).unwrap_or(now);
        self.read(UNKNOWN, before, limit)
    }

    /// The latest orders, newest first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn latest(&self, limit: u32) -> Result<Vec<OrderLine>, LedgerError> {
        self.read(LATEST, Timestamp::MIN, limit)
    }

    fn read(&self, query: &str, time: Timestamp, limit: u32) -> Result<Vec<OrderLine>, LedgerError> {
        let all = || -> Result<Vec<OrderLine>, Failure> {
            let mut query = self.connection.prepare(query)?;
            let mut found = query.query(params![time.as_millisecond(), limit])?;
            let mut lines = Vec::new();
            while let Some(row) = found.next()? {
                lines.push(line(row)?);
            }
            Ok(lines)
        };
        all().map_err(|failure| failure.at(&self.place))
    }
}

/// With a log beside it the file is read as any reader does; without one nobody writes to it, and it is read as it is.
fn connect(path: &Path) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let alone = !beside(path, "-wal").exists();
    let connection = match immutable_uri(path).filter(|_| alone) {
        Some(uri) => Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?,
        None => Connection::open_with_flags(path, flags)?,
    };
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

fn line(row: &Row<'_>) -> Result<OrderLine, Failure> {
    Ok(OrderLine {
        id: rows::id(row)?,
        kind: row.get("kind")?,
        stage: row.get("stage")?,
        state: row.get("state")?,
        reason: row.get("reason")?,
        owner: Owner(row.get("owner")?),
        seller: row.get("provider")?,
        what: row.get("what")?,
        country: row.get("country")?,
        at: rows::time(row, "intended_at")?,
        upstream_id: row.get("upstream_id")?,
        phone: row.get("phone")?,
        amount: rows::money(row, "amount", "currency")?,
    })
}
