//! A thread that owns a connection and does what it is sent, in order. Callers wait without blocking.
//! Knows nothing of what is read or written.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::batch::{Waiting, Write, commit};
use super::failure::{Failure, io};
use super::health::Health;
use super::lock::Lock;
use crate::ledger::LedgerError;
use crate::metrics::Writes;

/// At most so many writes share a transaction, so that the first of them does not wait for ever.
const BATCH: usize = 512;

enum Job {
    Write(Box<dyn Write>),
    Read(Box<dyn FnOnce(&Connection) + Send>),
    /// The end; dropping the sender tells that it is reached.
    Close(oneshot::Sender<()>),
}

/// What the thread owns. The connection is listed, and therefore let go, before the lock.
struct Owned {
    connection: Connection,
    lock: Option<Lock>,
    health: Arc<Health>,
    commits: Arc<AtomicU64>,
}

/// The way to such a thread. Dropping it ends the thread once everything sent is done.
pub(super) struct Worker {
    jobs: Sender<Job>,
    health: Arc<Health>,
    commits: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
    /// Where its writes are counted, once that is known.
    counts: OnceLock<Arc<Writes>>,
}

impl Worker {
    /// Starts the thread.
    pub(super) fn start(
        name: &str,
        health: Arc<Health>,
        connection: Connection,
        lock: Option<Lock>,
    ) -> Result<Self, LedgerError> {
        let (jobs, queue) = channel();
        let commits = Arc::new(AtomicU64::new(0));
        let owned = Owned { connection, lock, health: Arc::clone(&health), commits: Arc::clone(&commits) };
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || owned.work(&queue))
            .map_err(|error| io(health.place(), error))?;
        Ok(Self { jobs, health, commits, thread: Some(thread), counts: OnceLock::new() })
    }

    /// Writes, and returns when that is durable. It is written even if the caller stops waiting.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, LedgerError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let began = Instant::now();
        let (caller, answer) = oneshot::channel();
        let written =
            match self.send(Job::Write(Box::new(Waiting { work: Some(work), outcome: None, caller }))) {
                Ok(()) => answer.await.unwrap_or_else(|_| Err(self.gone())),
                Err(gone) => Err(gone),
            };
        if let Some(counts) = self.counts.get() {
            match &written {
                Ok(_) => counts.written(began.elapsed()),
                // That it refuses what contradicts it is no failure of it.
                Err(LedgerError::Conflict { .. }) => {}
                Err(_) => counts.failed(),
            }
        }
        written
    }

    /// Has writes counted here. What was said first stays.
    pub(super) fn count(&self, writes: &Arc<Writes>) {
        let _ = self.counts.set(Arc::clone(writes));
    }

    /// Reads, of one moment.
    pub(super) async fn read<T, R>(&self, work: R) -> Result<T, LedgerError>
    where
        T: Send + 'static,
        R: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let health = Arc::clone(&self.health);
        let read = move |connection: &Connection| {
            if !caller.is_closed() {
                let _ = caller.send(snapshot(connection, work).map_err(|failure| told(failure, &health)));
            }
        };
        self.send(Job::Read(Box::new(read)))?;
        answer.await.unwrap_or_else(|_| Err(self.gone()))
    }

    /// Ends the thread, and returns when it has let go of everything.
    pub(super) async fn close(&self) {
        let (reached, end) = oneshot::channel();
        if self.send(Job::Close(reached)).is_ok() {
            // Never sent to: it resolves when the thread drops the other half.
            let _ = end.await;
        }
    }

    /// How many transactions were committed.
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    fn send(&self, job: Job) -> Result<(), LedgerError> {
        self.jobs.send(job).map_err(|_| self.gone())
    }

    fn gone(&self) -> LedgerError {
        io(self.health.place(), "it is closed")
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let (reached, _) = oneshot::channel();
        let _ = self.send(Job::Close(reached));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Owned {
    fn work(self, queue: &Receiver<Job>) {
        let mut closing = None;
        while closing.is_none()
            && let Ok(first) = queue.recv()
        {
            closing = self.turn(first, queue);
        }
        self.let_go();
        drop(closing);
    }

    /// Does everything that is waiting: the writes in one transaction, the reads after them.
    fn turn(&self, first: Job, queue: &Receiver<Job>) -> Option<oneshot::Sender<()>> {
        let (mut writes, mut reads, mut closing) = (Vec::new(), Vec::new(), None);
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::Write(write) => writes.push(write),
                Job::Read(read) => reads.push(read),
                Job::Close(reached) => closing = Some(reached),
            }
            let enough = closing.is_some() || writes.len() >= BATCH;
            next = if enough { None } else { queue.try_recv().ok() };
        }
        if !writes.is_empty() {
            self.commits.fetch_add(1, Ordering::Relaxed);
            commit(&self.connection, &self.health, writes);
        }
        reads.into_iter().for_each(|read| read(&self.connection));
        closing
    }

    /// Brings the log into the file, closes it, and lets other processes in.
    fn let_go(self) {
        if self.lock.is_some() {
            // If a backup keeps it from that, the log stays, and the next start reads it.
            let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
    }
}

/// A read that failed, for its caller; the ledger's health is told as well.
fn told(failure: Failure, health: &Health) -> LedgerError {
    if let Some(trouble) = failure.trouble(health.place()) {
        health.failed(&trouble, true);
    }
    failure.at(health.place())
}

fn snapshot<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let transaction = connection.unchecked_transaction()?;
    work(&transaction)
}
