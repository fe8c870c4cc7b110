//! What is let go of the ledger, and what never is.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use rusqlite::{Connection, params};

use super::*;
use crate::domain::{Rent, Sms};
use crate::ledger::Outbox;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn keeping(dir: &Dir, clock: &Arc<MovableClock>, days: Option<u32>) -> SqliteLedger {
    let ledger = SqliteLedger::open(&format!("sqlite:{}", dir.file().display()), clock.clone()).unwrap();
    ledger.keeping(days.map(|days| DAY * days))
}

/// Lets time pass, and what is to be done then.
async fn pass(ledger: &SqliteLedger, clock: &MovableClock, time: Duration) -> u64 {
    ledger.tidy().await.unwrap();
    clock.advance(time);
    ledger.tidy().await.unwrap()
}

async fn sql(ledger: &SqliteLedger, statement: &'static str, id: ActivationId) {
    let run = move |connection: &Connection| Ok(connection.execute(statement, params![id.get()])?);
    assert_eq!(ledger.writer.write(run).await, Ok(1));
}

async fn ids(ledger: &SqliteLedger) -> BTreeSet<i64> {
    let all = |connection: &Connection| {
        let mut query = connection.prepare("SELECT id FROM activations")?;
        let ids = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    };
    ledger.writer.read(all).await.unwrap()
}

async fn ended(ledger: &SqliteLedger, state: State) -> Activation {
    let mut it = bought(ledger, |_| ()).await;
    it.messages.push(Sms::of_code("1234", at(5)));
    it.state = state;
    ledger.update(it.clone()).await.unwrap();
    it
}

#[tokio::test]
async fn what_is_long_over_is_let_go_and_nothing_else() {
    let (dir, clock) = (Dir::new(), MovableClock::standing());
    let ledger = keeping(&dir, &clock, Some(90));
    let mut gone = BTreeSet::new();
    for state in [State::Finished, State::Cancelled, State::Expired] {
        gone.insert(ended(&ledger, state).await.id.get());
    }
    let older = ended(&ledger, State::Finished).await.id;
    sql(&ledger, "UPDATE activations SET ended_at = NULL WHERE id = ?1", older).await;
    gone.insert(older.get());
    let released = ledger.intend(intent()).await.unwrap();
    ledger.release(released, "NO_NUMBERS".into()).await.unwrap();
    gone.insert(released.get());

    let mut kept = BTreeSet::new();
    for state in [State::Waiting, State::Received, State::Retry, State::Cancelling] {
        kept.insert(ended(&ledger, state).await.id.get());
    }
    kept.insert(ledger.intend(intent()).await.unwrap().get());
    let doubt = ledger.intend(intent()).await.unwrap();
    ledger.doubt(doubt, "lost".into()).await.unwrap();
    kept.insert(doubt.get());
    let waits = ended(&ledger, State::Finished).await.id;
    sql(&ledger, "UPDATE activations SET kept_until = 1 WHERE id = ?1", waits).await;
    kept.insert(waits.get());
    let mut unsent = bought(&ledger, |_| ()).await;
    (unsent.state, unsent.messages) = (State::Finished, vec![Sms::of_code("1", at(5))]);
    let outbox = Outbox { urls: vec!["a".into()], at: at(5) };
    ledger.update_and_queue(unsent.clone(), outbox).await.unwrap();
    kept.insert(unsent.id.get());
    let dateless = ended(&ledger, State::Finished).await.id;
    let of_1970 = "UPDATE activations SET bought_at = 5, ended_at = 9 WHERE id = ?1";
    sql(&ledger, of_1970, dateless).await;
    kept.insert(dateless.get());

    assert_eq!(pass(&ledger, &clock, DAY * 89).await, 1, "what was not bought");
    let late = ended(&ledger, State::Finished).await;
    kept.insert(late.id.get());
    assert_eq!(pass(&ledger, &clock, DAY * 2).await, 4);
    assert_eq!(ids(&ledger).await, kept);
    assert_eq!(stored(&ledger, late.id).await, late, "with its messages");
    assert_eq!(ledger.find(older).await, Ok(None));
    let next = ledger.intend(intent()).await.unwrap();
    assert!(next > late.id);
}

#[tokio::test]
async fn the_last_id_is_not_given_again_though_its_row_is_gone() {
    let (dir, clock) = (Dir::new(), MovableClock::standing());
    let ledger = keeping(&dir, &clock, Some(2));
    let last = ended(&ledger, State::Finished).await.id;
    assert_eq!(pass(&ledger, &clock, DAY * 3).await, 1);
    clock.set(SignedDuration::from_hours(-24 * 30));
    drop(ledger);
    let ledger = keeping(&dir, &clock, Some(2));
    assert_eq!(ledger.intend(intent()).await, Ok(id(last.get() + 1)));
}

#[tokio::test]
async fn without_an_end_what_was_bought_is_kept_and_what_was_not_goes() {
    let (dir, clock) = (Dir::new(), MovableClock::standing());
    let ledger = keeping(&dir, &clock, None);
    let it = ended(&ledger, State::Finished).await;
    let released = ledger.intend(intent()).await.unwrap();
    ledger.release(released, "NO_NUMBERS".into()).await.unwrap();
    assert_eq!(pass(&ledger, &clock, DAY * 6).await, 0);
    assert_eq!(pass(&ledger, &clock, DAY * 3650).await, 1);
    assert_eq!(ids(&ledger).await, BTreeSet::from([it.id.get()]));
}

#[tokio::test]
async fn more_time_for_a_rent_stays_as_long_as_the_rent() {
    let (dir, clock) = (Dir::new(), MovableClock::standing());
    let ledger = keeping(&dir, &clock, Some(2));
    let terms = Rent { hours: 4, webhook: None, prolongs: None };
    let mut rent = bought(&ledger, |it| it.rent = Some(terms.clone())).await;
    let more = bought(&ledger, |more| {
        more.rent = Some(Rent { prolongs: Some(rent.id), ..terms.clone() });
        more.state = State::Finished;
    })
    .await;
    assert_eq!(pass(&ledger, &clock, DAY * 10).await, 0);
    rent.state = State::Finished;
    ledger.update(rent.clone()).await.unwrap();
    assert_eq!(pass(&ledger, &clock, DAY).await, 0);
    assert_eq!(ids(&ledger).await, BTreeSet::from([rent.id.get(), more.id.get()]));
    assert_eq!(pass(&ledger, &clock, DAY * 2).await, 2);
}

#[tokio::test]
async fn a_clock_that_was_set_lets_nothing_go() {
    let (dir, clock) = (Dir::new(), MovableClock::standing());
    let ledger = keeping(&dir, &clock, Some(2));
    ended(&ledger, State::Finished).await;
    let (years, hour) = (SignedDuration::from_hours(24 * 365 * 10), Duration::from_secs(3600));
    ledger.tidy().await.unwrap();
    clock.set(years);
    assert_eq!(pass(&ledger, &clock, hour / 2).await, 0);
    clock.set(-years);
    assert_eq!(pass(&ledger, &clock, hour).await, 0, "it was put right within the hour");
    assert_eq!(pass(&ledger, &clock, hour).await, 0, "nothing is over");
    assert_eq!(pass(&ledger, &clock, DAY * 2).await, 1);
}

#[tokio::test]
async fn an_order_does_not_wait_for_all_of_it() {
    const ROWS: usize = 3000;
    let (dir, clock) = (Dir::new(), MovableClock::standing());
    let ledger = keeping(&dir, &clock, None);
    let intents: Vec<_> = (0..ROWS).map(|_| intent()).collect();
    ledger.intend_all(intents).await.unwrap();
    let release =
        |connection: &Connection| Ok(connection.execute("UPDATE activations SET stage = 'released'", [])?);
    assert_eq!(ledger.writer.write(release).await, Ok(ROWS));
    ledger.tidy().await.unwrap();
    clock.advance(DAY * 8);

    let left = async || {
        let count = |connection: &Connection| {
            let query = "SELECT count(*) FROM activations WHERE stage = 'released'";
            Ok(connection.query_row(query, [], |row| row.get::<_, i64>(0))?)
        };
        usize::try_from(ledger.writer.read(count).await.unwrap()).unwrap()
    };
    let order_on = async {
        let mut seen = vec![left().await];
        while seen.last() != Some(&0) {
            ledger.intend(intent()).await.unwrap();
            seen.push(left().await);
        }
        seen
    };
    let (gone, seen) = tokio::join!(ledger.tidy(), order_on);
    assert_eq!(gone, Ok(u64::try_from(ROWS).unwrap()));
    // This task, too, may have to wait before it looks, and pieces go meanwhile; but never most of them.
    for step in seen.windows(2) {
        assert!(step[0] - step[1] <= ROWS / 2, "{seen:?}");
    }
}
