//! The format of the file: its mark, its number, and how it comes to be. Knows no activation.

use jiff::Timestamp;
use rusqlite::Connection;

use super::failure::Failure;

/// `smsb`: by this mark in its header an SQLite file is a ledger.
pub(super) const APPLICATION_ID: i64 = 0x736d_7362;

/// The steps from nothing to the newest format; a file's format is how many of them it has seen.
/// A step that was ever released is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
];

/// The newest format that this program knows.
pub(super) const FORMAT: i64 = MIGRATIONS.len() as i64;

/// 2020-01-01T00:00:00Z, from which the first id of a fresh ledger is counted.
const NUMBERING_EPOCH: i64 = 1_577_836_800;

/// Brings a file from `format` (0: nothing in it) to the newest one, wholly or not at all.
pub(super) fn migrate(connection: &Connection, format: i64, now: Timestamp) -> Result<(), Failure> {
    if format == FORMAT {
        return Ok(());
    }
    let transaction = connection.unchecked_transaction()?;
    for step in MIGRATIONS.iter().skip(usize::try_from(format).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    if format == 0 {
        start_numbering(&transaction, now)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()?;
    Ok(())
}

/// Ids grow slower than one a second, so a ledger that begins at the seconds gone by does not repeat
/// those of one that was lost.
fn start_numbering(connection: &Connection, now: Timestamp) -> Result<(), Failure> {
    let first = first_id(now);
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('activations', ?1)", [first - 1])?;
    Ok(())
}

fn first_id(now: Timestamp) -> i64 {
    // A machine whose clock is not set yet still gets a ledger.
    (now.as_second() - NUMBERING_EPOCH).max(1)
}

/// Goes on numbering from where a fresh ledger would begin: one that was restored from an older copy does not know
/// which ids were given since. A clock that is far ahead must not use the ids up.
pub(super) fn skip_ahead(connection: &Connection, now: Timestamp) -> Result<(), Failure> {
    let last = first_id(now) - 1;
    let (query, furthest) = (
        "UPDATE sqlite_sequence SET seq = ?1 WHERE name = 'activations' AND seq < ?1",
        i64::from(i32::MAX / 2),
    );
    if last <= furthest {
        connection.execute(query, [last])?;
    }
    Ok(())
}

/// Writes what is there already, to see whether it can be written.
pub(super) fn touch(connection: &Connection) -> Result<(), Failure> {
    Ok(connection.pragma_update(None, "user_version", FORMAT)?)
}

/// The last id that was given; every intent up to it is an earlier process's.
pub(super) fn last_id(connection: &Connection) -> Result<i64, Failure> {
    let query = "SELECT seq FROM sqlite_sequence WHERE name = 'activations'";
    Ok(connection.query_row(query, [], |row| row.get(0))?)
}
