//! Why a statement or a row failed, before it is known which ledger it was. Knows no caller.

use rusqlite::ErrorCode;

use crate::domain::ActivationId;
use crate::ledger::LedgerError;

/// What went wrong inside one command.
#[derive(Debug)]
pub(super) enum Failure {
    /// SQLite could not do it.
    Sql(rusqlite::Error),
    /// A row holds what this program would not have written.
    Unreadable(String),
    /// The command contradicts what the ledger holds.
    Conflict {
        /// Of which activation.
        id: ActivationId,
        /// In which way.
        reason: String,
    },
    /// Every id that fits 31 bits was given.
    NoIds,
    /// The file system cannot carry a write-ahead log.
    NoLog,
}

impl Failure {
    /// What this says of the ledger at `path` as a whole, if it is not about one command alone.
    pub(super) fn trouble(&self, path: &str) -> Option<LedgerError> {
        match self {
            Self::Sql(error) => match error.sqlite_error_code() {
                None | Some(ErrorCode::ConstraintViolation) => None,
                Some(code) => Some(sql_error(code, error, path)),
            },
            Self::NoIds => Some(no_ids(path)),
            Self::Unreadable(_) | Self::Conflict { .. } | Self::NoLog => None,
        }
    }

    /// The same, said of the ledger at `path`.
    pub(super) fn at(self, path: &str) -> LedgerError {
        let path = path.to_owned();
        match self {
            Self::Sql(error) => match error.sqlite_error_code() {
                Some(code) => sql_error(code, &error, &path),
                None => LedgerError::Io { path, reason: error.to_string() },
            },
            Self::Unreadable(reason) => LedgerError::Damaged { path, reason },
            Self::Conflict { id, reason } => LedgerError::Conflict { id, reason },
            Self::NoIds => no_ids(&path),
            Self::NoLog => LedgerError::Io {
                path,
                reason: "its file system allows no write-ahead log (a network share?); use a local disk"
                    .to_owned(),
            },
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

/// SQLite's error, with what can be done about it.
fn sql_error(code: ErrorCode, error: &rusqlite::Error, path: &str) -> LedgerError {
    let advice = match code {
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => return damaged(path, error),
        ErrorCode::DiskFull => "; make room on its disk",
        ErrorCode::SystemIoFailure => "; is its disk full, at a limit, or failing?",
        ErrorCode::ReadOnly => "; it can be read only: see to its rights and to how its disk is mounted",
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => "; another program holds it",
        _ => "",
    };
    io(path, format!("{error}{advice}"))
}

fn no_ids(path: &str) -> LedgerError {
    io(path, "no ids are left that clients could read")
}

/// What went wrong with a file, in the words of the system.
pub(super) fn io(path: &str, reason: impl std::fmt::Display) -> LedgerError {
    LedgerError::Io { path: path.to_owned(), reason: reason.to_string() }
}

/// The file at `path` cannot be read as a ledger.
pub(super) fn damaged(path: &str, reason: impl std::fmt::Display) -> LedgerError {
    LedgerError::Damaged { path: path.to_owned(), reason: reason.to_string() }
}
