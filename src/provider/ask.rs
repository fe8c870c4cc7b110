//! What an upstream is asked and answers, before anybody reads it: the purpose of a request, where it goes, and the
//! bytes that came back. Knows no provider's paths, parameters or words.

use crate::domain::Secret;

/// What a request is for: it decides what may be done when it fails, and who goes first where not all
/// may go at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// It buys or changes something: once its bytes may have arrived it is never sent again.
    Act,
    /// It asks what an order waits for, a price or a number of the upstream's own; it may be asked again.
    Ahead,
    /// It asks how an activation stands, which somebody waits for; it may be asked again.
    Poll,
    /// It asks for a list or a balance, and may be asked again.
    List,
}

impl Purpose {
    /// Whether it changes nothing, so that it may be asked again.
    pub fn is_read(self) -> bool {
        self != Self::Act
    }

    /// The word for it in a metric.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::Ahead => "ahead",
            Self::Poll => "poll",
            Self::List => "list",
        }
    }
}

/// Where at an upstream a request goes.
#[derive(Debug, Clone, Copy)]
pub struct Route<'a> {
    /// The path, as it may stand in a log.
    pub path: &'a str,
    /// A last part of the path that may not: the key, where an upstream wants it there.
    pub key: Option<&'a Secret>,
}

impl<'a> Route<'a> {
    /// A path without a secret.
    pub fn to(path: &'a str) -> Self {
        Self { path, key: None }
    }

    /// A path that ends with the key.
    pub fn with_key(path: &'a str, key: &'a Secret) -> Self {
        Self { path, key: Some(key) }
    }
}

/// An upstream's answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}
