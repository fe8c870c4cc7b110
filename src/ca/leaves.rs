//! The certificates that clients are shown: signed while they knock, by the name they ask for, and kept for a while.
//! Knows no listener and no configuration.

use std::collections::HashMap;
use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::authority::{Authority, LEAF_VALID};
use super::error::CaError;
use super::files;
use crate::clock::Clock;

/// How many leaves are kept. Nobody asks for more names in earnest; one more lets all go.
const KEPT: usize = 256;

/// What is said again and again is said once in so long.
const SAID_EVERY: Duration = Duration::from_secs(60);

/// Leaves by the name that a client asks for (SNI), all names for one that asks for none, and nothing for a name that
/// the CA cannot sign for: such a handshake fails.
///
/// The CA is looked for at every handshake, which is small beside what a handshake costs: one that is made or renewed
/// while the server runs is used at once.
pub struct Leaves {
    folder: PathBuf,
    names: Vec<String>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The CA, and the bytes of the certificate's file that it was read from.
    authority: Option<(Authority, Vec<u8>)>,
    leaves: HashMap<Option<String>, Leaf>,
    /// When something was said last.
    said: Option<Duration>,
}

struct Leaf {
    key: Arc<CertifiedKey>,
    /// When it has to be replaced, which is long before its end.
    old: Timestamp,
}

impl Leaves {
    /// Leaves of the CA in `folder`, which need not be there yet; `names` are those that a client gets that says none.
    pub fn new(folder: PathBuf, names: Vec<String>, clock: Arc<dyn Clock>) -> Self {
        Self { folder, names, clock, state: Mutex::new(State::default()) }
    }

    /// The leaf for a client that asks for `name`; why there is none goes to the log, once in a while.
    pub fn leaf(&self, name: Option<&str>) -> Option<Arc<CertifiedKey>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.find(&mut state, name);
        if let Err(reason) = &found {
            self.say(&mut state, reason);
        }
        found.ok()
    }

    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.state.lock().unwrap().leaves.len()
    }

    fn find(&self, state: &mut State, name: Option<&str>) -> Result<Arc<CertifiedKey>, String> {
        let now = self.clock.now();
        self.look(state).map_err(|error| error.to_string())?;
        let State { authority: Some((authority, _)), leaves, .. } = state else {
            return Err(CaError::Missing { folder: self.folder.clone() }.to_string());
        };
        // Some say the dot that ends a name in the DNS as well; in a certificate there is none.
        let wanted = name.map(|name| name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase());
        if let Some(leaf) = leaves.get(&wanted).filter(|leaf| now < leaf.old) {
            return Ok(Arc::clone(&leaf.key));
        }
        let names = self.names_for(authority, wanted.as_deref())?;
        let (key, ends) = authority.leaf(&names, now).map_err(|error| error.to_string())?;
        let key = Arc::new(key);
        // The second half of its time is for clocks that are ahead, and for connections that last.
        let old = ends.checked_sub(LEAF_VALID / 2).unwrap_or(ends).max(now);
        if leaves.len() >= KEPT {
            leaves.clear();
        }
        leaves.insert(wanted, Leaf { key: Arc::clone(&key), old });
        Ok(key)
    }

    fn names_for(&self, authority: &Authority, wanted: Option<&str>) -> Result<Vec<String>, String> {
        let certificate = authority.certificate();
        match wanted {
            Some(name) if certificate.covers(name) => Ok(vec![name.to_owned()]),
            Some(name) => Err(format!(
                "a client asked for `{name}`, which the CA cannot sign for; if it is to lead here, add it to [redirect] hosts, and then: smsbridge ca init --renew"
            )),
            None => {
                let covered = |name: &&String| certificate.covers(name);
                let names: Vec<String> = self.names.iter().filter(covered).cloned().collect();
                Ok(if names.is_empty() { certificate.permitted().to_vec() } else { names })
            }
        }
    }

    /// Reads the CA again when its certificate is another one. While the new one cannot be used, the old one is.
    fn look(&self, state: &mut State) -> Result<(), CaError> {
        let path = files::certificate(&self.folder);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            // Somebody removed it, and wants no more of its leaves.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                *state = State { said: state.said, ..State::default() };
                return Ok(());
            }
            // It may be there, as where too many files are open.
            Err(_) if state.authority.is_some() => return Ok(()),
            Err(error) => return Err(CaError::reading(&path, error)),
        };
        if state.authority.as_ref().is_some_and(|(_, seen)| *seen == bytes) {
            return Ok(());
        }
        match Authority::load(&self.folder) {
            Ok(authority) => {
                tracing::info!(
                    fingerprint = authority.certificate().fingerprint(),
                    "the CA was read; it signs for {}",
                    authority.certificate().permitted().join(", ")
                );
                state.authority = Some((authority, bytes));
                state.leaves.clear();
                Ok(())
            }
            Err(_) if state.authority.is_some() => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn say(&self, state: &mut State, reason: &str) {
        let now = self.clock.elapsed();
        if state.said.is_none_or(|said| now.saturating_sub(said) >= SAID_EVERY) {
            state.said = Some(now);
            tracing::info!("an HTTPS client was refused: {reason}");
        }
    }
}

impl ResolvesServerCert for Leaves {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.leaf(hello.server_name())
    }
}

impl fmt::Debug for Leaves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaves").field("folder", &self.folder).finish_non_exhaustive()
    }
}
