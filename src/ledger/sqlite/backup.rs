//! A copy of a ledger as it is at one moment, also while a server writes to it: it is read as by any onlooker, who
//! holds up no writer. The copy appears under its name only when it is whole, checked and on the disk. Knows no
//! configuration.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::address::{Address, beside};
use super::failure::Failure;
use super::identity::Number;
use super::lock::private;
use super::look::{Found, inspect, open_to_look};
use crate::ledger::LedgerError;

/// How long to wait for a server that is just bringing its log into the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// What else belongs to a ledger, by how its name goes on.
const COMPANIONS: [&str; 4] = ["-wal", "-shm", "-journal", ".lock"];

/// What a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// How many activations and rents were bought.
    pub activations: u64,
    /// How many purchases there are of which nobody knows whether they were made.
    pub doubts: u64,
}

/// Why there is no copy. Whatever was there before is as it was.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to copy.
    #[error(
        "there is no ledger at {0}, so nothing was copied; name the configuration that the server has (--config)"
    )]
    NoLedger(String),
    /// It cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// It would be copied onto itself.
    #[error("{0} is the ledger itself, or belongs to it; name another file")]
    Itself(String),
    /// Something is there.
    #[error("{0} is there already; name another file, or say --force")]
    Exists(String),
    /// A database is there that may be in use.
    #[error(
        "{path} has a file {found} beside it: it is in use, or was not closed; name another file. --force does not help"
    )]
    InUse {
        /// The file.
        path: String,
        /// What is beside it.
        found: String,
    },
    /// It cannot be written.
    #[error("{path} cannot be written: {reason}")]
    Target {
        /// The file.
        path: String,
        /// What failed.
        reason: String,
    },
}

/// Copies the ledger at `url` (as `[ledger] url`) into the file `target`; one that is there only with `overwrite`.
/// Blocks for as long as that takes.
///
/// # Errors
/// [`BackupError`] says why there is no copy.
pub fn copy(url: &str, target: &Path, overwrite: bool) -> Result<Copied, BackupError> {
    let Address::File(source) = Address::parse(url)? else {
        return Err(BackupError::NoLedger(url.to_owned()));
    };
    let place = source.display().to_string();
    if std::fs::metadata(&source).map_or(0, |about| about.len()) == 0 {
        return Err(BackupError::NoLedger(place));
    }
    let target = std::path::absolute(target).map_err(|error| refused(target, error))?;
    check_target(&source, &target, overwrite)?;
    let part = Part::create(&target)?;
    copy_into(&source, &part, &target)?;
    let copied = check(&part.0, &place)?;
    part.put(&target)?;
    Ok(copied)
}

fn refused(path: &Path, reason: impl ToString) -> BackupError {
    BackupError::Target { path: path.display().to_string(), reason: reason.to_string() }
}

fn check_target(source: &Path, target: &Path, overwrite: bool) -> Result<(), BackupError> {
    let shown = target.display().to_string();
    let own = |suffix: &str| beside(source, suffix);
    let is_own = |path: &Path| {
        path == target || (Number::of(path).is_some() && Number::of(path) == Number::of(target))
    };
    if is_own(source) || COMPANIONS.iter().any(|suffix| is_own(&own(suffix))) {
        return Err(BackupError::Itself(shown));
    }
    if target.is_dir() {
        return Err(refused(target, "it is a directory; name a file"));
    }
    if target.metadata().is_ok_and(|about| !about.is_file()) {
        return Err(refused(target, "it is a device or the like, and no file"));
    }
    if let Some(parent) = target.parent().filter(|parent| !parent.is_dir()) {
        return Err(refused(target, format!("there is no directory {}", parent.display())));
    }
    // A log that belongs to another file would be read into the copy.
    let companions = COMPANIONS[..3].iter().map(|suffix| beside(target, suffix));
    if let Some(found) = companions.into_iter().find(|path| path.exists()) {
        return Err(BackupError::InUse { path: shown, found: found.display().to_string() });
    }
    if target.symlink_metadata().is_ok() && !overwrite { Err(BackupError::Exists(shown)) } else { Ok(()) }
}

/// A copy that is being made, beside where it will be. Dropped before it is done, it goes away.
struct Part(PathBuf);

impl Part {
    fn create(target: &Path) -> Result<Self, BackupError> {
        let path = beside(target, &format!(".{}.part", std::process::id()));
        private(OpenOptions::new().write(true).create_new(true))
            .open(&path)
            .map_err(|error| refused(target, error))?;
        Ok(Self(path))
    }

    /// Gives it its name, once it is on the disk.
    fn put(self, target: &Path) -> Result<(), BackupError> {
        let put = || {
            OpenOptions::new().write(true).open(&self.0)?.sync_all()?;
            std::fs::rename(&self.0, target)?;
            match target.parent() {
                // Elsewhere a directory cannot be opened, and need not be.
                Some(parent) if cfg!(unix) => File::open(parent)?.sync_all(),
                _ => Ok(()),
            }
        };
        put().map_err(|error: std::io::Error| refused(target, error))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After it got its name there is nothing left here.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// What shows whether somebody wrote to a file that has no log.
fn trace(path: &Path) -> (u64, Option<SystemTime>, u64) {
    let about = std::fs::metadata(path);
    let log = std::fs::metadata(beside(path, "-wal")).map_or(0, |about| about.len());
    match about {
        Ok(about) => (about.len(), about.modified().ok(), log),
        Err(_) => (0, None, log),
    }
}

/// A ledger that nobody has open is read without leaving a file beside it; if somebody writes to it meanwhile, it is
/// read again as one that is in use.
fn copy_into(source: &Path, part: &Part, target: &Path) -> Result<(), BackupError> {
    let before = trace(source);
    if before.2 == 0 {
        let copied = copy_by(open_to_look(source, true), source, part, target);
        if trace(source) == before {
            return copied;
        }
        File::create(&part.0).map_err(|error| refused(target, error))?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(source, flags).map_err(Failure::from);
    copy_by(connection, source, part, target)
}

fn copy_by(
    connection: Result<Connection, Failure>,
    source: &Path,
    part: &Part,
    target: &Path,
) -> Result<(), BackupError> {
    let place = source.display().to_string();
    let connection = connection.map_err(|failure| failure.at(&place))?;
    connection.busy_timeout(PATIENCE).map_err(|error| Failure::Sql(error).at(&place))?;
    let name = part.0.to_str().ok_or_else(|| refused(target, "its name is not UTF-8"))?;
    match connection.execute("VACUUM INTO ?1", [name]) {
        Ok(_) => Ok(()),
        // The ledger is only read, so it is the copy that has no room.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => {
            Err(refused(target, "there is no room left on its disk"))
        }
        Err(error) => Err(Failure::Sql(error).at(&place).into()),
    }
}

/// Looks at the copy as a start would, and counts what is in it.
fn check(copy: &Path, place: &str) -> Result<Copied, BackupError> {
    let told = |error| BackupError::from(Failure::Sql(error).at(place));
    let connection = open_to_look(copy, true).map_err(|failure| failure.at(place))?;
    if inspect(&connection, place)? == Found::Nothing {
        return Err(BackupError::NoLedger(place.to_owned()));
    }
    let count = |condition: &str| -> Result<u64, BackupError> {
        let query = format!("SELECT count(*) FROM activations WHERE {condition}");
        let count: i64 = connection.query_row(&query, [], |row| row.get(0)).map_err(told)?;
        Ok(u64::try_from(count).unwrap_or_default())
    };
    Ok(Copied {
        activations: count("stage = 'settled'")?,
        doubts: count("stage IN ('intended', 'unknown')")?,
    })
}
