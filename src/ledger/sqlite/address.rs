//! Where a ledger is, from its address in the configuration. Knows nothing of what is there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::failure::io;
use crate::ledger::LedgerError;

/// What an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// A ledger that ends with its process, for tests and trials.
    Memory,
    /// A file, by its absolute path.
    File(PathBuf),
}

impl Address {
    /// Reads `sqlite:FILE`, with the two slashes that other software writes allowed.
    pub(super) fn parse(url: &str) -> Result<Self, LedgerError> {
        let unknown = || LedgerError::Url(url.to_owned());
        let file = url.trim().strip_prefix("sqlite:").ok_or_else(unknown)?;
        let file = file.strip_prefix("//").unwrap_or(file);
        match file {
            "" => Err(unknown()),
            ":memory:" => Ok(Self::Memory),
            _ => std::path::absolute(file).map(Self::File).map_err(|error| io(file, error)),
        }
    }
}

/// The path with something put behind its whole file name, as SQLite does with `-wal`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// The address under which SQLite opens a file without making any file beside it and without
/// locking. Only for a look at a file that nobody writes to.
pub(super) fn immutable_uri(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    let text = if cfg!(windows) { format!("/{}", text.replace('\\', "/")) } else { text.to_owned() };
    let mut uri = String::from("file://");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~:".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri.push_str("?immutable=1");
    Some(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_file_or_memory() {
        assert_eq!(Address::parse("sqlite::memory:"), Ok(Address::Memory));
        let here = std::env::current_dir().unwrap();
        for relative in ["sqlite:a.db", "sqlite://a.db", " sqlite:a.db\n"] {
            assert_eq!(Address::parse(relative), Ok(Address::File(here.join("a.db"))), "{relative}");
        }
        for bad in ["", "a.db", "sqlite:", "sqlite://", "postgres://host/db"] {
            assert_eq!(Address::parse(bad), Err(LedgerError::Url(bad.to_owned())));
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_absolute_path_stays_one() {
        let root = Ok(Address::File(PathBuf::from("/var/a.db")));
        assert_eq!(Address::parse("sqlite:/var/a.db"), root);
        assert_eq!(Address::parse("sqlite:///var/a.db"), root);
        let uri = immutable_uri(Path::new("/v r/ф%?#.db"));
        assert_eq!(uri.as_deref(), Some("file:///v%20r/%D1%84%25%3F%23.db?immutable=1"));
    }
}
