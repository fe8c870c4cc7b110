//! Messages that are sent to addresses instead of being asked for: which addresses, in which form, signed how,
//! and over which connections. Knows neither the ledger nor when anything is due.
//!
//! Source: `api/sms-activate.txt`, "Webhooks", and there "Заказ номера для Аренды" for an address that a
//! client names.

pub mod address;
mod body;
mod guard;
mod lookup;
mod reach;
mod sender;
mod signature;

use std::collections::HashMap;
use std::time::Duration;

use reqwest::Url;

pub use guard::{Guard, Refused};
pub use sender::{NotTaken, Sender};

use crate::config::{Clients, Mode, WebhooksConfig};
use crate::domain::{Activation, Owner};
pub use body::written;

/// An address that is to get the messages of an activation.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Where.
    pub url: Url,
    /// Whether a client named it, so that it may only be what the operator allows.
    pub guarded: bool,
}

/// Who is to get messages, and the way there.
pub struct Webhooks {
    urls: Vec<Url>,
    /// Those of single clients, by the owner's mark.
    of_clients: HashMap<String, Vec<Url>>,
    guard: Guard,
    /// The way to an address.
    pub sender: Sender,
}

impl Webhooks {
    /// As they are configured.
    pub fn new(config: &WebhooksConfig, clients: &Clients) -> Self {
        // In other modes the keys that are listed are not looked at, and no owner is called as one of them.
        let listed = clients.keys.iter().filter(|_| clients.mode == Mode::Listed);
        let guard = Guard::new(config.allow.clone());
        Self {
            urls: config.urls.clone(),
            of_clients: listed.map(|client| (client.name.clone(), client.webhooks.clone())).collect(),
            guard: guard.clone(),
            sender: Sender::new(guard, config.secret.as_ref(), config.timeout),
        }
    }

    /// Nobody is sent anything.
    pub fn none() -> Self {
        let guard = Guard::new(Vec::new());
        let sender = Sender::new(guard.clone(), None, Duration::ZERO);
        Self { urls: Vec::new(), of_clients: HashMap::new(), guard, sender }
    }

    /// The address that a client named, if it may name it.
    ///
    /// # Errors
    /// Why it may not; the text holds nothing of the address but its host.
    pub fn allowed(&self, url: &str) -> Result<Url, Refused> {
        self.guard.admit(url)
    }

    /// Who gets an activation's messages, each once. Those of a number that no client was handed out nobody does.
    pub fn of(&self, activation: &Activation) -> Vec<Address> {
        if activation.unwanted {
            return Vec::new();
        }
        let own = |url: &Url| Address { url: url.clone(), guarded: false };
        let mut addresses: Vec<Address> = Vec::new();
        let named = activation.rent.as_ref().and_then(|rent| rent.webhook.as_deref());
        let named = named.and_then(|url| self.allowed(url).ok()).map(|url| Address { url, guarded: true });
        for address in self.urls.iter().chain(self.of_client(&activation.owner)).map(own).chain(named) {
            if !addresses.iter().any(|other| other.url == address.url) {
                addresses.push(address);
            }
        }
        addresses
    }

    /// Whether nobody is sent anything but what an order itself names an address for.
    pub fn is_nobody(&self) -> bool {
        self.urls.is_empty() && self.of_clients.values().all(Vec::is_empty)
    }

    /// Whether anybody gets the messages of all that is this owner's.
    pub fn wants_all_of(&self, owner: &Owner) -> bool {
        !self.urls.is_empty() || !self.of_client(owner).is_empty()
    }

    /// Whether anybody gets an activation's messages.
    pub fn wants(&self, activation: &Activation) -> bool {
        let named = || activation.rent.as_ref().and_then(|rent| rent.webhook.as_deref());
        let named = || named().is_some_and(|url| self.allowed(url).is_ok());
        !activation.unwanted && (self.wants_all_of(&activation.owner) || named())
    }

    fn of_client(&self, owner: &Owner) -> &[Url] {
        self.of_clients.get(&owner.0).map(Vec::as_slice).unwrap_or_default()
    }
}
