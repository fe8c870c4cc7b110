//! What can go wrong with the CA, and what would help. Never holds the text of a key.

use std::io;
use std::path::{Path, PathBuf};

/// What went wrong with the CA or with a certificate.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// There is no CA.
    #[error("there is no CA in {}; `smsbridge ca init` makes one", folder.display())]
    Missing {
        /// Where it would be.
        folder: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{} cannot be {did}: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What was tried: `read`, `written`, `removed`.
        did: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{} {what}", path.display())]
    Broken {
        /// Which one.
        path: PathBuf,
        /// What is wrong, and what would be right.
        what: &'static str,
    },
    /// The CA's time is over.
    #[error("the CA in {} is over; `smsbridge ca init --renew` makes another, which has to be installed again", folder.display())]
    Over {
        /// Where it is.
        folder: PathBuf,
    },
    /// Nothing to sign for.
    #[error("there is no name that the CA would be for")]
    NoNames,
    /// A name that no certificate can have.
    #[error("`{0}` is no name for a certificate")]
    BadName(String),
    /// A key or a certificate could not be made.
    #[error("no certificate could be made: {0}")]
    Signing(String),
    /// The parts are there, but TLS does not take them.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

impl CaError {
    pub(super) fn reading(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), did: "read", source }
    }

    pub(super) fn writing(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), did: "written", source }
    }

    pub(super) fn removing(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), did: "removed", source }
    }

    pub(super) fn broken(path: &Path, what: &'static str) -> Self {
        Self::Broken { path: path.to_owned(), what }
    }
}

impl From<rcgen::Error> for CaError {
    fn from(error: rcgen::Error) -> Self {
        Self::Signing(error.to_string())
    }
}

impl From<rustls::Error> for CaError {
    fn from(error: rustls::Error) -> Self {
        Self::Tls(error.to_string())
    }
}
