//! Which of the names that may be redirected lead to this machine now, by the system's hosts file. Knows no request.
//!
//! A page whose name is made to lead here by the DNS must not be answered, and the legacy names are anybody's to buy. But
//! where the hosts file leads a name to this machine, the DNS is not asked about it, and no page of another machine can
//! have it. So the hosts file is what lets a name in.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::entries::{Entry, entries};
use super::system;
use crate::config::RedirectConfig;

/// The names that may be redirected, and the hosts file that says which are.
#[derive(Debug)]
pub struct Here {
    names: Vec<String>,
    file: PathBuf,
    seen: Mutex<Option<Seen>>,
}

/// What the file said when it was this old and so long.
#[derive(Debug)]
struct Seen {
    stamp: (Option<SystemTime>, u64),
    here: BTreeSet<String>,
}

impl Here {
    /// These names, in small letters, by this file.
    pub fn new(names: Vec<String>, file: PathBuf) -> Self {
        Self { names, file, seen: Mutex::new(None) }
    }

    /// What a configuration says, by the system's hosts file.
    pub fn of(config: &RedirectConfig) -> Arc<Self> {
        Arc::new(Self::new(config.names.clone(), system::hosts_file()))
    }

    /// Whether it is one of the names, wherever it leads; `name` is in small letters.
    pub fn may(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// Whether it is one of the names and leads to this machine itself; `name` is in small letters. Looks at the file
    /// each time, and reads it when it has changed.
    pub fn leads(&self, name: &str) -> bool {
        if !self.may(name) {
            return false;
        }
        let Ok(about) = fs::metadata(&self.file) else { return false };
        let stamp = (about.modified().ok(), about.len());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.as_ref().is_none_or(|seen| seen.stamp != stamp) {
            *seen = Some(Seen { stamp, here: self.read() });
        }
        seen.as_ref().is_some_and(|seen| seen.here.contains(name))
    }

    /// A name that any line leads elsewhere is not counted: nobody knows which line will be taken.
    fn read(&self) -> BTreeSet<String> {
        let found = entries(&fs::read(&self.file).unwrap_or_default());
        let names_of = |here: bool| {
            let entries = found.iter().filter(move |entry| is_here(entry) == here);
            entries.flat_map(|entry| &entry.names).cloned().collect::<BTreeSet<_>>()
        };
        names_of(true).difference(&names_of(false)).cloned().collect()
    }
}

fn is_here(entry: &Entry) -> bool {
    entry.address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_let_in_while_the_file_leads_it_here() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hosts");
        let names = ["a.b", "c.d", "e.f"].map(str::to_owned).to_vec();
        let here = Here::new(names, file.clone());
        let led = || ["a.b", "c.d", "e.f", "g.h"].map(|name| here.leads(name));
        assert_eq!(led(), [false; 4], "there is no file");
        fs::write(&file, "127.0.0.1 A.b g.h\n10.0.0.1 c.d\n::1 e.f\n").unwrap();
        assert_eq!(led(), [true, false, true, false]);
        fs::write(&file, "127.0.0.1 a.b\n10.0.0.1 a.b\n127.9.9.9 c.d e.f\n").unwrap();
        assert_eq!(led(), [false, true, true, false], "one that leads to two places is not counted");
        fs::remove_file(&file).unwrap();
        assert_eq!(led(), [false; 4]);
        assert!(here.may("c.d") && !here.may("g.h"));
    }
}
