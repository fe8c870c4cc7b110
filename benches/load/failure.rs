//! What can go wrong with the rig itself, said so that somebody can do something about it. Knows no figures.

use std::io;

/// Why something could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The system refused something.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// A server did not come up, or ended.
    #[error("{0}")]
    Server(String),
    /// An answer is not the one that the path is about, so its time would say nothing.
    #[error("{0}")]
    Answer(String),
    /// TLS could not be set up.
    #[error("TLS: {0}")]
    Tls(String),
}

/// What the rig's own steps come to.
pub type Outcome<T> = Result<T, Failure>;

/// Says what was tried where the system refuses it.
pub trait Trying<T> {
    /// The value, or a failure that begins with `what`.
    fn trying(self, what: &str) -> Outcome<T>;
}

impl<T> Trying<T> for io::Result<T> {
    fn trying(self, what: &str) -> Outcome<T> {
        self.map_err(|source| Failure::Io { what: what.to_owned(), source })
    }
}
