//! `getExtraActivation` and `checkExtraActivation`, and HeroSMS's `reactivate` and `reactivationPrice`: the number
//! of a used activation once more. Words: `api/sms-activate.txt`, "Дополнительная активация номера" and "Получить
//! цену за дополнительную активацию номера".

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use smsbridge::mock::{Scope, Special};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{balance, price, refuse, rich, say, upstream};
use crate::harness::{Canned, KINDS, World};

const SELLING: [&str; 3] = ["sandbox", "vak-sms", "sms-activate"];
const ACTIONS: [&str; 4] = ["getExtraActivation", "checkExtraActivation", "reactivate", "reactivationPrice"];
const NOT_AVAILABLE: &str = "RENEW_ACTIVATION_NOT_AVAILABLE";

/// An activation that was used and is over: its id, phone and code.
async fn used(world: &World) -> (String, String, String) {
    let (id, phone) = world.bridge.order("service=tg&country=0").await;
    world.let_message_come();
    let status = world.bridge.status(&id).await;
    let code = status.strip_prefix("STATUS_OK:").unwrap_or_else(|| panic!("{status}")).to_owned();
    assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
    world.bridge.advance(20 * 60);
    (id, phone, code)
}

#[tokio::test]
async fn a_used_number_is_sold_once_more_under_an_id_of_its_own() {
    for kind in SELLING {
        for name in ["activationId", "id"] {
            let world = World::market(kind, &[], "", rich()).await;
            let cost = price(&world.bridge, "tg", 0).await;
            let (parent, phone, code) = used(&world).await;
            let before = balance(&world.bridge).await;
            let answer = say(&world.bridge, &format!("action=getExtraActivation&{name}={parent}")).await;
            let fields: Vec<_> = answer.split(':').collect();
            let ["ACCESS_NUMBER", id, same] = fields[..] else { panic!("{kind}: {answer}") };
            assert_eq!(same, phone, "{kind}");
            assert_ne!(id, parent, "{kind}");
            assert_eq!(balance(&world.bridge).await, before - cost, "{kind}");
            // What came to the first one is not news.
            assert_eq!(world.bridge.status(id).await, "STATUS_WAIT_CODE", "{kind}");
            assert_eq!(world.bridge.status(&parent).await, format!("STATUS_OK:{code}"), "{kind}");
            world.let_message_come();
            let second = world.bridge.status(id).await;
            assert!(second.starts_with("STATUS_OK:"), "{kind}: {second}");
            assert_eq!(world.bridge.set(id, "6").await, "ACCESS_ACTIVATION", "{kind}");
            assert_eq!(world.bridge.status(&parent).await, format!("STATUS_OK:{code}"), "{kind}");
            let history = world.bridge.json("action=getHistory").await;
            assert_eq!(history.as_array().unwrap().len(), 2, "{kind}");
            assert_eq!(history[0]["cost"].to_string(), cost.normalize().to_string(), "{kind}");
            world.end().await;
        }
    }
}

#[tokio::test]
async fn its_price_is_told_before() {
    for kind in SELLING {
        let world = World::market(kind, &[], "", rich()).await;
        let cost = price(&world.bridge, "tg", 0).await.normalize();
        let (parent, phone, _) = used(&world).await;
        let before = balance(&world.bridge).await;
        let expected =
            format!(r#"{{"status":"success","cost":{cost},"service":"tg","phone":{phone},"country":0}}"#);
        for name in ["activationId", "id"] {
            let answer = say(&world.bridge, &format!("action=checkExtraActivation&{name}={parent}")).await;
            assert_eq!(answer, expected, "{kind}");
        }
        let price = say(&world.bridge, &format!("action=reactivationPrice&id={parent}")).await;
        assert_eq!(price, format!(r#"{{"data":{{"price":{cost}}}}}"#), "{kind}");
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        let again = world.bridge.json(&format!("action=reactivate&id={parent}")).await;
        assert_eq!((again["phoneNumber"].as_str(), again["currency"].as_i64()), (Some(&*phone), Some(643)));
        world.end().await;
    }
}

#[tokio::test]
async fn an_unknown_parent_is_wrong_everywhere() {
    for kind in KINDS {
        let world = World::of(kind).await;
        world.bridge.order("service=tg&country=0").await;
        let asked = world.upstream.as_ref().map(|upstream| upstream.requests().len());
        for action in ACTIONS {
            for id in ["&activationId=1", "&id=2147483647", "&activationId=abc", "&id=", ""] {
                refuse(&world.bridge, &format!("action={action}{id}"), "WRONG_ACTIVATION_ID").await;
            }
        }
        assert_eq!(world.upstream.as_ref().map(|upstream| upstream.requests().len()), asked, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn where_nobody_sells_it_nobody_is_asked() {
    for kind in KINDS.into_iter().filter(|kind| !SELLING.contains(kind)) {
        let world = World::of(kind).await;
        let (parent, _, _) = used(&world).await;
        let asked = upstream(&world).requests().len();
        for action in ACTIONS {
            refuse(&world.bridge, &format!("action={action}&id={parent}"), NOT_AVAILABLE).await;
        }
        assert_eq!(upstream(&world).requests().len(), asked, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_number_without_a_code_is_not_to_be_had_again() {
    for kind in SELLING {
        let world = World::of(kind).await;
        let (parent, _) = world.bridge.order("service=tg&country=0").await;
        let before = balance(&world.bridge).await;
        let orders = world.upstream.as_ref().map(|upstream| upstream.calls("prolongNumber"));
        for action in ACTIONS {
            refuse(&world.bridge, &format!("action={action}&activationId={parent}"), NOT_AVAILABLE).await;
        }
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        assert_eq!(world.upstream.as_ref().map(|one| one.calls("prolongNumber")), orders, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_number_in_use_and_a_lack_of_money_have_their_words() {
    for (kind, busy) in [
        ("sandbox", NOT_AVAILABLE),
        ("vak-sms", NOT_AVAILABLE),
        ("sms-activate", "NEW_ACTIVATION_IMPOSSIBLE"),
    ] {
        let world = World::market(kind, &[], "", rich()).await;
        let (parent, _, _) = used(&world).await;
        say(&world.bridge, &format!("action=getExtraActivation&activationId={parent}")).await;
        let answer = say(&world.bridge, &format!("action=getExtraActivation&activationId={parent}")).await;
        assert_eq!(answer, busy, "{kind}");
        let Some(upstream) = &world.upstream else { continue };
        world.bridge.advance(20 * 60);
        upstream.market().declare(Scope::Service("tg".into()), Special::NoFunds);
        refuse(&world.bridge, &format!("action=getExtraActivation&activationId={parent}"), "NO_BALANCE")
            .await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_number_that_is_no_more_at_vak_sms_is_not_available() {
    let world = World::market("vak-sms", &[], "", rich()).await;
    let (parent, _, _) = used(&world).await;
    upstream(&world).market().declare(Scope::Service("tg".into()), Special::OutOfStock);
    refuse(&world.bridge, &format!("action=getExtraActivation&activationId={parent}"), NOT_AVAILABLE).await;
    assert_eq!(upstream(&world).calls("prolongNumber"), 1);
    world.end().await;
}

/// Some upstream may go on under the parent's own id: its codes must not be taken for new ones.
#[tokio::test]
async fn old_codes_under_the_same_id_are_not_new() {
    let upstream = Canned::answering(|target| {
        let answer = match target {
            _ if target.contains("/getNumber/") || target.contains("/prolongNumber/") => {
                r#"{"tel": 79991112233, "idNum": "3adb61376b8f4adb90d6e758cf8084fd"}"#
            }
            _ if target.contains("/getSmsCode/") => r#"{"smsCode": ["4711"]}"#,
            _ => r#"{"tg": 5, "price": 10.0}"#,
        };
        (200, answer.to_owned())
    })
    .await;
    let url = upstream.url();
    let toml = format!("[provider.main]\nkind = \"vak-sms\"\nbase_url = \"{url}\"\napi_key = \"mock-key\"\n");
    let bridge = crate::harness::Bridge::start(&toml).await;
    let (parent, _) = bridge.order("service=tg&country=0").await;
    assert_eq!(bridge.status(&parent).await, "STATUS_OK:4711");
    let again = bridge.ask(&format!("action=getExtraActivation&activationId={parent}")).await;
    let id = again.split(':').nth(1).unwrap();
    assert_eq!(bridge.status(id).await, "STATUS_WAIT_RETRY:4711");
}

/// The old codes do not make it look used: it is not bought twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_number_once_more_that_nobody_waited_for_is_the_next_identical_order() {
    let (open, door) = mpsc::channel::<()>();
    let (door, arrived) = (Mutex::new(door), Arc::new(AtomicU64::new(0)));
    let orders = Arc::clone(&arrived);
    let upstream = Canned::answering(move |target| {
        if target.contains("/prolongNumber/") {
            arrived.fetch_add(1, Ordering::SeqCst);
            let _ = door.lock().unwrap().recv();
        }
        let answer = match target {
            _ if target.contains("/getNumber/") || target.contains("/prolongNumber/") => {
                r#"{"tel": 79991112233, "idNum": "3adb61376b8f4adb90d6e758cf8084fd"}"#
            }
            _ if target.contains("/getSmsCode/") => r#"{"smsCode": ["4711"]}"#,
            _ => r#"{"tg": 5, "price": 10.0}"#,
        };
        (200, answer.to_owned())
    })
    .await;
    let url = upstream.url();
    let toml = format!("[provider.main]\nkind = \"vak-sms\"\nbase_url = \"{url}\"\napi_key = \"mock-key\"\n");
    let bridge = crate::harness::Bridge::start(&toml).await;
    let (parent, _) = bridge.order("service=tg&country=0").await;
    assert_eq!(bridge.status(&parent).await, "STATUS_OK:4711");
    let query = format!("action=getExtraActivation&activationId={parent}");
    let mut stream = TcpStream::connect(bridge.addr).await.unwrap();
    let request =
        format!("GET /stubs/handler_api.php?api_key=any&{query} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    while orders.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    // Meanwhile the server notices the closed connection.
    for _ in 0..50 {
        bridge.ask("action=getHistory").await;
    }
    drop(open);
    let mut history = bridge.json("action=getHistory").await;
    while history.as_array().unwrap().len() < 2 {
        history = bridge.json("action=getHistory").await;
    }
    let again = bridge.ask(&query).await;
    assert!(again.starts_with("ACCESS_NUMBER:"), "{again}");
    assert_eq!(orders.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn hero_sms_is_asked_in_its_own_words() {
    let upstream = Canned::answering(|target| {
        let answer = match target {
            _ if target.contains("action=getNumber&") => (200, "ACCESS_NUMBER:5:79991112233"),
            _ if target.contains("action=getStatus&") => (200, "STATUS_OK:4711"),
            _ if target.contains("action=reactivationPrice") => (200, r#"{"data":{"price":0.5}}"#),
            _ if target.contains("action=reactivate") => (
                200,
                r#"{"activationId":6,"phoneNumber":"79991112233","activationCost":0.5,"currency":840,"countryCode":0}"#,
            ),
            _ if target.contains("action=getPrices") => (200, "{}"),
            _ => (400, r#"{"title":"BAD_ACTION","details":"x"}"#),
        };
        (answer.0, answer.1.to_owned())
    })
    .await;
    let url = upstream.url();
    let toml = format!(
        "[dialect.rates]\nUSD = 90\n[provider.main]\nkind = \"sms-activate\"\npreset = \"hero-sms\"\nbase_url = \"{url}\"\napi_key = \"mock-key\"\n"
    );
    let bridge = crate::harness::Bridge::start(&toml).await;
    let (parent, _) = bridge.order("service=tg&country=0").await;
    let price = bridge.ask(&format!("action=checkExtraActivation&activationId={parent}")).await;
    assert!(price.contains(r#""cost":45"#), "{price}");
    let again = bridge.json(&format!("action=reactivate&id={parent}")).await;
    assert_eq!((again["activationCost"].as_str(), again["currency"].as_i64()), (Some("45.00"), Some(643)));
    assert_ne!(again["activationId"].to_string(), parent);
}
