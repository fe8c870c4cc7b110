//! Group commit: any number of writes in one transaction, each with a way back of its own. Knows
//! neither what they write nor where they come from.

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::failure::Failure;
use super::health::Health;
use crate::ledger::LedgerError;

/// A write that waits for its transaction.
pub(super) trait Write: Send {
    /// Does it inside the open transaction; `false` if what it wrote must be undone.
    fn run(&mut self, connection: &Connection) -> bool;

    /// What it found wrong with the ledger at `place` as a whole, once it has run.
    fn trouble(&self, place: &str) -> Option<LedgerError>;

    /// Tells its caller how it went, now that the transaction is durable, or is not.
    fn answer(self: Box<Self>, place: &str, committed: Result<(), LedgerError>);
}

/// One write, its result once it has run, and who waits for it.
pub(super) struct Waiting<W, T> {
    pub(super) work: Option<W>,
    pub(super) outcome: Option<Result<T, Failure>>,
    pub(super) caller: oneshot::Sender<Result<T, LedgerError>>,
}

impl<W, T> Write for Waiting<W, T>
where
    W: FnOnce(&Connection) -> Result<T, Failure> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        self.outcome = self.work.take().map(|work| work(connection));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn trouble(&self, place: &str) -> Option<LedgerError> {
        self.outcome.as_ref()?.as_ref().err()?.trouble(place)
    }

    fn answer(self: Box<Self>, place: &str, committed: Result<(), LedgerError>) {
        let answer = match (self.outcome, committed) {
            (Some(Err(own)), _) => Err(own.at(place)),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(shared)) => Err(shared),
            (None, Ok(())) => return,
        };
        // A caller that went away wanted it written all the same.
        let _ = self.caller.send(answer);
    }
}

/// Runs all of them, commits once, and only then answers. A write that fails is undone alone; if the
/// transaction itself fails, none of them has happened and each is told so.
pub(super) fn commit(connection: &Connection, health: &Health, mut writes: Vec<Box<dyn Write>>) {
    let place = health.place();
    let committed = transact(connection, &mut writes).map_err(|error| Failure::Sql(error).at(place));
    if committed.is_err() && !connection.is_autocommit() {
        // If this fails too, so does the next BEGIN, and its callers are told.
        let _ = connection.execute_batch("ROLLBACK");
    }
    let own = writes.iter().find_map(|write| write.trouble(place));
    match own.as_ref().or(committed.as_ref().err()) {
        Some(error) => health.failed(error, false),
        None => health.wrote(),
    }
    for write in writes {
        write.answer(place, committed.clone());
    }
}

fn transact(connection: &Connection, writes: &mut [Box<dyn Write>]) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    for write in writes {
        connection.execute_batch("SAVEPOINT one")?;
        if !write.run(connection) {
            // Fails where a full disk or the like has already undone the whole transaction.
            connection.execute_batch("ROLLBACK TO one")?;
        }
        connection.execute_batch("RELEASE one")?;
    }
    connection.execute_batch("COMMIT")
}
