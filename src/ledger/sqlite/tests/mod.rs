//! What is promised of the ledger, tried on files in a directory of their own.

mod backlog;
mod batches;
mod checks;
mod content;
mod copies;
mod deliveries;
mod formats;
mod goods;
mod kept;
mod movements;
mod opening;
mod plans;
mod refusals;
mod rents;
mod storage;
mod survival;
mod trims;

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Waker};

use jiff::Timestamp;

use super::SqliteLedger;
use crate::clock::MovableClock;
use crate::domain::{Activation, ActivationId, Country, Extra, Money, Order, Owner, Phone, Service, State};
use crate::ledger::{Intent, Ledger, LedgerError};

/// The seconds from 2020-01-01 to the standing clock's 2026-01-01: the first id.
const FIRST: i64 = 2192 * 86_400;

struct Dir(tempfile::TempDir);

impl Dir {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("ledger.db")
    }

    fn open(&self) -> Result<SqliteLedger, LedgerError> {
        open(&self.file())
    }
}

fn open(path: &Path) -> Result<SqliteLedger, LedgerError> {
    SqliteLedger::open(&format!("sqlite:{}", path.display()), MovableClock::standing())
}

fn memory() -> SqliteLedger {
    SqliteLedger::open("sqlite::memory:", MovableClock::standing()).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

fn id(raw: i64) -> ActivationId {
    ActivationId::new(raw).unwrap()
}

fn intent() -> Intent {
    Intent {
        owner: Owner("anna".into()),
        provider: "main".into(),
        order: Order::new(Service::parse("tg").unwrap(), Country(0)),
        stake: Some(Money::rub("10.140".parse().unwrap())),
        at: at(0),
    }
}

/// As little as an activation can be.
fn activation(id: ActivationId) -> Activation {
    Activation {
        id,
        owner: Owner("anna".into()),
        provider: "main".into(),
        upstream_id: format!("u{id}"),
        phone: Phone::parse("79991112233").unwrap(),
        service: Service::parse("tg").unwrap(),
        country: Country(0),
        operator: None,
        price: None,
        bought_at: at(1),
        expires_at: at(1201),
        state: State::Waiting,
        asked_at: 0,
        messages: Vec::new(),
        extra: Extra::new(),
        rent: None,
        unwanted: false,
    }
}

/// Buys one, changed as `change` says.
async fn bought(ledger: &SqliteLedger, change: impl FnOnce(&mut Activation)) -> Activation {
    let mut activation = activation(ledger.intend(intent()).await.unwrap());
    change(&mut activation);
    ledger.settle(activation.clone()).await.unwrap();
    activation
}

async fn stored(ledger: &SqliteLedger, id: ActivationId) -> Activation {
    ledger.find(id).await.unwrap().unwrap()
}

/// Every open one, a few at a time.
async fn open_ones(ledger: &SqliteLedger) -> Vec<Activation> {
    let mut open: Vec<Activation> = Vec::new();
    loop {
        let piece = ledger.open_after(open.last().map(|last| last.id), 3).await.unwrap();
        if piece.is_empty() {
            return open;
        }
        assert!(piece.len() <= 3);
        open.extend(piece);
    }
}

type Caller<'a> = Pin<Box<dyn Future<Output = Result<(), LedgerError>> + 'a>>;

/// Holds the writer until the sender is dropped, so that what is sent meanwhile piles up. The future
/// stands for the caller and has to live as long.
fn hold(ledger: &SqliteLedger) -> (Caller<'_>, Sender<()>) {
    let (release, held) = channel();
    let (started, reached) = channel::<()>();
    let mut caller = Box::pin(ledger.writer.read(move |_| {
        drop(started);
        let _ = held.recv();
        Ok(())
    }));
    assert!(caller.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert!(reached.recv().is_err());
    (caller, release)
}
