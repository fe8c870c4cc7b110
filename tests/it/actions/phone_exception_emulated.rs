//! `phoneException` where the upstream has no such parameter (`UPSTREAMS.md` section 6): numbers are bought and
//! looked at, a few at most; one with an excluded prefix is given back, and no client ever sees it.

use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;
use smsbridge::clock::MovableClock;
use smsbridge::mock::{LotState, Mishap, Running, Settings};
use smsbridge::server::DIALECT_PATH;

use super::phone_exception::all_but;
use super::{NO_ACTIVATIONS, refuse, rich, say, upstream};
use crate::harness::{Books, Bridge, Log, World, get, trip};

const EMULATED: [&str; 5] = ["vak-sms", "smsak", "sms-service-online", "sms-man", "sms-man-v2"];

/// How many numbers one order looks at.
const TRIES: u64 = 5;

/// The first id that a fresh ledger gives at the time where the clock starts.
const FIRST_ID: i64 = super::START_SECONDS - 1_577_836_800;

/// Everything is excluded.
fn nothing_fits() -> String {
    format!("action=getNumber&service=tg&country=0&phoneException={}", all_but("x"))
}

/// A market that takes nothing back in the first 30 seconds, as SMSAK's; messages come after `sms_delay`.
fn strict(sms_delay: u64) -> Settings {
    Settings {
        early_cancel: Some(Duration::from_secs(30)),
        sms_delay: Duration::from_secs(sms_delay),
        ..rich()
    }
}

fn states(upstream: &Running) -> Vec<LotState> {
    upstream.market().lots().iter().map(|lot| lot.state).collect()
}

/// That a client sees nothing of the numbers that it did not get.
async fn nothing_shows(bridge: &Bridge, kind: &str) {
    assert_eq!(bridge.ask("action=getHistory").await, "[]", "{kind}");
    assert_eq!(bridge.ask("action=getActiveActivations").await, NO_ACTIVATIONS, "{kind}");
    for id in FIRST_ID..FIRST_ID + 5 {
        assert_eq!(bridge.status(&id.to_string()).await, "NO_ACTIVATION", "{kind}");
        assert_eq!(bridge.set(&id.to_string(), "8").await, "NO_ACTIVATION", "{kind}");
        let again = bridge.ask(&format!("action=getExtraActivation&activationId={id}")).await;
        assert_eq!(again, "WRONG_ACTIVATION_ID", "{kind}");
    }
}

#[tokio::test]
async fn what_is_handed_out_fits_and_nothing_else_is_paid_for() {
    for kind in EMULATED {
        let world = World::market(kind, &[], "", rich()).await;
        let odd: Vec<String> = (0..50).map(|nth| format!("79{:02}", 2 * nth)).collect();
        let query = format!("action=getNumber&service=tg&country=0&phoneException={}", odd.join(","));
        let (mut handed_out, mut tried) = (Vec::new(), 0);
        for _ in 0..8 {
            let answer = say(&world.bridge, &query).await;
            match answer.rsplit_once(':') {
                Some((_, phone)) => handed_out.push(phone.to_owned()),
                None => assert_eq!(answer, "NO_NUMBERS", "{kind}"),
            }
            let orders = upstream(&world).orders();
            assert!(orders - tried <= TRIES, "{kind}");
            tried = orders;
        }
        assert!(!handed_out.is_empty() && tried > 8, "{kind}: {tried} orders for {}", handed_out.len());
        assert!(!handed_out.iter().any(|phone| odd.iter().any(|prefix| phone.starts_with(prefix))), "{kind}");
        let lots = upstream(&world).market().lots();
        let kept = lots.iter().filter(|lot| lot.state == LotState::Waiting);
        assert_eq!(kept.map(|lot| lot.phone.clone()).collect::<Vec<_>>(), handed_out, "{kind}");
        let history = world.bridge.json("action=getHistory").await;
        assert_eq!(history.as_array().unwrap().len(), handed_out.len(), "{kind}");
        let price = lots[0].price;
        let charged = upstream(&world).market().totals().charged;
        assert_eq!(charged, price * Decimal::from(handed_out.len()), "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_few_numbers_are_looked_at_and_all_given_back() {
    for kind in EMULATED {
        let world = World::market(kind, &[], "", rich()).await;
        for round in 1..=2 {
            refuse(&world.bridge, &nothing_fits(), "NO_NUMBERS").await;
            assert_eq!(upstream(&world).orders(), TRIES * round, "{kind}");
            assert!(states(upstream(&world)).iter().all(|state| *state == LotState::Cancelled), "{kind}");
        }
        assert_eq!(upstream(&world).market().totals().charged, Decimal::ZERO, "{kind}");
        nothing_shows(&world.bridge, kind).await;
        world.end().await;
    }
}

#[tokio::test]
async fn several_operators_are_one_order() {
    let world = World::market("vak-sms", &[], "", rich()).await;
    refuse(&world.bridge, &format!("{}&operator=mts,beeline,tele2", nothing_fits()), "NO_NUMBERS").await;
    assert_eq!(upstream(&world).orders(), TRIES);
    world.end().await;
}

/// Only numbers that were looked at count.
#[tokio::test]
async fn operators_without_numbers_cost_no_try() {
    let world = World::market("vak-sms", &[], "", rich()).await;
    // The one that is left is the first operator's.
    upstream(&world).market().set_stock("ru", "tg", 1);
    let operators = "mts,mtt,patriot,rostelecom,tele2,yota,beeline";
    let query = format!("service=tg&country=0&phoneException=7900000&operator={operators}");
    world.bridge.order(&query).await;
    assert_eq!(upstream(&world).orders(), 7);
    world.end().await;
}

#[tokio::test]
async fn what_cannot_go_back_yet_goes_back_when_it_can() {
    for kind in ["vak-sms", "smsak", "sms-service-online"] {
        let world = World::market(kind, &[], "", strict(900)).await;
        refuse(&world.bridge, &nothing_fits(), "NO_NUMBERS").await;
        assert_eq!(states(upstream(&world)), [LotState::Waiting; 5], "{kind}");
        nothing_shows(&world.bridge, kind).await;
        // No more money is tied up while this is.
        refuse(&world.bridge, &nothing_fits(), "NO_NUMBERS").await;
        world.bridge.tidy().await;
        assert_eq!(states(upstream(&world)), [LotState::Waiting; 5], "{kind}");
        world.bridge.advance(31);
        world.bridge.tidy().await;
        assert_eq!(states(upstream(&world)), [LotState::Cancelled; 5], "{kind}");
        assert_eq!(upstream(&world).market().totals().charged, Decimal::ZERO, "{kind}");
        nothing_shows(&world.bridge, kind).await;
        let asked = upstream(&world).requests().len();
        world.bridge.tidy().await;
        assert_eq!(upstream(&world).requests().len(), asked, "{kind}: it is done with");
        refuse(&world.bridge, &nothing_fits(), "NO_NUMBERS").await;
        assert_eq!(upstream(&world).orders(), 2 * TRIES, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_crash_forgets_none_of_them() {
    for kind in ["vak-sms", "smsak"] {
        let home = tempfile::tempdir().unwrap();
        let clock = MovableClock::standing();
        let upstream = World::stand_in(kind, &[], strict(900), &clock).await;
        let toml = World::toml(kind, &[], &upstream, "");
        let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
        refuse(&bridge, &nothing_fits(), "NO_NUMBERS").await;
        bridge.stop().await;
        let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
        nothing_shows(&bridge, kind).await;
        bridge.advance(31);
        bridge.tidy().await;
        assert_eq!(states(&upstream), [LotState::Cancelled; 5], "{kind}");
        nothing_shows(&bridge, kind).await;
        bridge.stop().await;
        let books = Books::read(home.path(), &clock).await;
        assert_eq!((books.activations, books.doubts), (Vec::new(), Vec::new()), "{kind}");
    }
}

#[tokio::test]
async fn a_message_that_came_meanwhile_is_paid_for_and_said_in_the_log() {
    for kind in ["vak-sms", "smsak"] {
        let log = Log::of("smsbridge::engine");
        let world = World::market(kind, &[], "", strict(20)).await;
        refuse(&world.bridge, &nothing_fits(), "NO_NUMBERS").await;
        world.bridge.advance(31);
        world.bridge.tidy().await;
        assert_eq!(log.lines("got a message before it could be given back").len(), 5, "{kind}");
        assert!(states(upstream(&world)).iter().all(|state| *state == LotState::Received), "{kind}");
        nothing_shows(&world.bridge, kind).await;
        let asked = upstream(&world).requests().len();
        world.bridge.tidy().await;
        assert_eq!(upstream(&world).requests().len(), asked, "{kind}: it is done with");
        world.end().await;
    }
}

#[tokio::test]
async fn what_the_upstream_forgot_is_over() {
    for kind in ["vak-sms", "smsak", "sms-service-online"] {
        let world =
            World::market(kind, &[], "", Settings { early_cancel: Some(Duration::MAX), ..strict(9000) })
                .await;
        refuse(&world.bridge, &nothing_fits(), "NO_NUMBERS").await;
        world.bridge.advance(20 * 60);
        world.bridge.tidy().await;
        assert_eq!(states(upstream(&world)), [LotState::Expired; 5], "{kind}");
        let asked = upstream(&world).requests().len();
        world.bridge.tidy().await;
        assert_eq!(upstream(&world).requests().len(), asked, "{kind}: it is done with");
        nothing_shows(&world.bridge, kind).await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_lost_answer_to_the_cancellation_is_looked_into() {
    for kind in EMULATED {
        for (mishap, done) in
            [(Mishap::DropAfter, true), (Mishap::DropBefore, false), (Mishap::CutBody, true)]
        {
            let place = format!("{kind} {mishap:?}");
            let world =
                World::market(kind, &[], "", Settings { sms_delay: Duration::from_secs(900), ..rich() })
                    .await;
            trip(upstream(&world), mishap, upstream(&world).names().change);
            refuse(&world.bridge, &nothing_fits(), "NO_NUMBERS").await;
            let first = states(upstream(&world))[0];
            assert_eq!(first == LotState::Cancelled, done, "{place}");
            nothing_shows(&world.bridge, &place).await;
            world.bridge.advance(60);
            world.bridge.tidy().await;
            assert!(states(upstream(&world)).iter().all(|state| *state == LotState::Cancelled), "{place}");
            nothing_shows(&world.bridge, &place).await;
            let asked = upstream(&world).requests().len();
            world.bridge.tidy().await;
            assert_eq!(upstream(&world).requests().len(), asked, "{place}: it is done with");
            world.end().await;
        }
    }
}

#[tokio::test]
async fn a_purchase_in_doubt_ends_it() {
    for kind in EMULATED {
        let world = World::market(kind, &[], "", rich()).await;
        trip(upstream(&world), Mishap::DropAfter, upstream(&world).names().order);
        refuse(&world.bridge, &nothing_fits(), "ERROR_SQL").await;
        assert_eq!(upstream(&world).orders(), 1, "{kind}");
        let clock = Arc::clone(&world.bridge.clock);
        let home = world.bridge.stop().await.unwrap();
        let books = Books::read(home.path(), &clock).await;
        assert_eq!((books.activations.len(), books.doubts.len()), (0, 1), "{kind}");
        // The wish is kept whole, for whoever looks into it.
        assert!(!books.doubts[0].intent.order.excluded.is_empty(), "{kind}");
    }
}

/// The server has no key of its own there: what is left is given back with that of whoever bought it.
#[tokio::test]
async fn a_client_with_its_own_key_gets_its_money_back_too() {
    let home = tempfile::tempdir().unwrap();
    let clock = MovableClock::standing();
    let stand_in = World::stand_in("smsak", &[], strict(900), &clock).await;
    let toml = World::toml("smsak", &[], &stand_in, "[clients]\nmode = \"passthrough\"\n")
        .replace("api_key = \"mock-key\"\n", "");
    let ask = async |bridge: &Bridge, query: &str| {
        get(bridge.addr, &format!("{DIALECT_PATH}?api_key=mock-key&{query}"), &[]).await.body
    };
    let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
    assert_eq!(ask(&bridge, &nothing_fits()).await, "NO_NUMBERS");
    assert_eq!(states(&stand_in), [LotState::Waiting; 5]);
    bridge.advance(31);
    bridge.tidy().await;
    assert_eq!(states(&stand_in), [LotState::Cancelled; 5]);
    // After a restart nobody has the key until its owner orders again.
    assert_eq!(ask(&bridge, &nothing_fits()).await, "NO_NUMBERS");
    bridge.stop().await;
    let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
    bridge.advance(31);
    bridge.tidy().await;
    assert_eq!(stand_in.market().lots()[5].state, LotState::Waiting);
    assert_eq!(ask(&bridge, &nothing_fits()).await, "NO_NUMBERS");
    assert!(states(&stand_in)[..10].iter().all(|state| *state == LotState::Cancelled));
    bridge.stop().await;
}

/// A service that ignores what it was asked to exclude is found out all the same.
#[tokio::test]
async fn an_upstream_that_only_pretends_to_exclude_is_not_believed() {
    let upstream = crate::harness::Canned::answering(|target| {
        let answer = match target {
            _ if target.contains("action=getNumber&") => "ACCESS_NUMBER:5:79181112233",
            _ if target.contains("action=setStatus") => "ACCESS_CANCEL",
            _ => "{}",
        };
        (200, answer.to_owned())
    })
    .await;
    let url = upstream.url();
    let toml =
        format!("[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{url}\"\napi_key = \"mock-key\"\n");
    let bridge = Bridge::start(&toml).await;
    let answer = bridge.ask("action=getNumber&service=tg&country=0&phoneException=7918").await;
    assert_eq!(answer, "NO_NUMBERS");
    assert!(upstream.asked().iter().any(|asked| asked.contains("phoneException=7918")));
}
