//! A client sees and touches only what is its own: at every action, another one's id is answered as an id that was
//! never given, to the byte, and nothing is changed by it, neither here nor at the provider.

mod belongings;
mod keys;
mod table;

use smsbridge::dialect::ACTIONS;
use smsbridge::mock::Settings;
use smsbridge::server::DIALECT_PATH;

use crate::harness::{Bridge, KINDS, Response, World, get};
use belongings::Belongings;
use table::ROWS;

/// The owner, another client, and one that never bought anything.
const SHOP: &str = "0123456789abcdef0123456789abcdef";
const RIVAL: &str = "fedcba9876543210fedcba9876543210";
const NOBODY: &str = "00000000000000000000000000000000";

/// Three clients of one account.
const LISTED: &str = "\n[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"0123456789abcdef0123456789abcdef\"\n[clients.key.rival]\napi_key = \"fedcba9876543210fedcba9876543210\"\n[clients.key.nobody]\napi_key = \"00000000000000000000000000000000\"\n";

/// Every client with an account of its own; the stand-in's is the owner's.
const PASSTHROUGH: &str = "\n[clients]\nmode = \"passthrough\"\n";
const ACCOUNT: &str = "mock-key";

async fn ask(bridge: &Bridge, key: &str, query: &str) -> Response {
    let response = get(bridge.addr, &format!("{DIALECT_PATH}?api_key={key}&{query}"), &[]).await;
    assert_eq!(response.status, 200, "{query}");
    response
}

/// All of an answer that a client can see, with an id taken out.
fn seen(response: &Response, id: &str) -> (Vec<(String, String)>, String) {
    let without = |text: &str| text.replace(id, "ID");
    let timeless =
        response.headers.iter().filter(|(name, _)| !["date", "content-length"].contains(&name.as_str()));
    let headers = timeless.map(|(name, value)| (name.clone(), without(value))).collect();
    (headers, without(&response.body))
}

#[test]
fn every_action_has_a_row_and_every_row_an_action() {
    let actions: Vec<_> = ACTIONS.iter().map(|action| action.name).collect();
    let rows: Vec<_> = ROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(actions, rows, "what is the new action about? tests/it/access/table.rs");
}

#[tokio::test]
async fn what_is_anothers_does_not_exist() {
    for kind in KINDS {
        let world = World::market(kind, &[], LISTED, rich()).await;
        nothing_can_be_had(&world, SHOP, RIVAL, NOBODY).await;
        world.end().await;
    }
}

#[tokio::test]
async fn nor_does_it_where_every_client_brings_its_own_key() {
    for kind in KINDS.into_iter().filter(|kind| *kind != "sandbox") {
        let world = World::market(kind, &[], PASSTHROUGH, rich()).await;
        nothing_can_be_had(&world, ACCOUNT, RIVAL, NOBODY).await;
        world.end().await;
    }
}

async fn nothing_can_be_had(world: &World, owner: &str, rival: &str, nobody: &str) {
    let bridge = &world.bridge;
    let mine = Belongings::buy(world, owner).await;
    let (before, asked) = (mine.state(world).await, requests(world));
    let unknown = (mine.ids.iter().max().unwrap() + 500).to_string();
    for (action, concern) in ROWS {
        for end in concern.by_id() {
            for name in ["id", "activationId"] {
                let query = |id: &str| format!("action={action}&{name}={id}{end}");
                let expected = ask(bridge, rival, &query(&unknown)).await;
                for id in mine.ids.iter().map(ToString::to_string) {
                    let answer = ask(bridge, rival, &query(&id)).await;
                    let told = format!("{} {}", world.kind, query(&id));
                    assert_eq!(seen(&answer, &id), seen(&expected, &unknown), "{told}");
                }
                // What an upstream calls it is nobody's id here.
                for id in &mine.upstream_ids {
                    let answer = ask(bridge, rival, &query(id)).await;
                    mine.are_not_in(&answer.body, &query(id));
                }
            }
        }
    }
    assert_eq!(requests(world), asked, "{}: nobody asks about another one's", world.kind);
    for (action, concern) in ROWS {
        for end in concern.of_all() {
            let query = format!("action={action}{end}");
            let (one, other) = (ask(bridge, rival, &query).await, ask(bridge, nobody, &query).await);
            assert_eq!(seen(&one, "-"), seen(&other, "-"), "{} {query}", world.kind);
            mine.are_not_in(&one.body, &query);
        }
    }
    relayed(world, rival, &mine.ids).await;
    assert_eq!(mine.state(world).await, before, "{}", world.kind);
}

/// An action that is only passed on must not reach it either.
async fn relayed(world: &World, rival: &str, ids: &[i64]) {
    let asked = requests(world);
    let named = ids.iter().flat_map(|id| [format!("id={id}"), format!("activationId={id}")]);
    for parameters in named {
        let query = format!("action=getFoo&{parameters}");
        let answer = ask(&world.bridge, rival, &query).await;
        assert!(["NO_ACTIVATION", "BAD_ACTION"].contains(&answer.body.as_str()), "{query}: {}", answer.body);
    }
    assert_eq!(requests(world), asked, "{}: nothing is passed on", world.kind);
}

/// However an id is named beside the client's own.
#[tokio::test]
async fn no_id_is_smuggled_to_the_upstream_beside_the_own_one() {
    let world = World::market("sms-activate", &[], LISTED, rich()).await;
    let mine = Belongings::buy(&world, SHOP).await;
    let bought = ask(&world.bridge, RIVAL, "action=getNumber&service=tg&country=0").await.body;
    let own = bought.split(':').nth(1).unwrap();
    let asked = requests(&world);
    for foreign in &mine.upstream_ids {
        for name in ["id[]", "ID", "activation_id", "orderId", "phone", "activationId"] {
            let query = format!("action=getFoo&id={own}&{name}={foreign}");
            let answer = ask(&world.bridge, RIVAL, &query).await.body;
            assert!(["NO_ACTIVATION", "BAD_ACTION"].contains(&answer.as_str()), "{query}: {answer}");
        }
    }
    assert_eq!(requests(&world), asked, "nothing is passed on");
    world.end().await;
}

/// How often the upstream was asked anything.
fn requests(world: &World) -> usize {
    world.upstream.as_ref().map_or(0, |upstream| upstream.requests().len())
}

/// Enough money for everything, and cancelling at once.
fn rich() -> Settings {
    Settings {
        balance: rust_decimal::Decimal::from(1_000_000),
        sms_delay: std::time::Duration::from_secs(5),
        early_cancel: Some(std::time::Duration::ZERO),
        ..Settings::default()
    }
}
