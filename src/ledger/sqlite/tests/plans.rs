//! What grows with the ledger is searched by an index: the plan of every statement that is used while orders and polls
//! come, or at a start.

use rusqlite::Connection;

use super::*;
use crate::ledger::sqlite::{activations, backlog, charges, deliveries, doubts, kept, prices, purchases};

fn plan(connection: &Connection, query: &str) -> rusqlite::Result<String> {
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {query}"))?;
    let mut steps = explain.raw_query();
    let mut text = String::new();
    while let Some(step) = steps.next()? {
        text += &(step.get::<_, String>("detail")? + "\n");
    }
    Ok(text)
}

async fn plan_of(ledger: &SqliteLedger, query: &'static str) -> String {
    ledger.writer.read(move |connection| Ok(plan(connection, query)?)).await.unwrap()
}

#[tokio::test]
async fn each_statement_has_its_index() {
    let ledger = memory();
    let expected = [
        (activations::OPEN, "activations_open (id>?)"),
        (activations::HISTORY, "activations_history (owner=? AND bought_at>? AND bought_at<?)"),
        (activations::TALLY, "SCAN activations USING INDEX activations_bought"),
        (purchases::DOUBTS, "activations_undecided (stage=?)"),
        (doubts::MOVED, "activations_bought (bought_at>?)"),
        (doubts::MOVED, "activations_ended (provider=? AND ended_at>?)"),
        (doubts::HAS_MOVED, "activations_bought (bought_at>?)"),
        (doubts::HAS_MOVED, "activations_ended (provider=? AND ended_at>?)"),
        (doubts::PROLONGED, "activations_ended (provider=? AND ended_at>?)"),
        (doubts::AWAITS_REFUND, "activations_open"),
        (doubts::KNOWN, "activations_upstream (upstream_id=?)"),
        (prices::UNPRICED, "activations_unpriced (bought_at>?)"),
        (kept::UNMET, "activations_kept"),
        (backlog::DOUBTS, "activations_undecided (stage=?)"),
        (charges::QUERIES[0], "activations_bought (bought_at>?)"),
        (charges::QUERIES[1], "activations_undecided (stage=?)"),
        (deliveries::DUE, "deliveries_due"),
    ];
    for (query, index) in expected {
        let plan = plan_of(&ledger, query).await;
        assert!(plan.contains(index), "{query}\n{plan}");
    }
}

#[tokio::test]
async fn no_table_that_grows_is_read_from_end_to_end() {
    let ledger = memory();
    let all = [
        activations::OPEN,
        activations::HISTORY,
        activations::TALLY,
        purchases::DOUBTS,
        doubts::MOVED,
        doubts::HAS_MOVED,
        doubts::PROLONGED,
        doubts::AWAITS_REFUND,
        doubts::KNOWN,
        prices::UNPRICED,
        kept::UNMET,
        backlog::DOUBTS,
    ];
    for query in all.into_iter().chain(charges::QUERIES.into_iter().take(2)) {
        let plan = plan_of(&ledger, query).await;
        for step in plan.lines().filter(|step| step.starts_with("SCAN")) {
            let whole = ["activations", "messages"].iter().any(|table| step == format!("SCAN {table}"));
            assert!(!whole, "{query}\n{plan}");
        }
    }
    // Pages of a history are read in their order, and the latest purchases too: sorting would read all of them first.
    for query in [activations::HISTORY, activations::OPEN] {
        assert!(!plan_of(&ledger, query).await.contains("TEMP B-TREE"), "{query}");
    }
}

#[tokio::test]
async fn open_ones_come_in_pieces_and_each_of_them_once() {
    let ledger = memory();
    for _ in 0..7 {
        bought(&ledger, |_| ()).await;
        bought(&ledger, |it| it.state = State::Finished).await;
    }
    let ids: Vec<_> = open_ones(&ledger).await.iter().map(|it| it.id.get() - FIRST).collect();
    assert_eq!(ids, [0, 2, 4, 6, 8, 10, 12]);
    assert_eq!(ledger.open_after(ActivationId::new(FIRST + 12), 3).await.unwrap(), []);
}
