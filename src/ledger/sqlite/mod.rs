//! The ledger in an embedded SQLite file: commands go over a channel to the one thread that writes,
//! which commits whatever waits for it at once. Knows nothing of what an activation's states mean.
//!
//! | file | what is in it |
//! |---|---|
//! | `address` | which file is meant |
//! | `lock`, `look`, `open`, `schema` | from a file to a connection, without harm to a foreign one |
//! | `worker`, `batch` | the threads, and group commit |
//! | `check` | looking at the whole of a large one while it is used |
//! | `health`, `identity` | whether it can be written, and is still the file of its name |
//! | `backup`, `retention`, `trim` | a copy of it; letting go of what is long over |
//! | `purchases`, `prices`, `activations`, `deliveries`, `rows` | the statements, and what the rows mean |
//! | `reading` | a look into a ledger that another process may have |
//! | `doubts` | what is in doubt, and what is known of accounts |
//! | `goods`, `mails`, `products` | the same for mail addresses and partner products |
//! | `kept`, `charges` | what nobody received; what all this cost |
//! | `backlog` | what is left to be done, and whether anything can be written |

mod activations;
mod address;
mod backlog;
pub mod backup;
mod batch;
mod charges;
mod check;
mod deliveries;
mod doubts;
mod failure;
mod goods;
mod health;
mod identity;
mod kept;
mod lock;
mod look;
mod mails;
mod open;
mod prices;
mod products;
mod purchases;
mod reading;
mod retention;
mod rows;
mod schema;
#[cfg(test)]
mod tests;
mod trim;
mod worker;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{
    Account, Charge, Charges, Checkpoint, Delivery, Doubt, Doubts, DueQuery, Goods, GoodsDoubt, GoodsIntent,
    HistoryQuery, Intent, Kept, Ledger, LedgerError, Left, MailPage, MailQuery, Movements, Outbox, Tally,
    Unknown, Unmet,
};
use crate::clock::Clock;
use crate::domain::{
    Activation, ActivationId, Held, Mail, MailOrder, Money, Product, ProductNumber, Service,
};
use crate::metrics::Writes;
use address::Address;
use check::Check;
use health::Health;
use identity::Identity;
pub use reading::{OrderLine, Reading};
use retention::Retention;
use worker::Worker;

/// A ledger in an SQLite file. Dropping it writes everything out, as `close` does, and blocks
/// meanwhile.
pub struct SqliteLedger {
    health: Arc<Health>,
    retention: Retention,
    clock: Arc<dyn Clock>,
    /// The last id that an earlier process gave.
    inherited: i64,
    /// The look at the whole of it, where that is not over before it is used.
    check: Option<Check>,
    /// Reads on its own, where the ledger is a file, so that a long history holds up no purchase.
    /// Listed before the writer, because the last connection that is closed tidies up.
    reader: Option<Worker>,
    writer: Worker,
}

impl SqliteLedger {
    /// Opens the ledger at `url` (`sqlite:FILE`, or `sqlite::memory:` for one that ends with its
    /// process), or makes it. Blocks for as long as it takes to check the whole file; a large one is checked while it is
    /// used already, and orders wait for that.
    ///
    /// # Errors
    /// When another process has it, when it is damaged, newer than this program or no ledger at all
    /// (nothing in it is changed then), and when it cannot be written.
    pub fn open(url: &str, clock: Arc<dyn Clock>) -> Result<Self, LedgerError> {
        Self::open_within(url, clock, look::SHORT)
    }

    fn open_within(url: &str, clock: Arc<dyn Clock>, short: u64) -> Result<Self, LedgerError> {
        match Address::parse(url)? {
            Address::Memory => {
                let place = ":memory:";
                let opened = open::memory(clock.now()).map_err(|failure| failure.at(place))?;
                Self::start(Health::new(place.into(), None), clock, opened)
            }
            Address::File(path) => {
                let opened = open::file(&path, clock.now(), short)?;
                let unchecked = opened.unchecked;
                let mut ledger = Self::start(Self::health_of(&path), clock, opened)?;
                if unchecked {
                    ledger.check = Some(Check::begin(&path, Arc::clone(&ledger.health))?);
                }
                Ok(ledger)
            }
        }
    }

    fn health_of(path: &Path) -> Health {
        Health::new(path.display().to_string().into(), Some(Identity::of(path)))
    }

    fn start(health: Health, clock: Arc<dyn Clock>, opened: open::Opened) -> Result<Self, LedgerError> {
        let inherited = schema::last_id(&opened.writer).map_err(|failure| failure.at(health.place()))?;
        let health = Arc::new(health);
        let start = |name, connection, lock| Worker::start(name, Arc::clone(&health), connection, lock);
        let writer = start("ledger-writer", opened.writer, opened.lock)?;
        let reader = opened.reader.map(|reader| start("ledger-reader", reader, None)).transpose()?;
        Ok(Self { health, retention: Retention::forever(), clock, inherited, check: None, reader, writer })
    }

    /// The same, with what was bought let go so long after its end ([`Ledger::tidy`]); `None` keeps it for ever.
    #[must_use]
    pub fn keeping(mut self, keep: Option<Duration>) -> Self {
        self.retention.keep = keep.map(|keep| SignedDuration::try_from(keep).unwrap_or(SignedDuration::MAX));
        self
    }

    /// Lets go of what is long over, a piece at a time: other writes go between the pieces.
    async fn trim(&self) -> Result<u64, LedgerError> {
        let limits = trim::Limits::at(self.clock.now(), self.retention.keep);
        let mut gone = 0;
        for shelf in &trim::SHELVES {
            let mut next = Some(0);
            while let Some(after) = next {
                let look = move |connection: &_| trim::look(connection, shelf, after, limits);
                let piece = self.reader().read(look).await?;
                for ids in piece.over.chunks(trim::CHUNK).map(<[i64]>::to_vec) {
                    let delete = move |connection: &_| trim::delete(connection, shelf, &ids, limits);
                    gone += self.writer.write(delete).await?;
                }
                next = piece.next;
            }
        }
        Ok(gone)
    }

    /// How many transactions were made; compared with the number of writes it tells how many share one.
    pub fn transactions(&self) -> u64 {
        self.writer.commits()
    }

    /// Whether an order may be written down, as soon as all of the ledger was looked at.
    async fn may_order(&self) -> Result<(), LedgerError> {
        if let Some(check) = &self.check {
            check.over().await;
        }
        self.health.may_order()
    }

    fn reader(&self) -> &Worker {
        self.reader.as_ref().unwrap_or(&self.writer)
    }
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn intend_all(&self, intents: Vec<Intent>) -> Result<Vec<ActivationId>, LedgerError> {
        self.may_order().await?;
        let all = move |connection: &_| {
            intents.iter().map(|intent| purchases::intend(connection, intent)).collect()
        };
        self.writer.write(all).await
    }

    async fn settle_all(&self, activations: Vec<Activation>) -> Result<(), LedgerError> {
        let all = move |connection: &_| {
            activations.iter().try_for_each(|activation| purchases::settle(connection, activation))
        };
        self.writer.write(all).await
    }

    async fn release(&self, id: ActivationId, reason: String) -> Result<(), LedgerError> {
        self.writer.write(move |connection| purchases::release(connection, id, &reason)).await
    }

    async fn doubt(&self, id: ActivationId, reason: String) -> Result<(), LedgerError> {
        self.writer.write(move |connection| purchases::doubt(connection, id, &reason)).await
    }

    async fn update_and_queue(&self, activation: Activation, outbox: Outbox) -> Result<(), LedgerError> {
        let now = self.clock.now();
        let update = move |connection: &_| activations::update(connection, &activation, &outbox, now);
        self.writer.write(update).await
    }

    async fn due_deliveries(&self, query: DueQuery) -> Result<Vec<Delivery>, LedgerError> {
        self.reader().read(move |connection| deliveries::due(connection, &query)).await
    }

    async fn postpone(&self, delivery: Delivery, due_at: Timestamp) -> Result<(), LedgerError> {
        let due_at = due_at.as_millisecond();
        self.writer.write(move |connection| deliveries::postpone(connection, &delivery, due_at)).await
    }

    async fn close_delivery(&self, delivery: Delivery) -> Result<(), LedgerError> {
        self.writer.write(move |connection| deliveries::close(connection, &delivery)).await
    }

    async fn unpriced(&self, since: Timestamp) -> Result<Vec<(ActivationId, Intent)>, LedgerError> {
        self.reader().read(move |connection| prices::unpriced(connection, since)).await
    }

    async fn note_price(&self, id: ActivationId, price: Money) -> Result<(), LedgerError> {
        self.writer.write(move |connection| prices::note(connection, id, &price)).await
    }

    async fn open_after(
        &self,
        after: Option<ActivationId>,
        limit: u32,
    ) -> Result<Vec<Activation>, LedgerError> {
        self.reader().read(move |connection| activations::open(connection, after, limit)).await
    }

    async fn find(&self, id: ActivationId) -> Result<Option<Activation>, LedgerError> {
        self.reader().read(move |connection| activations::find(connection, id)).await
    }

    async fn history(&self, query: HistoryQuery) -> Result<Vec<Activation>, LedgerError> {
        self.reader().read(move |connection| activations::history(connection, &query)).await
    }

    async fn tally(&self, service: Service) -> Result<Vec<Tally>, LedgerError> {
        self.reader().read(move |connection| activations::tally(connection, &service)).await
    }

    async fn take_up_doubts(&self) -> Result<Vec<Doubt>, LedgerError> {
        let last = self.inherited;
        self.writer.write(move |connection| purchases::take_up_doubts(connection, last)).await
    }

    async fn give_up_waiting(&self, reason: String) -> Result<Vec<ActivationId>, LedgerError> {
        let all = move |connection: &_| {
            let mut ids = purchases::give_up_waiting(connection, &reason)?;
            ids.extend(goods::give_up_waiting(connection, &reason)?);
            Ok(ids)
        };
        self.writer.write(all).await
    }

    async fn backlog(&self) -> Result<Left, LedgerError> {
        self.reader().read(backlog::left).await
    }

    async fn probe(&self) -> Result<(), LedgerError> {
        self.writer.write(backlog::probe).await
    }

    fn count_writes(&self, writes: &Arc<Writes>) {
        self.writer.count(writes);
    }

    async fn tidy(&self) -> Result<u64, LedgerError> {
        if self.health.check().is_err() {
            // Whether that has passed shows by writing.
            return self.writer.write(schema::touch).await.map(|()| 0);
        }
        if self.retention.is_due(self.clock.as_ref()) { self.trim().await } else { Ok(0) }
    }

    fn health(&self) -> Result<(), LedgerError> {
        self.health.check()
    }

    async fn close(&self) {
        if let Some(check) = &self.check {
            check.end();
        }
        if let Some(reader) = &self.reader {
            reader.close().await;
        }
        self.writer.close().await;
    }

    fn place(&self) -> String {
        self.health.place().to_owned()
    }
}

#[async_trait]
impl Kept for SqliteLedger {
    async fn settle_unmet(&self, activations: Vec<Activation>, until: Timestamp) -> Result<(), LedgerError> {
        self.writer.write(move |connection| kept::settle(connection, &activations, until)).await
    }

    async fn keep(&self, ids: Vec<ActivationId>, until: Timestamp) -> Result<(), LedgerError> {
        self.writer.write(move |connection| kept::mark_all(connection, &ids, Some(until))).await
    }

    async fn let_go(&self, ids: Vec<ActivationId>) -> Result<(), LedgerError> {
        self.writer.write(move |connection| kept::mark_all(connection, &ids, None)).await
    }

    async fn unmet(&self) -> Result<Vec<Unmet>, LedgerError> {
        self.reader().read(kept::unmet).await
    }
}

#[async_trait]
impl Charges for SqliteLedger {
    async fn charges(&self, from: Timestamp) -> Result<Vec<Charge>, LedgerError> {
        self.reader().read(move |connection| charges::since(connection, from)).await
    }
}

#[async_trait]
impl Goods for SqliteLedger {
    async fn intend_mail(&self, intent: GoodsIntent<MailOrder>) -> Result<ActivationId, LedgerError> {
        self.may_order().await?;
        self.writer.write(move |connection| mails::intend(connection, &intent)).await
    }

    async fn settle_mail(&self, mail: Mail) -> Result<(), LedgerError> {
        self.writer.write(move |connection| mails::settle(connection, &mail)).await
    }

    async fn update_mail(&self, mail: Mail) -> Result<(), LedgerError> {
        self.writer.write(move |connection| mails::update(connection, &mail)).await
    }

    async fn intend_product(&self, intent: GoodsIntent<ProductNumber>) -> Result<ActivationId, LedgerError> {
        self.may_order().await?;
        self.writer.write(move |connection| products::intend(connection, &intent)).await
    }

    async fn settle_product(&self, product: Product) -> Result<(), LedgerError> {
        self.writer.write(move |connection| products::settle(connection, &product)).await
    }

    async fn release_goods(&self, id: ActivationId, reason: String) -> Result<(), LedgerError> {
        self.writer.write(move |connection| goods::release(connection, id, &reason)).await
    }

    async fn doubt_goods(&self, id: ActivationId, reason: String) -> Result<(), LedgerError> {
        self.writer.write(move |connection| goods::doubt(connection, id, &reason)).await
    }

    async fn find_mail(&self, id: ActivationId) -> Result<Option<Mail>, LedgerError> {
        self.reader().read(move |connection| mails::find(connection, id)).await
    }

    async fn mails(&self, query: MailQuery) -> Result<MailPage, LedgerError> {
        self.reader().read(move |connection| mails::page(connection, &query)).await
    }

    async fn find_product(&self, id: ActivationId) -> Result<Option<Product>, LedgerError> {
        self.reader().read(move |connection| products::find(connection, id)).await
    }

    async fn take_up_doubtful_goods(&self) -> Result<Vec<GoodsDoubt>, LedgerError> {
        let last = self.inherited;
        self.writer.write(move |connection| goods::take_up_doubts(connection, last)).await
    }
}

#[async_trait]
impl Doubts for SqliteLedger {
    async fn unknown(&self) -> Result<Unknown, LedgerError> {
        self.reader().read(doubts::unknown).await
    }

    async fn known(&self, seller: String, held: Vec<Held>) -> Result<HashSet<String>, LedgerError> {
        self.reader().read(move |connection| doubts::known(connection, &seller, held)).await
    }

    async fn account(&self, seller: String, mark: String, now: Timestamp) -> Result<Account, LedgerError> {
        self.writer.write(move |connection| doubts::account(connection, &seller, &mark, now)).await
    }

    async fn note_balance(&self, seller: String, checkpoint: Checkpoint) -> Result<(), LedgerError> {
        self.writer.write(move |connection| doubts::note_balance(connection, &seller, checkpoint)).await
    }

    async fn has_moved(&self, seller: String, since: Timestamp) -> Result<bool, LedgerError> {
        self.reader().read(move |connection| doubts::has_moved(connection, &seller, since)).await
    }

    async fn awaits_refund(&self, seller: String) -> Result<bool, LedgerError> {
        self.reader().read(move |connection| doubts::awaits_refund(connection, &seller)).await
    }

    async fn was_prolonged(&self, seller: String, since: Timestamp) -> Result<bool, LedgerError> {
        self.reader().read(move |connection| doubts::was_prolonged(connection, &seller, since)).await
    }

    async fn movements(&self, seller: String, since: Timestamp) -> Result<Movements, LedgerError> {
        self.reader().read(move |connection| doubts::movements(connection, &seller, since)).await
    }
}
