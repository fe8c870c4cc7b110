//! Who is calling: turns an `api_key` into a caller, or refuses it. Knows no action.
//!
//! Keys are compared by their SHA-256, and digests in constant time; what a wrong key is answered depends on nothing
//! in it.

use std::hint::black_box;

use crate::config::{Clients, Mode};
use crate::dialect::Params;
use crate::dialect::code::{Refusal, Word};
use crate::domain::{KeyDigest, Owner, Secret};
use crate::engine::Caller;

/// A listed client.
struct Client {
    digest: KeyDigest,
    name: String,
}

/// Checks keys.
pub struct Gate {
    mode: Mode,
    clients: Vec<Client>,
}

impl Gate {
    /// A gate for the configured clients.
    pub fn new(clients: &Clients) -> Self {
        let listed = clients.keys.iter();
        let listed = listed.map(|client| Client { digest: client.digest, name: client.name.clone() });
        Self { mode: clients.mode, clients: listed.collect() }
    }

    /// Which keys are accepted.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The caller that a request's key makes.
    pub fn admit(&self, params: &Params) -> Result<Caller, Refusal> {
        let key = params
            .get("api_key")
            .ok_or_else(|| Refusal::new(Word::NoKey, "the parameter api_key is missing"))?;
        let (owner, name, own_key) = match self.mode {
            // No configured name can be "*" or hold a colon, so owners of different modes never meet.
            Mode::Any => ("*".to_owned(), "any".to_owned(), None),
            Mode::Listed => {
                let name = self.listed(&Secret::new(key)).ok_or_else(|| {
                    Refusal::new(
                        Word::BadKey,
                        "this api_key is not listed under [clients.key] of this server",
                    )
                })?;
                (name.clone(), name, None)
            }
            Mode::Passthrough => {
                let key = Secret::new(key);
                let mark = mark(&key);
                (format!("{}{mark}", Owner::BY_KEY), format!("key:{}", &mark[..8]), Some(key))
            }
        };
        let shares_account = self.mode == Mode::Listed && self.clients.len() > 1;
        Ok(Caller { own_key, shares_account, ..Caller::new(Owner(owner), &name) })
    }

    /// The name of the client with this key. All are compared, and each to its end: how long it takes says neither
    /// whether a guess is close nor whose key it is close to.
    fn listed(&self, key: &Secret) -> Option<String> {
        let digest = KeyDigest::of(key);
        let found = self.clients.iter().fold(None, |found, client| {
            let same = black_box(client.digest == digest);
            if same { Some(&client.name) } else { found }
        });
        found.cloned()
    }
}

/// A mark by which a key is known again and from which it cannot be had.
pub(super) fn mark(key: &Secret) -> String {
    let halves = key.digest().into_iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
    halves.filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ClientKey;

    fn gate(mode: Mode) -> Gate {
        let key = ClientKey {
            name: "shop".into(),
            digest: KeyDigest::of(&Secret::new("0123")),
            webhooks: Vec::new(),
        };
        Gate::new(&Clients { mode, keys: vec![key] })
    }

    fn with(key: &str) -> Params {
        Params::of_pairs(vec![("api_key".into(), key.into())])
    }

    #[test]
    fn only_listed_keys_are_let_in_by_a_list() {
        let gate = gate(Mode::Listed);
        assert_eq!(gate.admit(&with("0123")).unwrap().name, "shop");
        assert_eq!(gate.admit(&with("0124")).unwrap_err().text, "BAD_KEY");
        assert_eq!(gate.admit(&with("")).unwrap_err().text, "NO_KEY");
        assert_eq!(gate.admit(&Params::default()).unwrap_err().text, "NO_KEY");
    }

    #[test]
    fn a_passed_through_key_is_used_and_marked_but_not_shown() {
        let gate = gate(Mode::Passthrough);
        let caller = gate.admit(&with("a-key")).unwrap();
        assert_eq!(caller.own_key, Some(Secret::new("a-key")));
        assert!(!format!("{caller:?}").contains("a-key"));
        assert_ne!(caller.owner, gate.admit(&with("b-key")).unwrap().owner);
    }
}
