//! Asking upstreams about activations and rents whose messages somebody is sent, though no client asks. Knows no
//! timer: the server says when.

use std::sync::Arc;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};

use super::book::Entry;
use super::poll::{Form, Who};
use super::{Caller, Engine};
use crate::domain::Outline;

/// How many questions of this kind one upstream is asked at a time: clients' own have to find their turn beside
/// them, however many activations wait.
const ASKED_AT_A_TIME: usize = 2;

impl Engine {
    /// Asks once about everything that waits for a message which somebody is to be sent; what was asked about
    /// less than a poll interval ago is left out.
    pub async fn poll_for_webhooks(self: &Arc<Self>) {
        join_all(self.sellers().into_iter().map(|seller| self.poll_seller_for_webhooks(seller))).await;
    }

    /// The marks of all that are asked.
    pub fn sellers(&self) -> Vec<&str> {
        self.sellers.keys().map(String::as_str).collect()
    }

    /// The same about what one of [`Engine::sellers`] sold.
    pub async fn poll_seller_for_webhooks(self: &Arc<Self>, seller: &str) {
        if self.webhooks.is_nobody() && !self.book.named_webhooks() {
            return;
        }
        let now = self.clock.now();
        let mut watched = self.book.all(|outline| {
            let waits = !outline.unwanted && outline.awaits_messages(now) && outline.is_active(now);
            let may_want = outline.names_webhook || self.webhooks.wants_all_of(&outline.owner);
            waits && may_want && *outline.provider == seller
        });
        watched.retain(|entry| entry.read(|activation| self.webhooks.wants(activation)));
        // Without a key of our own (the clients bring theirs) there is nothing to ask with.
        let asked = watched.into_iter().filter(|entry| self.has_key_for(entry));
        stream::iter(asked).for_each_concurrent(ASKED_AT_A_TIME, |entry| self.watch(entry)).await;
    }

    async fn watch(self: &Arc<Self>, entry: Arc<Entry>) {
        let (owner, id) = entry.outline(|outline| (outline.owner.as_ref().clone(), outline.id));
        let caller = Caller::new(owner, "webhooks");
        let asked = match entry.outline(Outline::is_rent) {
            true => self.refresh_rent(&caller, &entry, Who::Server).await,
            false => self.refresh(&caller, &entry, Form::Plain, Who::Server).await,
        };
        if let Err(fault) = asked {
            tracing::debug!(id = id.get(), %fault, "not known whether a message came");
        }
    }
}
