//! What clients were told: the server is held to every word of it, however often it was killed since.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

/// What was said in whole answers.
#[derive(Debug, Default)]
pub struct Words {
    /// The numbers that orders were answered with, by id.
    pub bought: BTreeMap<i64, String>,
    /// Ids that two orders were answered with.
    pub twice: Vec<i64>,
    /// Whose they are, those included that a client found in its list.
    pub owner: BTreeMap<i64, usize>,
    /// Those that are rents.
    pub rents: BTreeSet<i64>,
    /// Those that were said to be cancelled.
    pub cancelled: BTreeSet<i64>,
    /// Those that were said to be finished.
    pub finished: BTreeSet<i64>,
    /// The codes that were read.
    pub codes: BTreeSet<(i64, String)>,
    /// How often clients asked for something.
    pub requests: u64,
    /// How often they ordered.
    pub orders: u64,
    /// How often they hung up on an order.
    pub hang_ups: u64,
}

/// The same, written by all clients.
#[derive(Debug, Default)]
pub struct Told(Mutex<Words>);

impl Told {
    /// All of it.
    pub fn words(&self) -> MutexGuard<'_, Words> {
        self.0.lock().unwrap()
    }

    /// A client was sold a number.
    pub fn bought(&self, client: usize, id: i64, phone: &str) {
        let mut words = self.words();
        if words.bought.insert(id, phone.to_owned()).is_some() {
            words.twice.push(id);
        }
        words.owner.insert(id, client);
    }

    /// A client found an id in its list; says whether it did not know it.
    pub fn found(&self, client: usize, id: i64) -> bool {
        self.words().owner.insert(id, client).is_none()
    }
}
