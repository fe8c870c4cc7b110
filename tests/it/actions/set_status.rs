//! `setStatus` in every state, and what it leads to. Sources: `api/sms-activate.txt`, "Изменение статуса
//! активации" with its "простая логика", `UPSTREAMS.md` sections 6b and 8, `WIRE.md` section 1, items 15
//! and 19.

use super::{last_lot, refuse, rich, say, upstream};
use crate::harness::{KINDS, World};

const STATUSES: [&str; 5] = ["1", "3", "6", "8", "-1"];

const READY: &str = "ACCESS_READY";
const RETRY: &str = "ACCESS_RETRY_GET";
const DONE: &str = "ACCESS_ACTIVATION";
const CANCEL: &str = "ACCESS_CANCEL";
const BAD: &str = "BAD_STATUS";

/// The state an activation is brought into, the answers to 1, 3, 6, 8 and −1 there, and which of these
/// an upstream that has all five notions has to be told.
const TABLE: &[(&str, [&str; 5], [bool; 5])] = &[
    // 3 before a code has no meaning; 6 "удаляет".
    ("waiting", [READY, BAD, CANCEL, CANCEL, CANCEL], [true, false, true, true, true]),
    // 6 "переводит активацию в ожидание смс".
    ("resend", [READY, BAD, RETRY, CANCEL, CANCEL], [false, false, true, true, true]),
    // A code that came cannot be given back; 1 crosses with it.
    ("received", [READY, RETRY, DONE, BAD, BAD], [false, true, true, false, false]),
    ("retry", [READY, RETRY, DONE, BAD, BAD], [false, false, true, false, false]),
    ("finished", [BAD, BAD, DONE, BAD, BAD], [false; 5]),
    // 6 before a code cancelled, so it is answered once more as it was, like 8 and −1.
    ("cancelled", [BAD, BAD, CANCEL, CANCEL, CANCEL], [false; 5]),
    ("expired", [BAD, BAD, BAD, BAD, BAD], [false; 5]),
];

/// Which states can be brought about here: only the dialect's words ask for a resend, and what expires there they
/// call cancelled; only the sandbox has a service that never gets a message.
fn has(kind: &str, state: &str) -> bool {
    match state {
        "resend" => ["sms-activate", "sms-man"].contains(&kind),
        "expired" => kind == "sandbox",
        _ => true,
    }
}

/// A fresh activation, brought into a state that the server has seen.
async fn activation(world: &World, state: &str) -> String {
    let bridge = &world.bridge;
    let (id, _) = bridge.order("service=tg&country=0").await;
    match state {
        "waiting" => {}
        "resend" => {
            upstream(world).market().hold_for_resend(&last_lot(world).id).unwrap();
            assert_eq!(bridge.status(&id).await, "STATUS_WAIT_RESEND");
        }
        "cancelled" => assert_eq!(bridge.set(&id, "8").await, CANCEL),
        "expired" => {
            // Nothing comes for who cannot be reached: the time goes by in one step.
            let (silent, _) = bridge.order("service=zz&country=181").await;
            bridge.advance(20 * 60);
            assert_eq!(bridge.status(&silent).await, "STATUS_CANCEL");
            return silent;
        }
        _ => {
            world.let_message_come();
            assert!(bridge.status(&id).await.starts_with("STATUS_OK:"));
            match state {
                "retry" => assert_eq!(bridge.set(&id, "3").await, RETRY),
                "finished" => assert_eq!(bridge.set(&id, "6").await, DONE),
                _ => assert_eq!(state, "received"),
            }
        }
    }
    id
}

/// Whether a world of this kind has to tell its upstream: some have no notion of "ready", or of "finish".
fn told(kind: &str, status: &str, answer: &str, by_table: bool) -> bool {
    let unknown: &[&str] = match kind {
        "vak-sms" | "smsak" => &[READY, DONE],
        "sms-service-online" => &[READY],
        _ => &[],
    };
    by_table && !unknown.contains(&if status == "1" { READY } else { answer })
}

#[tokio::test]
async fn every_status_in_every_state() {
    for kind in KINDS {
        let world = World::market(kind, &[], "", rich()).await;
        for (state, answers, tells) in TABLE.iter().filter(|(state, ..)| has(kind, state)) {
            for ((status, answer), tells) in STATUSES.iter().zip(answers).zip(tells) {
                let id = activation(&world, state).await;
                let told_so_far = || world.upstream.as_ref().map_or(0, |upstream| upstream.changes());
                let before = told_so_far();
                assert_eq!(world.bridge.set(&id, status).await, *answer, "{kind}: {state} and {status}");
                let expected = u64::from(world.upstream.is_some() && told(kind, status, answer, *tells));
                assert_eq!(told_so_far() - before, expected, "{kind}: calls for {state} and {status}");
            }
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_repetition_is_answered_as_the_first_was() {
    for kind in KINDS {
        let world = World::market(kind, &[], "", rich()).await;
        let again = [
            ("waiting", "1"),
            ("waiting", "6"),
            ("waiting", "8"),
            ("waiting", "-1"),
            ("received", "3"),
            ("received", "6"),
        ];
        for (state, status) in again {
            let id = activation(&world, state).await;
            let first = world.bridge.set(&id, status).await;
            assert!(first.starts_with("ACCESS_"), "{kind}: {state} and {status}: {first}");
            for _ in 0..2 {
                assert_eq!(world.bridge.set(&id, status).await, first, "{kind}: {state} and {status}");
            }
        }
        world.end().await;
    }
}

#[tokio::test]
async fn the_reason_of_a_bad_status_is_told() {
    let world = World::of("sandbox").await;
    let id = activation(&world, "waiting").await;
    for status in ["", "0", "2", "4", "5", "7", "9", "-8", "1.0", "+1", "READY", "1,8", "18"] {
        let query = format!("action=setStatus&id={id}&status={}", status.replace('+', "%2B"));
        refuse(&world.bridge, &query, BAD).await;
    }
    refuse(&world.bridge, &format!("action=setStatus&id={id}"), BAD).await;
    refuse(&world.bridge, &format!("action=setStatus&id={id}&status=3"), BAD).await;
    assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE");
    world.end().await;
}

#[tokio::test]
async fn an_id_must_be_that_of_an_activation() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let next = id.parse::<i64>().unwrap() + 1;
        let upstreams = world.upstream.as_ref().map_or_else(|| "1".to_owned(), |_| last_lot(&world).id);
        for wrong in ["", "0", "1", "abc", "-5", &next.to_string(), &format!("{id}0"), &upstreams] {
            for status in STATUSES {
                let query = format!("action=setStatus&status={status}&id={wrong}");
                refuse(&world.bridge, &query, "NO_ACTIVATION").await;
            }
        }
        assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn ids_and_forwards_have_several_spellings() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let padded = format!("action=setStatus&status=%201&id=+{id}+");
        let queries = [
            format!("action=setStatus&status=1&activationId={id}"),
            format!("action=setStatus&status=1&id={id}&forward=0"),
            // NPM.
            format!("action=setStatus&status=1&id={id}&forwards=0"),
            format!("action=setStatus&status=1&id={id}&forward="),
            padded,
        ];
        for query in &queries {
            assert_eq!(say(&world.bridge, query).await, READY, "{kind} {query}");
        }
        world.end().await;
    }
}
