//! The trust stores of this machine: the CA is put into each that is there, and taken out of it again. Knows the CA's
//! certificate, never its key.
//!
//! A file a kind of store: `anchors` (the system's on Linux), `nss` (browsers on Linux, and Firefox), `java`, `keychain`
//! (macOS), `windows`. `machine` says where things are, `run` starts other programs, by their whole path and without
//! a shell. Ours is whatever [`Certificate::parse`] takes, this CA's certificate or an older one; nothing else is
//! ever removed.

mod anchors;
mod java;
mod keychain;
mod machine;
mod nss;
mod run;
#[cfg(test)]
mod tests;
mod windows;

use std::fmt;

pub(super) use java::{TrustFile, openssl_trust_file, trust_file};
pub use machine::{Home, Machine, System};
pub(super) use run::Scratch;

use super::certificate::Certificate;

/// A store that trust can be put into.
trait Store {
    /// What it is called in front of people.
    fn name(&self) -> String;
    /// Has it trust the certificate, and no older one of ours.
    fn install(&self, certificate: &Certificate) -> Result<Outcome, Outcome>;
    /// Takes out whatever is ours.
    fn uninstall(&self) -> Result<Outcome, Outcome>;
    /// Whether it trusts the certificate.
    fn state(&self, certificate: &Certificate) -> Result<Outcome, Outcome>;
}

/// What came of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It trusts the CA now.
    Installed,
    /// It trusts the CA, and did before.
    There,
    /// It does not trust it any more.
    Removed,
    /// It does not trust it, and did not before.
    NotThere,
    /// There is no such store on this machine.
    NoStore,
    /// Only an administrator may change it.
    NeedsRights,
    /// A program is missing; what to do about it.
    NeedsProgram(&'static str),
    /// It went wrong; what was said.
    Failed(String),
}

impl Outcome {
    /// Whether somebody has to do something about it.
    pub fn is_trouble(&self) -> bool {
        matches!(self, Self::NeedsRights | Self::NeedsProgram(_) | Self::Failed(_))
    }
}

/// A store, and what came of it; as text one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What the store is called.
    pub store: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The command that would do it as an administrator.
    again: &'static str,
}

impl Line {
    /// What somebody has to do, if anything.
    pub fn help(&self) -> Option<String> {
        match &self.outcome {
            Outcome::NeedsRights if cfg!(windows) => Some(format!("as Administrator: {}", self.again)),
            Outcome::NeedsRights => Some(format!("sudo {}", self.again)),
            Outcome::NeedsProgram(what) => Some(format!("{what}, then: {}", self.again)),
            _ => None,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.store)?;
        match &self.outcome {
            Outcome::Installed => f.write_str("installed"),
            Outcome::There => f.write_str("there"),
            Outcome::Removed => f.write_str("removed"),
            Outcome::NotThere => f.write_str("not there"),
            Outcome::NoStore => f.write_str("not on this machine"),
            Outcome::NeedsRights => write!(f, "needs rights: run {}", self.help().unwrap_or_default()),
            Outcome::NeedsProgram(_) => write!(f, "needs more: {}", self.help().unwrap_or_default()),
            Outcome::Failed(said) => write!(f, "failed: {said}"),
        }
    }
}

const INSTALL: &str = "smsbridge ca install";
const UNINSTALL: &str = "smsbridge ca uninstall";

/// Puts the certificate into every store, once; a line each.
pub fn install(certificate: &Certificate, machine: &Machine) -> Vec<Line> {
    each(machine, INSTALL, |store| store.install(certificate))
}

/// Takes out whatever is ours, a line each.
pub fn uninstall(machine: &Machine) -> Vec<Line> {
    each(machine, UNINSTALL, |store| store.uninstall())
}

/// Whether each store trusts the certificate; changes nothing.
pub fn state(certificate: &Certificate, machine: &Machine) -> Vec<Line> {
    each(machine, INSTALL, |store| store.state(certificate))
}

fn each(
    machine: &Machine,
    again: &'static str,
    job: impl Fn(&dyn Store) -> Result<Outcome, Outcome>,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for kind in kinds(machine) {
        match kind {
            Ok(store) => {
                let outcome = job(store.as_ref()).unwrap_or_else(|trouble| trouble);
                lines.push(Line { store: store.name(), outcome, again });
            }
            Err(name) => lines.push(Line { store: name.to_owned(), outcome: Outcome::NoStore, again }),
        }
    }
    lines
}

/// The stores of this machine in the order in which they are seen to: Java's may be filled by the system's. The name
/// alone of those that are not there.
fn kinds(machine: &Machine) -> Vec<Result<Box<dyn Store + '_>, &'static str>> {
    let mut kinds: Vec<Result<Box<dyn Store + '_>, &'static str>> = Vec::new();
    match machine.system {
        System::Linux => kinds.push(anchors::find(machine).ok_or("system store")),
        System::Mac => kinds.push(keychain::find(machine).ok_or("macOS keychain")),
        System::Windows => kinds.push(windows::find(machine).ok_or("Windows root store")),
    }
    let databases = nss::find(machine);
    if databases.is_empty() && machine.system != System::Windows {
        kinds.push(Err("NSS (Firefox, Chrome)"));
    }
    kinds.extend(databases.into_iter().map(Ok));
    kinds.push(java::find(machine).ok_or("Java cacerts"));
    kinds
}

/// Why a file could not be changed.
fn file_trouble(path: &std::path::Path, error: &std::io::Error) -> Outcome {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Outcome::NeedsRights,
        _ => Outcome::Failed(format!("{}: {error}", path.display())),
    }
}
