//! Which file a name leads to, so that one that was moved, deleted or replaced under a running process is
//! noticed: SQLite would go on writing to what nobody finds again. Knows nothing of what is in it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::failure::io;
use crate::ledger::LedgerError;

/// A file and its name.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    path: PathBuf,
    number: Option<Number>,
}

/// By what the system knows a file, whatever its names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number(u64, u64);

impl Number {
    /// That of the file at `path`; `None` where there is none, or where the system does not say.
    pub(super) fn of(path: &Path) -> Option<Self> {
        number(&std::fs::metadata(path).ok()?)
    }
}

impl Identity {
    /// The file that is now at `path`.
    pub(super) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), number: Number::of(path) }
    }

    /// Whether it is still there.
    ///
    /// # Errors
    /// That it is not, with what can be done.
    pub(super) fn check(&self, place: &str) -> Result<(), LedgerError> {
        let about = match std::fs::metadata(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(io(
                    place,
                    "it was moved or deleted while smsbridge runs; put it back, or stop smsbridge and start it again",
                ));
            }
            // Whatever else there is will show when it is written.
            Err(_) => return Ok(()),
            Ok(about) => about,
        };
        if self.number.is_some() && number(&about) != self.number {
            return Err(io(
                place,
                "another file was put in its place while smsbridge runs; put the old one back, or stop smsbridge and start it again",
            ));
        }
        Ok(())
    }
}

/// How many names a file has, where the system says so.
#[cfg(unix)]
pub(super) fn names(about: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(about)
}

#[cfg(not(unix))]
pub(super) fn names(_: &std::fs::Metadata) -> u64 {
    1
}

#[cfg(unix)]
fn number(about: &std::fs::Metadata) -> Option<Number> {
    use std::os::unix::fs::MetadataExt;
    Some(Number(about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> Option<Number> {
    None
}
