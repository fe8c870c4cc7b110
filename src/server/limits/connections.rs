//! How many connections are open, in total and from each address. Knows nothing of what goes over them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Source, Turned};

/// What is left of the files that the process may open, for the ledger and for connections to upstreams: a quarter.
const OTHERS: usize = 4;

/// The connections that are open.
pub(super) struct Connections {
    most: usize,
    most_of_one: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    all: usize,
    by_source: HashMap<Source, usize>,
}

/// A connection's place; it is free again when this is dropped.
pub struct Place {
    source: Source,
    open: Arc<Mutex<Open>>,
}

impl Connections {
    /// At most `most`, and `most_of_one` from an address that is not this machine's own.
    pub(super) fn new(most: usize, most_of_one: usize) -> Self {
        Self { most: most.min(allowed_by_system()), most_of_one, open: Arc::default() }
    }

    /// How many there are.
    pub(super) fn open(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// A place for one more.
    pub(super) fn place(&self, source: Source) -> Result<Place, Turned> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= self.most {
            return Err(Turned::Full);
        }
        // Everything on this machine has one address, which says nothing about who it is.
        if !source.is_own() && open.by_source.get(&source).is_some_and(|many| *many >= self.most_of_one) {
            return Err(Turned::AddressFull);
        }
        open.all += 1;
        *open.by_source.entry(source).or_default() += 1;
        Ok(Place { source, open: Arc::clone(&self.open) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        if let Some(many) = open.by_source.get_mut(&self.source) {
            *many = many.saturating_sub(1);
            if *many == 0 {
                open.by_source.remove(&self.source);
            }
        }
    }
}

/// How many connections the system lets the process have, where it says so. Without any left, no upstream could be
/// asked and nobody be refused.
fn allowed_by_system() -> usize {
    let said = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    files_in(&said).map_or(usize::MAX, |files| files - files / OTHERS)
}

/// The soft limit of open files, as Linux tells it.
fn files_in(said: &str) -> Option<usize> {
    let line = said.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Source {
        Source::of(text.parse().unwrap())
    }

    #[test]
    fn there_are_so_many_in_total_and_from_one_address() {
        let connections = Connections::new(3, 2);
        let first = connections.place(of("10.0.0.1")).ok().unwrap();
        let _second = connections.place(of("10.0.0.1")).ok().unwrap();
        assert_eq!(connections.place(of("10.0.0.1")).err(), Some(Turned::AddressFull));
        let _third = connections.place(of("10.0.0.2")).ok().unwrap();
        assert_eq!(connections.place(of("10.0.0.3")).err(), Some(Turned::Full));
        drop(first);
        assert_eq!(connections.open(), 2);
        assert!(connections.place(of("10.0.0.1")).is_ok());
        assert_eq!(connections.open.lock().unwrap().by_source.len(), 2, "who has none is forgotten");
    }

    #[test]
    fn this_machine_may_have_all_of_them() {
        let connections = Connections::new(3, 1);
        let places: Vec<_> = (0..4).map(|_| connections.place(of("127.0.0.1"))).collect();
        assert_eq!(places.iter().filter(|place| place.is_ok()).count(), 3);
    }

    #[test]
    fn the_systems_limit_is_read() {
        let said = "Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 524288               files     \n";
        assert_eq!(files_in(said), Some(1024));
        assert_eq!(
            files_in("Max open files            unlimited            unlimited            files"),
            None
        );
        assert_eq!(files_in(""), None);
    }
}
