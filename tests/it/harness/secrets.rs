//! What must never be said: the keys, numbers, codes and texts of the test that runs in this thread. They are kept
//! in a file of the whole run as well, for who looks through everything afterwards.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use smsbridge::mock::{Market, Running};

use super::said;

/// What is shorter may stand anywhere by chance: in a time, a port, an id.
pub const TELLING: usize = 8;

thread_local! {
    static TEXTS: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    static MARKETS: RefCell<Vec<Arc<Market>>> = const { RefCell::new(Vec::new()) };
}

/// From now on this is secret.
pub fn keep(text: &str) {
    if text.len() >= TELLING && TEXTS.with_borrow_mut(|texts| texts.insert(text.to_owned())) {
        said::also_secret(text);
    }
}

/// So is every key in a configuration.
pub fn keep_those_of(toml: &str) {
    for line in toml.lines() {
        let Some((name, value)) = line.split_once('=') else { continue };
        if ["api_key", "secret"].contains(&name.trim()) {
            keep(value.trim().trim_matches(['"', '\'']));
        }
    }
}

/// And whatever this stand-in sells and delivers.
pub fn keep_those_sold_by(upstream: &Running) {
    MARKETS.with_borrow_mut(|markets| markets.push(Arc::clone(upstream.market())));
}

/// All of them, up to now.
pub fn all() -> BTreeSet<String> {
    for lot in
        MARKETS.with_borrow(|markets| markets.iter().flat_map(|market| market.lots()).collect::<Vec<_>>())
    {
        // The last two digits may be shown; the whole number may not, nor most of it.
        keep(&lot.phone[..lot.phone.len() - 2]);
        for message in lot.messages {
            keep(&message.code);
            keep(&message.text);
        }
    }
    TEXTS.with_borrow(Clone::clone)
}
