//! One process a ledger. The lock is a file beside the ledger, held by the system's own lock, so it
//! goes with its process however that ends. Knows nothing of SQLite.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::address::beside;
use super::failure::io;
use crate::ledger::LedgerError;

/// Holds the ledger for this process until it is dropped. The file itself stays: removing it would
/// let two processes lock two files of the same name.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the lock lives as long as the handle")] File);

impl Lock {
    /// Takes the lock of the ledger at `path`, or says who else may have it.
    pub(super) fn take(path: &Path) -> Result<Self, LedgerError> {
        let place = path.display().to_string();
        let lock_path = beside(&real(path), ".lock");
        let refused = |error: std::io::Error| {
            io(&place, format!("its lock file {} cannot be used: {error}", lock_path.display()))
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = private(&mut options).open(&lock_path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(LedgerError::InUse(place)),
            Err(TryLockError::Error(error)) => Err(refused(error)),
        }
    }
}

/// The file's own path, so that two names of one file (a symbolic link) share one lock.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent().map(Path::canonicalize), path.file_name()) {
        (Some(Ok(parent)), Some(name)) => parent.join(name),
        _ => path.to_owned(),
    }
}

/// A file made with these options is its user's alone: a ledger holds numbers and messages.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
