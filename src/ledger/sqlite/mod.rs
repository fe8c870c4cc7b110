//! The ledger in an embedded SQLite file: commands go over a channel to the one thread that writes,
//! which commits whatever waits for it at once. Knows nothing of what an activation's states mean.
//!
//! | file | what is in it |
//! |---|---|
//! | `address` | which file is meant |
//! | `lock`, `look`, `open`, `schema` | from a file to a connection, without harm to a foreign one |
//! | `worker`, `batch` | the threads, and group commit |
//! | `purchases`, `activations`, `deliveries`, `rows` | the statements, and what the rows mean |
//! | `goods`, `mails`, `products` | the same for mail addresses and partner products |
//! | `kept`, `charges` | what nobody received; what all this cost |

mod activations;
mod address;
mod batch;
mod charges;
mod deliveries;
mod failure;
mod goods;
mod kept;
mod lock;
mod look;
mod mails;
mod open;
mod products;
mod purchases;
mod rows;
mod schema;
#[cfg(test)]
mod tests;
mod worker;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    Charge, Charges, Delivery, Doubt, DueQuery, Goods, GoodsDoubt, GoodsIntent, HistoryQuery, Intent, Kept,
    Ledger, LedgerError, MailPage, MailQuery, Outbox, Tally, Unmet,
};
use crate::clock::Clock;
use crate::domain::{Activation, ActivationId, Mail, MailOrder, Product, ProductNumber, Service};
use address::Address;
use worker::Worker;

/// A ledger in an SQLite file. Dropping it writes everything out, as `close` does, and blocks
/// meanwhile.
pub struct SqliteLedger {
    place: Arc<str>,
    clock: Arc<dyn Clock>,
    /// The last id that an earlier process gave.
    inherited: i64,
    /// Reads on its own, where the ledger is a file, so that a long history holds up no purchase.
    /// Listed before the writer, because the last connection that is closed tidies up.
    reader: Option<Worker>,
    writer: Worker,
}

impl SqliteLedger {
    /// Opens the ledger at `url` (`sqlite:FILE`, or `sqlite::memory:` for one that ends with its
    /// process), or makes it. Blocks for as long as it takes to check the whole file.
    ///
    /// # Errors
    /// When another process has it, when it is damaged, newer than this program or no ledger at all
    /// (nothing in it is changed then), and when it cannot be written.
    pub fn open(url: &str, clock: Arc<dyn Clock>) -> Result<Self, LedgerError> {
        let (place, opened) = match Address::parse(url)? {
            Address::Memory => {
                let place = ":memory:";
                (place.into(), open::memory(clock.now()).map_err(|failure| failure.at(place))?)
            }
            Address::File(path) => (path.display().to_string().into(), open::file(&path, clock.now())?),
        };
        Self::start(place, clock, opened)
    }

    fn start(place: Arc<str>, clock: Arc<dyn Clock>, opened: open::Opened) -> Result<Self, LedgerError> {
        let inherited = schema::last_id(&opened.writer).map_err(|failure| failure.at(&place))?;
        let start = |name, connection, lock| Worker::start(name, Arc::clone(&place), connection, lock);
        let writer = start("ledger-writer", opened.writer, opened.lock)?;
        let reader = opened.reader.map(|reader| start("ledger-reader", reader, None)).transpose()?;
        Ok(Self { place, clock, inherited, reader, writer })
    }

    /// How many transactions were made; compared with the number of writes it tells how many share one.
    pub fn transactions(&self) -> u64 {
        self.writer.commits()
    }

    fn reader(&self) -> &Worker {
        self.reader.as_ref().unwrap_or(&self.writer)
    }
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn intend_all(&self, intents: Vec<Intent>) -> Result<Vec<ActivationId>, LedgerError> {
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

    async fn open_activations(&self) -> Result<Vec<Activation>, LedgerError> {
        self.reader().read(activations::open).await
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

    async fn close(&self) {
        if let Some(reader) = &self.reader {
            reader.close().await;
        }
        self.writer.close().await;
    }

    fn place(&self) -> String {
        self.place.to_string()
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
        self.writer.write(move |connection| mails::intend(connection, &intent)).await
    }

    async fn settle_mail(&self, mail: Mail) -> Result<(), LedgerError> {
        self.writer.write(move |connection| mails::settle(connection, &mail)).await
    }

    async fn update_mail(&self, mail: Mail) -> Result<(), LedgerError> {
        self.writer.write(move |connection| mails::update(connection, &mail)).await
    }

    async fn intend_product(&self, intent: GoodsIntent<ProductNumber>) -> Result<ActivationId, LedgerError> {
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
