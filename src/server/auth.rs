//! Who is calling: turns an `api_key` into a caller, or refuses it. Knows no action.

use std::collections::HashMap;
use std::fmt::Write;

use crate::config::{Clients, Mode};
use crate::dialect::Params;
use crate::dialect::code::{Refusal, Word};
use crate::domain::{Owner, Secret};
use crate::engine::Caller;

/// Checks keys.
pub struct Gate {
    mode: Mode,
    /// Names by the keys' digests: a look-up by digest takes the same time whatever was guessed right.
    names: HashMap<[u8; 32], String>,
}

impl Gate {
    /// A gate for the configured clients.
    pub fn new(clients: &Clients) -> Self {
        let names = clients.keys.iter().map(|client| (client.api_key.digest(), client.name.clone()));
        Self { mode: clients.mode, names: names.collect() }
    }

    /// Whether every key is accepted.
    pub fn is_open(&self) -> bool {
        self.mode == Mode::Any
    }

    /// The caller that a request's key makes.
    pub fn admit(&self, params: &Params) -> Result<Caller, Refusal> {
        let key = params
            .get("api_key")
            .map(Secret::new)
            .ok_or_else(|| Refusal::new(Word::NoKey, "the parameter api_key is missing"))?;
        let (owner, name, own_key) = match self.mode {
            // No configured name can be "*" or hold a colon, so owners of different modes never meet.
            Mode::Any => ("*".to_owned(), "any".to_owned(), None),
            Mode::Listed => {
                let name = self.names.get(&key.digest()).cloned().ok_or_else(|| {
                    Refusal::new(
                        Word::BadKey,
                        "this api_key is not listed under [clients.key] of this server",
                    )
                })?;
                (name.clone(), name, None)
            }
            Mode::Passthrough => {
                let mark = mark(&key);
                (format!("{}{mark}", Owner::BY_KEY), format!("key:{}", &mark[..8]), Some(key))
            }
        };
        let shares_account = self.mode == Mode::Listed && self.names.len() > 1;
        Ok(Caller { own_key, shares_account, ..Caller::new(Owner(owner), &name) })
    }
}

/// A mark by which a key is known again and from which it cannot be had.
fn mark(key: &Secret) -> String {
    key.digest()[..16].iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ClientKey;

    fn gate(mode: Mode) -> Gate {
        let key = ClientKey { name: "shop".into(), api_key: Secret::new("0123"), webhooks: Vec::new() };
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
