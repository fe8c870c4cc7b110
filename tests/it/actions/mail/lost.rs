//! Purchases of which the answer is lost, or the client: none is sent twice, none is forgotten.

use std::sync::Arc;
use std::time::Duration;

use smsbridge::domain::Owner;
use smsbridge::ledger::sqlite::SqliteLedger;
use smsbridge::ledger::{Goods, Ledger, MailQuery};
use smsbridge::mock::{FaultPlan, Mishap, Running};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::*;
use crate::harness::Log;

const PRODUCT: &str = "action=buyPartnerProduct&productId=7";

/// What goes wrong, and whether it was bought all the same.
const MISHAPS: [(Mishap, bool); 6] = [
    (Mishap::DropBefore, false),
    (Mishap::DropAfter, true),
    (Mishap::BadGateway, false),
    (Mishap::TooManyRequests, false),
    (Mishap::CutBody, true),
    (Mishap::EmptyBody, true),
];

/// Stops everything; how many mails the ledger has for certain, how many purchases in doubt, and the upstream.
async fn books(world: World) -> (usize, usize, Running) {
    let clock = Arc::clone(&world.bridge.clock);
    let home = world.bridge.stop().await.unwrap();
    let url = format!("sqlite:{}", home.path().join("ledger.db").display());
    let ledger = SqliteLedger::open(&url, clock).unwrap();
    let owner = Owner("*".into());
    let query = MailQuery { owner, search: String::new(), oldest_first: false, skip: 0, limit: 100 };
    let mails = ledger.mails(query).await.unwrap().mails.len();
    let doubts = ledger.take_up_doubtful_goods().await.unwrap();
    assert!(
        doubts.iter().all(|doubt| doubt.provider.starts_with("main") && !doubt.reason.contains("mock-key"))
    );
    assert_eq!(ledger.take_up_doubts().await, Ok(Vec::new()));
    ledger.close().await;
    (mails, doubts.len(), world.upstream.unwrap())
}

#[tokio::test]
async fn a_purchase_whose_answer_is_lost_is_asked_for_once_and_kept_as_a_doubt() {
    for (mishap, done) in MISHAPS {
        for action in ["buyMailActivation", "reorderMailActivation", "buyPartnerProduct"] {
            let world = World::of("sms-activate").await;
            let (first, _) = buy(&world.bridge, ORDER).await;
            let query = match action {
                "buyMailActivation" => ORDER.to_owned(),
                "reorderMailActivation" => format!("action=reorderMailActivation&id={first}"),
                _ => PRODUCT.to_owned(),
            };
            let (orders, spent) = (upstream(&world).orders(), upstream(&world).market().totals().spent);
            upstream(&world).fault(FaultPlan::once(mishap).on(action));
            refuse(&world.bridge, &query, "ERROR_SQL").await;
            let place = format!("{action} {mishap:?}");
            assert_eq!(upstream(&world).orders(), orders + 1, "{place}");
            assert_eq!(upstream(&world).market().totals().spent > spent, done, "{place}");
            let (mails, doubts, _upstream) = books(world).await;
            // Only "asked too often" says for certain that nothing was done.
            let in_doubt = mishap != Mishap::TooManyRequests;
            assert_eq!((mails, doubts), (1, usize::from(in_doubt)), "{place}");
        }
    }
}

#[tokio::test]
async fn a_start_says_what_may_have_been_bought() {
    let world = World::of("sms-activate").await;
    for (query, action) in [(ORDER, "buyMailActivation"), (PRODUCT, "buyPartnerProduct")] {
        upstream(&world).fault(FaultPlan::once(Mishap::DropAfter).on(action));
        refuse(&world.bridge, query, "ERROR_SQL").await;
    }
    let (clock, toml) =
        (Arc::clone(&world.bridge.clock), World::toml("sms-activate", &[], upstream(&world), ""));
    let home = world.bridge.stop().await.unwrap();
    let log = Log::of("smsbridge");
    let bridge = Bridge::over(&toml, clock, home.path()).await;
    for what in ["a mail address for apple.com", "the partner product 7"] {
        assert_eq!(log.lines(&format!("nobody knows whether {what} was bought")).len(), 1, "{what}");
    }
    drop(bridge.stop().await);
}

/// Sends an order and hangs up while the upstream takes its time over it.
async fn hang_up(world: &World, query: &str, action: &str) {
    upstream(world).fault(FaultPlan::once(Mishap::Latency(Duration::from_millis(300))).on(action));
    let mut stream = TcpStream::connect(world.bridge.addr).await.unwrap();
    let request =
        format!("GET /stubs/handler_api.php?api_key=any&{query} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    while upstream(world).calls(action) == 0 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    // The server notices the closed connection before it reads what comes after it.
    world.bridge.ask("action=getBalance").await;
}

#[tokio::test]
async fn what_nobody_waited_for_is_the_same_clients_next_identical_order() {
    let world = World::of("sms-activate").await;
    hang_up(&world, ORDER, "buyMailActivation").await;
    let other = ORDER.replace("mail.ru", "gmx.com");
    let (_, elsewhere) = buy(&world.bridge, &other).await;
    let (id, email) = buy(&world.bridge, ORDER).await;
    assert!(elsewhere.ends_with("@gmx.com") && email.ends_with("@mail.ru"));
    assert_eq!(upstream(&world).calls("buyMailActivation"), 2);
    let (next, _) = buy(&world.bridge, ORDER).await;
    assert_ne!(next, id, "it is handed out once");
    hang_up(&world, PRODUCT, "buyPartnerProduct").await;
    let product = world.bridge.json(PRODUCT).await;
    assert_eq!(
        (product["status"].as_str(), upstream(&world).calls("buyPartnerProduct")),
        (Some("success"), 1)
    );
    world.end().await;
}

#[tokio::test]
async fn an_address_that_nobody_comes_back_for_is_given_back() {
    let world = World::with("sms-activate", &[], "poll_interval = \"5s\"").await;
    upstream(&world)
        .market()
        .declare(smsbridge::mock::Scope::Service("apple.com".into()), smsbridge::mock::Special::NoMessage);
    hang_up(&world, ORDER, "buyMailActivation").await;
    while upstream(&world).market().mailboxes().is_empty() {
        tokio::task::yield_now().await;
    }
    world.bridge.tidy().await;
    assert!(!last_box(&world).cancelled, "it may still be asked for");
    // On its way into the ledger the purchase may be some moments behind the clock.
    for _ in 0..100 {
        if last_box(&world).cancelled {
            break;
        }
        world.bridge.ask("action=getBalance").await;
        world.bridge.advance(61);
        world.bridge.tidy().await;
    }
    assert!(last_box(&world).cancelled);
    let (mails, doubts, upstream) = books(world).await;
    assert_eq!((mails, doubts, upstream.market().totals().charged), (1, 0, 0.into()));
}

#[tokio::test]
async fn mails_outlive_a_restart() {
    for kind in SELLERS {
        let world = World::of(kind).await;
        let clock = Arc::clone(&world.bridge.clock);
        let (id, email) = buy(&world.bridge, ORDER).await;
        let toml = match &world.upstream {
            Some(upstream) => World::toml(kind, &[], upstream, ""),
            None => "[provider.main]\nkind = \"sandbox\"\nsms_delay = \"5s\"\n".to_owned(),
        };
        let World { bridge, upstream, .. } = world;
        let home = bridge.stop().await.unwrap();
        clock.advance(Duration::from_secs(6));
        let bridge = Bridge::over(&toml, clock, home.path()).await;
        assert_ne!(say(&bridge, &check(&id)).await, NO_MAIL, "{kind}");
        let (_, again) = buy(&bridge, &format!("action=reorderMailActivation&id={id}")).await;
        assert_eq!(again, email, "{kind}");
        drop(bridge.stop().await);
        assert!(upstream.is_none_or(|upstream| upstream.violations().is_empty()), "{kind}");
    }
}
