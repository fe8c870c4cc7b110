//! What happens while the ledger cannot be written: no order, but everything else; and what was sold at that very
//! moment is written down when it can be.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use rusqlite::Connection;
use smsbridge::clock::MovableClock;
use smsbridge::domain::State;
use smsbridge::mock::{FaultPlan, Mishap, Running, Settings};
use tempfile::TempDir;

use crate::harness::{Books, Bridge, World, telegram};
use crate::webhooks::{Receiver, sent_to, until};

const ORDER: &str = "service=tg&country=0";

/// A server on a stand-in, over a ledger in a folder of its own.
struct Scene {
    home: TempDir,
    clock: Arc<MovableClock>,
    /// The upstream's own, which nobody sets.
    there: Arc<MovableClock>,
    upstream: Running,
    toml: String,
}

impl Scene {
    async fn of(kind: &'static str, lines: &str) -> (Self, Bridge) {
        let (home, clock, there) =
            (TempDir::new().unwrap(), MovableClock::standing(), MovableClock::standing());
        let market = Settings {
            sms_delay: Duration::from_secs(5),
            early_cancel: Some(Duration::ZERO),
            ..Settings::default()
        };
        let upstream = World::stand_in(kind, &[], market, &there).await;
        let toml = World::toml(kind, &[], &upstream, lines);
        let scene = Self { home, clock, there, upstream, toml };
        let bridge = scene.start().await;
        (scene, bridge)
    }

    async fn start(&self) -> Bridge {
        Bridge::over(&self.toml, self.clock.clone(), self.home.path()).await
    }

    fn advance(&self, seconds: u64) {
        for clock in [&self.clock, &self.there] {
            clock.advance(Duration::from_secs(seconds));
        }
    }

    /// Runs statements on the ledger, beside its server.
    fn ledger(&self, statements: &str) {
        run(self.home.path(), statements);
    }
}

fn run(folder: &Path, statements: &str) {
    Connection::open(folder.join("ledger.db")).unwrap().execute_batch(statements).unwrap();
}

/// From now on whatever happens to a purchase after its intent cannot be written.
const FULL: &str = "
    CREATE TRIGGER full_rows BEFORE UPDATE ON activations BEGIN SELECT RAISE(ABORT, 'no room'); END;
    CREATE TRIGGER full_messages BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no room'); END;";

/// From now on it can be again.
const ROOM: &str = "DROP TRIGGER full_rows; DROP TRIGGER full_messages;";

#[tokio::test]
async fn what_was_sold_meanwhile_follows_with_its_messages_and_those_are_sent() {
    let receiver = Receiver::content().await;
    let (scene, bridge) = Scene::of("vak-sms", &sent_to(&[receiver.url("/")])).await;
    scene.ledger(FULL);
    let (kept, _) = bridge.order(ORDER).await;
    let (cancelled, _) = bridge.order(ORDER).await;
    assert_eq!(bridge.set(&cancelled, "8").await, "ACCESS_CANCEL");
    scene.advance(6);
    let code = bridge.status(&kept).await;
    assert!(code.starts_with("STATUS_OK:"), "{code}");
    bridge.deliver().await;
    assert_eq!(receiver.count(), 0, "a message that is not noted could not be noted as sent");
    bridge.tidy().await;
    assert_eq!(bridge.status(&kept).await, code, "a tidy that fails forgets nothing");

    scene.ledger(ROOM);
    bridge.tidy().await;
    bridge.deliver().await;
    until("the message", async || receiver.count() == 1).await;
    assert_eq!(receiver.codes("/"), [code.trim_start_matches("STATUS_OK:")]);
    drop(bridge.stop().await);
    let bridge = scene.start().await;
    assert_eq!(bridge.status(&kept).await, code);
    assert_eq!(bridge.status(&cancelled).await, "STATUS_CANCEL");
    assert_eq!(bridge.set(&kept, "6").await, "ACCESS_ACTIVATION");
    bridge.deliver().await;
    assert_eq!(receiver.count(), 1);
    drop(bridge.stop().await);
    let books = Books::read(scene.home.path(), &scene.clock).await;
    assert!(books.doubts.is_empty(), "{:?}", books.doubts);
    assert_eq!(
        books.paid(),
        scene.upstream.market().totals().credited - scene.upstream.market().totals().balance
    );
}

#[tokio::test]
async fn messages_that_a_number_was_bought_with_are_not_sent_again() {
    let receiver = Receiver::content().await;
    let (scene, bridge) = Scene::of("vak-sms", &sent_to(&[receiver.url("/")])).await;
    let (parent, _) = bridge.order(ORDER).await;
    scene.advance(6);
    let code = bridge.status(&parent).await;
    assert_eq!(bridge.set(&parent, "6").await, "ACCESS_ACTIVATION");
    bridge.deliver().await;
    until("the message", async || receiver.count() == 1).await;
    scene.advance(20 * 60);
    scene.ledger(FULL);
    let answer = bridge.ask(&format!("action=getExtraActivation&id={parent}")).await;
    let id = answer.split(':').nth(1).unwrap_or_else(|| panic!("{answer}")).to_owned();
    scene.ledger(ROOM);
    bridge.tidy().await;
    bridge.deliver().await;
    scene.advance(6);
    let second = bridge.status(&id).await;
    assert!(second.starts_with("STATUS_OK:") && second != code, "{second}");
    bridge.deliver().await;
    until("the second message", async || receiver.count() >= 2).await;
    let codes = [&code, &second].map(|status| status.replace("STATUS_OK:", ""));
    assert_eq!(receiver.codes("/"), codes);
    drop(bridge.stop().await);
}

#[tokio::test]
async fn the_end_of_the_program_is_a_last_chance_to_write() {
    let (scene, bridge) = Scene::of("vak-sms", "").await;
    scene.ledger(FULL);
    let (id, _) = bridge.order(ORDER).await;
    scene.ledger(ROOM);
    drop(bridge.stop().await);
    let books = Books::read(scene.home.path(), &scene.clock).await;
    assert_eq!(books.activations.iter().map(|one| one.id.to_string()).collect::<Vec<_>>(), [id]);
    assert!(books.doubts.is_empty());
}

#[tokio::test]
async fn what_was_never_written_is_in_doubt_at_the_next_start() {
    let (scene, bridge) = Scene::of("vak-sms", "").await;
    scene.ledger(FULL);
    let (id, _) = bridge.order(ORDER).await;
    drop(bridge.stop().await);
    scene.ledger(ROOM);
    let books = Books::read(scene.home.path(), &scene.clock).await;
    assert_eq!(books.doubts.iter().map(|one| one.id.to_string()).collect::<Vec<_>>(), [id]);
}

#[tokio::test]
async fn how_an_order_failed_is_noted_later_too() {
    let (scene, bridge) = Scene::of("vak-sms", "").await;
    let orders = scene.upstream.names().order;
    scene.ledger(FULL);
    scene.upstream.fault(FaultPlan::once(Mishap::DropBefore).on_any(orders));
    let lost = bridge.ask(&format!("action=getNumber&{ORDER}")).await;
    assert_eq!(lost, "ERROR_SQL");
    let (country, service) = telegram("vak-sms");
    scene.upstream.market().set_stock(&country, &service, 0);
    let none = bridge.ask(&format!("action=getNumber&{ORDER}")).await;
    assert_eq!(none, "NO_NUMBERS");
    scene.ledger(ROOM);
    bridge.tidy().await;
    drop(bridge);
    let connection = Connection::open(scene.home.path().join("ledger.db")).unwrap();
    let mut query = connection.prepare("SELECT stage FROM activations ORDER BY id").unwrap();
    let stages: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(stages, ["unknown", "released"]);
}

#[tokio::test]
async fn nothing_is_bought_while_no_intent_can_be_written() {
    let (scene, bridge) = Scene::of("vak-sms", "").await;
    let (id, _) = bridge.order(ORDER).await;
    scene.ledger(
        "CREATE TRIGGER full BEFORE INSERT ON activations BEGIN SELECT RAISE(ABORT, 'no room'); END;",
    );
    let refused = bridge.get(&format!("action=getNumber&{ORDER}")).await;
    assert_eq!(refused.body, "ERROR_SQL");
    let detail = refused.header("x-smsbridge-detail").unwrap();
    assert!(detail.contains("ledger.db") && detail.contains("no room"), "{detail}");
    assert_eq!(scene.upstream.orders(), 1, "the upstream was not asked");
    scene.advance(6);
    assert!(bridge.status(&id).await.starts_with("STATUS_OK:"));
    scene.ledger("DROP TRIGGER full");
    bridge.order(ORDER).await;
}

/// Software behind a time server, or a machine whose battery is empty.
#[tokio::test]
async fn a_clock_that_is_set_back_or_forward_loses_nothing() {
    let receiver = Receiver::content().await;
    let (scene, bridge) = Scene::of("vak-sms", &sent_to(&[receiver.url("/")])).await;
    let year = SignedDuration::from_hours(24 * 365);
    let (first, _) = bridge.order(ORDER).await;
    scene.clock.set(-year);
    let (second, _) = bridge.order(ORDER).await;
    assert!(second.parse::<i64>().unwrap() > first.parse::<i64>().unwrap());
    scene.advance(6);
    for id in [&first, &second] {
        let status = bridge.status(id).await;
        assert!(status.starts_with("STATUS_OK:"), "{status}");
    }
    bridge.deliver().await;
    until("both messages", async || receiver.count() == 2).await;
    let history = bridge.json("action=getHistory").await;
    assert_eq!(history.as_array().unwrap().len(), 2, "{history}");
    bridge.tidy().await;
    for id in [&first, &second] {
        assert_eq!(bridge.set(id, "6").await, "ACCESS_ACTIVATION");
    }

    // Nobody asks about this one, and by the clock it lives for another year.
    let (third, _) = bridge.order(ORDER).await;
    scene.clock.set(-year);
    scene.advance(3600);
    bridge.tidy().await;
    drop(bridge.stop().await);
    let found = Books::found(scene.home.path(), &scene.clock, &[third.parse().unwrap()]).await;
    assert!(found[0].as_ref().unwrap().state != State::Waiting, "{found:?}");
}
