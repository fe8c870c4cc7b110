//! `[clients]`: who may use the server. Knows no provider; whether openness is dangerous is judged
//! where listeners and providers are known as well.

use reqwest::Url;

use super::error::{Origin, Problem};
use super::reader::Table;
use super::report::Report;
use super::secret_file::{Refused, key_of};
use super::{is_name, keys, webhooks};
use crate::domain::KeyDigest;

/// Who may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clients {
    /// Which keys are accepted.
    pub mode: Mode,
    /// The keys that are listed; looked at in [`Mode::Listed`] only.
    pub keys: Vec<ClientKey>,
}

/// Which keys of clients are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Every one.
    Any,
    /// Those listed.
    Listed,
    /// Every one, and it is what the upstream is asked with.
    Passthrough,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Any, Self::Listed, Self::Passthrough];

    /// The word for it in `proxy.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Listed => "listed",
            Self::Passthrough => "passthrough",
        }
    }
}

/// A client's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKey {
    /// The client's name, for logs and metrics.
    pub name: String,
    /// What is kept of its key.
    pub digest: KeyDigest,
    /// Where its messages are sent to.
    pub webhooks: Vec<Url>,
}

/// Reads `[clients]`. The mode is `None` when it cannot be told.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> (Option<Mode>, Vec<ClientKey>) {
    let Some(table) = root.table("clients", report) else { return (None, Vec::new()) };
    table.refuse_unknown(keys::CLIENTS, report);
    let mode = mode(&table, report);
    let named = table.table("key", report);
    let keys = named.as_ref().map(|named| client_keys(named, report)).unwrap_or_default();
    let place = |name: &str| table.get(name).map_or(Origin::Default, |node| node.origin);
    match mode {
        // A key that was refused has been reported; that there is none would be a second, false complaint.
        Some(Mode::Listed) if named.is_none_or(|named| named.entries().next().is_none()) => {
            report.error(&place("mode"), &table.place("mode"), Problem::NoClientKey);
        }
        Some(other @ (Mode::Any | Mode::Passthrough)) if !keys.is_empty() => {
            let text = format!(
                "the keys are not looked at while mode = \"{}\"; set mode = \"listed\"",
                other.word()
            );
            report.warn(&place("key"), &table.place("key"), text);
        }
        _ => {}
    }
    (mode, keys)
}

fn mode(table: &Table<'_>, report: &mut Report) -> Option<Mode> {
    let node = table.get("mode")?;
    let text = node.text(report)?;
    let mode = Mode::ALL.into_iter().find(|mode| mode.word() == text);
    if mode.is_none() {
        let words = Mode::ALL.map(Mode::word);
        node.fail(
            report,
            Problem::UnknownWord {
                text: text.to_owned(),
                suggestion: keys::nearest(text, &words).map(str::to_owned),
                known: words.join(", "),
            },
        );
    }
    mode
}

fn client_keys(named: &Table<'_>, report: &mut Report) -> Vec<ClientKey> {
    let mut keys: Vec<ClientKey> = Vec::new();
    for (name, node) in named.entries() {
        if !is_name(name) {
            node.fail(report, Problem::BadName(name.to_owned()));
        }
        let Some(table) = node.table(report) else { continue };
        table.refuse_unknown(keys::CLIENT_KEY, report);
        let webhooks = webhooks::urls(&table, "webhooks", report).unwrap_or_default();
        match digest_of(&table, report) {
            Err(_) => {}
            Ok(None) => node.fail(report, Problem::NoKey),
            Ok(Some(digest)) => {
                if let Some(other) = keys.iter().find(|other| other.digest == digest) {
                    node.fail(report, Problem::SameKey(named.place(&other.name)));
                }
                keys.push(ClientKey { name: name.to_owned(), digest, webhooks });
            }
        }
    }
    keys
}

/// A client's key as far as it is kept: the hash that is given, or that of the key.
fn digest_of(table: &Table<'_>, report: &mut Report) -> Result<Option<KeyDigest>, Refused> {
    let key = key_of(table, report)?;
    let Some(node) = table.get("api_key_sha256") else { return Ok(key.as_ref().map(KeyDigest::of)) };
    let text = node.text(report).ok_or(Refused)?;
    // The text is not repeated: it may be the key itself.
    let problem = match KeyDigest::parse(text) {
        Some(digest) if key.is_none() => return Ok(Some(digest)),
        Some(_) => Problem::HashAndKey,
        None => Problem::BadHash,
    };
    node.fail(report, problem);
    Err(Refused)
}
