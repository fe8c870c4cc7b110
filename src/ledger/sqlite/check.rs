//! The look at the whole of a large ledger, on a thread and a connection of its own, while polls are already answered:
//! it takes as long as reading all of it. Orders wait for its end. Knows no statement.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle, OpenFlags};
use tokio::sync::watch;

use super::failure::{Failure, io};
use super::health::Health;
use super::look::check_whole;
use crate::ledger::LedgerError;

/// How long it is waited for a look that was told to end, before it is told so again.
const MOMENT: Duration = Duration::from_millis(2);

/// A look that is under way, or over.
pub(super) struct Check {
    over: watch::Receiver<bool>,
    unwanted: Arc<AtomicBool>,
    interrupt: InterruptHandle,
}

impl Check {
    /// Begins to look at the ledger at `path`. What is found is told to `health`.
    pub(super) fn begin(path: &Path, health: Arc<Health>) -> Result<Self, LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)
            .map_err(|error| Failure::Sql(error).at(health.place()))?;
        let interrupt = connection.get_interrupt_handle();
        let (done, over) = watch::channel(false);
        let unwanted = Arc::new(AtomicBool::new(false));
        let (place, stopped) = (health.place().to_owned(), Arc::clone(&unwanted));
        let look = move || {
            let looked = if stopped.load(Ordering::SeqCst) {
                Ok(())
            } else {
                check_whole(&connection, health.place())
            };
            match looked {
                Err(_) if stopped.load(Ordering::SeqCst) => {}
                Err(error @ LedgerError::Damaged { .. }) => health.failed(&error, true),
                Err(error) => tracing::error!("whether the ledger is whole could not be looked at: {error}"),
                Ok(()) => tracing::debug!("the whole ledger was looked at"),
            }
            drop(connection);
            let _ = done.send(true);
        };
        let thread = std::thread::Builder::new().name("ledger-check".to_owned()).spawn(look);
        thread.map_err(|error| io(&place, error))?;
        Ok(Self { over, unwanted, interrupt })
    }

    /// One that is over when it is told so.
    #[cfg(test)]
    pub(super) fn never_over(path: &Path) -> (watch::Sender<bool>, Self) {
        let (done, over) = watch::channel(false);
        let interrupt = Connection::open(path).unwrap().get_interrupt_handle();
        (done, Self { over, unwanted: Arc::default(), interrupt })
    }

    /// Waits until it is over.
    pub(super) async fn over(&self) {
        // An error says that the thread is gone, and the look with it.
        let _ = self.over.clone().wait_for(|over| *over).await;
    }

    /// Ends it, and returns when it has let go of the file.
    pub(super) fn end(&self) {
        self.unwanted.store(true, Ordering::SeqCst);
        while !*self.over.borrow() && self.over.has_changed().is_ok() {
            self.interrupt.interrupt();
            std::thread::sleep(MOMENT);
        }
    }
}

impl Drop for Check {
    fn drop(&mut self) {
        self.end();
    }
}
