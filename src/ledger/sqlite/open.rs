//! From an address to connections that may be used: locked, looked at, set up. Knows no activation.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use super::failure::{Failure, io};
use super::lock::{Lock, private};
use super::look::{Found, look};
use super::schema::{migrate, skip_ahead};
use crate::ledger::LedgerError;

/// How long to wait for a backup or a curious person that has the file locked.
const PATIENCE: Duration = Duration::from_secs(1);

/// More than there are different statements.
const STATEMENTS: usize = 48;

/// A ledger's file, opened.
pub(super) struct Opened {
    /// The one connection that writes.
    pub(super) writer: Connection,
    /// One that only reads, where the ledger is a file.
    pub(super) reader: Option<Connection>,
    /// Keeps other processes out, where the ledger is a file.
    pub(super) lock: Option<Lock>,
    /// Whether to look at all of it is left to be done.
    pub(super) unchecked: bool,
}

/// Makes a ledger that ends with its process.
pub(super) fn memory(now: Timestamp) -> Result<Opened, Failure> {
    let writer = Connection::open_in_memory()?;
    prepare(&writer)?;
    migrate(&writer, 0, now)?;
    Ok(Opened { writer, reader: None, lock: None, unchecked: false })
}

/// Opens or makes the ledger at `path`. Unless all is well with it, nothing in it is changed; of one that is longer than
/// `short` it is not known by then whether it is whole.
pub(super) fn file(path: &Path, now: Timestamp, short: u64) -> Result<Opened, LedgerError> {
    let place = path.display().to_string();
    check_parent(path, &place)?;
    let lock = Lock::take(path)?;
    let (found, unchecked) = look(path, short)?;
    if found == Found::Nothing {
        create(path).map_err(|error| io(&place, error))?;
    }
    let writer = open_writer(path, found, now).map_err(|failure| failure.at(&place))?;
    let reader = open_reader(path).map_err(|failure| failure.at(&place))?;
    Ok(Opened { writer, reader: Some(reader), lock: Some(lock), unchecked })
}

fn check_parent(path: &Path, place: &str) -> Result<(), LedgerError> {
    if path.is_dir() {
        return Err(io(place, "it is a directory; name a file"));
    }
    match path.parent() {
        Some(parent) if parent.is_dir() => Ok(()),
        Some(parent) => Err(io(place, format!("there is no directory {}", parent.display()))),
        None => Err(io(place, "it is not the name of a file")),
    }
}

/// Makes an empty file with the right permissions; SQLite gives them to its log as well.
fn create(path: &Path) -> std::io::Result<()> {
    private(OpenOptions::new().write(true).create(true).truncate(false)).open(path).map(drop)
}

fn open_writer(path: &Path, found: Found, now: Timestamp) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    let format = match found {
        Found::Ledger(format) => format,
        Found::Nothing => check_empty(&connection)?,
    };
    keep_durable(&connection)?;
    migrate(&connection, format, now)?;
    // Where nothing can be written now, no order is taken either.
    let _ = skip_ahead(&connection, now);
    Ok(connection)
}

/// Format 0, if there is nothing in the file also after SQLite undid what was begun in it.
fn check_empty(connection: &Connection) -> Result<i64, Failure> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 { Ok(0) } else { Err(Failure::Unreadable("it is not a ledger".to_owned())) }
}

fn open_reader(path: &Path) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), Failure> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// A commit returns only when it would survive a loss of power.
fn keep_durable(connection: &Connection) -> Result<(), Failure> {
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Failure::NoLog);
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    // On macOS a plain fsync leaves the data in the drive's own memory.
    connection.pragma_update(None, "fullfsync", true)?;
    Ok(())
}
