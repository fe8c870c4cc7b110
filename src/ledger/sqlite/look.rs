//! A look at a file before anything is written: is it a ledger, of which format, and is it whole?
//! Changes neither the file nor its write-ahead log; knows nothing of what the rows mean.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::address::{beside, immutable_uri};
use super::failure::{Failure, damaged, io};
use super::identity::names;
use super::schema::{APPLICATION_ID, FORMAT};
use crate::ledger::LedgerError;

/// How every SQLite file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// The length of an SQLite file's header.
const HEADER: usize = 100;

/// The length of a write-ahead log's header.
const WAL_HEADER: usize = 32;

/// Up to this length a file holds no row: the first page is the list of tables.
const ONE_PAGE: u64 = 4096;

/// What the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Not there yet, empty, or begun and never finished: a ledger can be made of it.
    Nothing,
    /// A sound ledger of this format.
    Ledger(i64),
}

/// Up to this length, about 150,000 purchases, all of a file is looked at before it is used: longer ones would be waited
/// for.
pub(super) const SHORT: u64 = 64 << 20;

/// Looks at the file at `path`. Its lock must be held. Of one that is no longer than `short`, and of one that is about to
/// be brought to a newer format, all is looked at; else the second value says that this is left to be done.
pub(super) fn look(path: &Path, short: u64) -> Result<(Found, bool), LedgerError> {
    let place = path.display().to_string();
    let size = writable_size(path, &place)?;
    let log = beside(path, "-wal");
    let log_head = head(&log, WAL_HEADER).map_err(|error| io(&log.display().to_string(), error))?;
    if size == 0 {
        // SQLite would delete the log of a file that has nothing in it.
        return if log_head.is_empty() {
            Ok((Found::Nothing, false))
        } else {
            Err(damaged(&place, "it is empty or missing, but its write-ahead log is there"))
        };
    }
    check_head(path, &place, size, log_head.is_empty())?;
    if !is_log(&log_head) {
        return Err(damaged(&place, "its write-ahead log is not one"));
    }
    if size_of(&beside(path, "-journal")) > 0 {
        // A ledger has a rollback journal only while it is being made.
        return if size <= ONE_PAGE {
            Ok((Found::Nothing, false))
        } else {
            Err(damaged(&place, "it has a rollback journal, as no ledger has"))
        };
    }
    let connection = open_to_look(path, log_head.is_empty()).map_err(|failure| failure.at(&place))?;
    let found = recognise(&connection, &place)?;
    if found == Found::Ledger(FORMAT) && size > short {
        return Ok((found, true));
    }
    if found != Found::Nothing {
        check_whole(&connection, &place)?;
    }
    Ok((found, false))
}

/// The file's size (0 if there is none), once it is sure that it may be written.
fn writable_size(path: &Path, place: &str) -> Result<u64, LedgerError> {
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(io(place, error)),
    };
    if about.is_dir() {
        return Err(io(place, "it is a directory; name a file"));
    }
    if about.permissions().readonly() {
        return Err(io(place, "the file is read-only"));
    }
    if names(&about) > 1 {
        // Its log goes by its name, and so does its lock: by two names two processes would ruin it.
        return Err(io(
            place,
            "the file has another name (a hard link), by which a second smsbridge could write to it; a copy is made with `smsbridge backup`. Delete that name, or name a copy in [ledger] url",
        ));
    }
    OpenOptions::new().read(true).write(true).open(path).map_err(|error| io(place, error))?;
    Ok(about.len())
}

/// Without a log the file consists of whole pages, which SQLite itself does not insist on.
fn check_head(path: &Path, place: &str, size: u64, no_log: bool) -> Result<(), LedgerError> {
    let head = head(path, HEADER).map_err(|error| io(place, error))?;
    if !head.starts_with(MAGIC) {
        return Err(damaged(place, "it is not an SQLite file"));
    }
    let page = match head.get(16..18) {
        Some([0, 1]) => 65_536,
        Some([high, low]) => u64::from(u16::from_be_bytes([*high, *low])),
        _ => 0,
    };
    if head.len() < HEADER || page == 0 || (no_log && !size.is_multiple_of(page)) {
        return Err(damaged(place, format!("it is cut off after {size} bytes")));
    }
    Ok(())
}

/// The first bytes of a file, none if it does not exist.
fn head(path: &Path, length: usize) -> std::io::Result<Vec<u8>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut bytes = Vec::with_capacity(length);
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether these first bytes can be a write-ahead log's. SQLite takes a log that it does not
/// recognise for an empty one and writes over it; what a loss of power leaves of a log that was
/// just begun (a piece, or zeros) holds nothing yet.
fn is_log(head: &[u8]) -> bool {
    head.len() < WAL_HEADER
        || matches!(head, [0x37, 0x7f, 0x06, 0x82 | 0x83, ..])
        || head.iter().all(|byte| *byte == 0)
}

fn size_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |about| about.len())
}

/// Opens the file so that closing it again leaves no trace. Without a log the file is all there is,
/// and SQLite need not make a log or its index to read it.
pub(super) fn open_to_look(path: &Path, no_log: bool) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match immutable_uri(path).filter(|_| no_log) {
        Some(uri) => Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?,
        None => Connection::open_with_flags(path, flags)?,
    };
    // Where a read-only handle can be locked exclusively, closing would bring the log into the file.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// What an open file is, all of which is looked at.
pub(super) fn inspect(connection: &Connection, place: &str) -> Result<Found, LedgerError> {
    let found = recognise(connection, place)?;
    if found != Found::Nothing {
        check_whole(connection, place)?;
    }
    Ok(found)
}

/// What an open file says that it is.
fn recognise(connection: &Connection, place: &str) -> Result<Found, LedgerError> {
    let number = |query: &str| -> Result<i64, LedgerError> {
        connection.query_row(query, [], |row| row.get(0)).map_err(|error| Failure::Sql(error).at(place))
    };
    let mark = number("PRAGMA application_id")?;
    let format = number("PRAGMA user_version")?;
    if mark == 0 && format == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0 {
        return Ok(Found::Nothing);
    }
    if mark != APPLICATION_ID {
        return Err(damaged(place, "it is another program's SQLite file, not a ledger"));
    }
    if format > FORMAT {
        return Err(LedgerError::Newer { path: place.to_owned(), found: format, known: FORMAT });
    }
    if format < 1 {
        return Err(damaged(place, format!("its format is {format}")));
    }
    Ok(Found::Ledger(format))
}

/// Looks at all of it.
pub(super) fn check_whole(connection: &Connection, place: &str) -> Result<(), LedgerError> {
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| Failure::Sql(error).at(place))?;
    if verdict == "ok" { Ok(()) } else { Err(damaged(place, verdict.replace('\n', " "))) }
}
