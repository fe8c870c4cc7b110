//! What is sent, to whom, and in which order.

use sha2::{Digest, Sha256};

use super::{Answer, Receiver, sent_to, until};
use crate::harness::{Bridge, KINDS, World, gives_texts};

const ORDER: &str = "service=tg&country=0";

#[tokio::test]
async fn a_message_is_sent_though_nobody_asks_for_it() {
    for kind in KINDS {
        let receiver = Receiver::content().await;
        let world = World::with(kind, &[], &sent_to(&[receiver.url("/sms?token=1")])).await;
        let (id, _) = world.bridge.order(ORDER).await;
        world.bridge.poll_for_webhooks().await;
        world.bridge.deliver().await;
        assert_eq!(receiver.count(), 0, "{kind}");
        world.let_message_come();
        world.bridge.poll_for_webhooks().await;
        world.bridge.deliver().await;
        until("the message", async || receiver.count() == 1).await;

        let status = world.bridge.status(&id).await;
        let code = status.strip_prefix("STATUS_OK:").unwrap_or_else(|| panic!("{kind}: {status}"));
        let posts = receiver.posts("/sms?token=1");
        let json = posts[0].json();
        let keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["activationId", "service", "text", "code", "country", "receivedAt"], "{kind}");
        assert_eq!(json["activationId"], id.parse::<i64>().unwrap(), "{kind}");
        assert_eq!(
            (&json["service"], &json["code"], &json["country"]),
            (&"tg".into(), &code.into(), &0.into())
        );
        let text = json["text"].as_str().unwrap();
        assert!(text.contains(code), "{kind}: {text}");
        assert_eq!(text == code, !gives_texts(kind), "{kind}: {text}");
        let at = json["receivedAt"].as_str().unwrap();
        assert!(at.starts_with("2026-01-01 0") && at.len() == 19, "{kind}: {at}");
        assert_eq!(posts[0].header("content-type"), Some("application/json"));
        assert_eq!(posts[0].header("x-smsbridge-signature"), None);
        world.bridge.deliver().await;
        assert_eq!(receiver.count(), 1, "{kind}: it was taken");
        world.end().await;
    }
}

#[tokio::test]
async fn whoever_finds_a_message_it_is_sent() {
    for action in ["getStatus", "getStatusV2", "getFullSms", "getActiveActivations"] {
        let receiver = Receiver::content().await;
        let urls = [receiver.url("/"), receiver.url("/too")];
        let world = World::with("sms-activate", &[], &sent_to(&urls)).await;
        let (id, _) = world.bridge.order(ORDER).await;
        world.let_message_come();
        world.bridge.ask(&format!("action={action}&id={id}")).await;
        world.bridge.deliver().await;
        until("the messages", async || receiver.count() == 2).await;
        let post = receiver.posts("/").remove(0).json();
        assert!(world.upstream.as_ref().unwrap().calls("getFullSms") <= 1, "{action}: it is fetched once");
        assert_ne!(post["text"], post["code"], "{action}: the full text is fetched first");
        world.end().await;
    }
}

#[tokio::test]
async fn the_next_message_waits_for_the_one_before_it() {
    let receiver = Receiver::answering(|path, before| match path {
        "/slow" if before == 0 => Answer::Status(503),
        _ => Answer::Status(200),
    })
    .await;
    let world = World::with("vak-sms", &[], &sent_to(&[receiver.url("/slow"), receiver.url("/")])).await;
    let (id, _) = world.bridge.order(ORDER).await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        world.let_message_come();
        codes.push(world.bridge.status(&id).await.replace("STATUS_OK:", ""));
        world.bridge.deliver().await;
        assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
    }
    assert_ne!(codes[0], codes[1]);
    until("both messages", async || receiver.codes("/") == codes).await;
    assert_eq!(receiver.codes("/slow"), codes[..1], "the second one overtook the first");
    world.bridge.advance(15);
    world.bridge.deliver().await;
    until("both messages", async || receiver.codes("/slow").len() == 3).await;
    assert_eq!(receiver.codes("/slow"), [codes[0].as_str(), &codes[0], &codes[1]]);
    world.end().await;
}

#[tokio::test]
async fn a_client_gets_its_own_messages_and_no_other() {
    let receiver = Receiver::content().await;
    let toml = format!(
        "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"any\"\nwebhooks = [{:?}, {:?}]\n[clients.key.other]\napi_key = \"other\"\n[provider.main]\nkind = \"sandbox\"\nsms_delay = \"0s\"\n{}",
        receiver.url("/shop"),
        receiver.url("/all"),
        sent_to(&[receiver.url("/all")]),
    );
    let bridge = Bridge::start(&toml).await;
    let (shop, _) = bridge.order(ORDER).await;
    let target = format!("/stubs/handler_api.php?api_key=other&action=getNumber&{ORDER}");
    let other = crate::harness::get(bridge.addr, &target, &[]).await.body;
    let other = other.split(':').nth(1).unwrap().to_owned();
    bridge.advance(1);
    bridge.poll_for_webhooks().await;
    bridge.deliver().await;
    until("the messages", async || receiver.count() == 3).await;
    let ids = |path: &str| {
        let posts = receiver.posts(path);
        let mut ids: Vec<_> = posts.iter().map(|post| post.json()["activationId"].to_string()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids("/shop"), std::slice::from_ref(&shop));
    assert_eq!(ids("/all"), [shop, other], "an address that is named twice gets it once");
}

/// RFC 2104, so that the signature is not checked by what made it.
fn hmac(key: &[u8], body: &[u8]) -> String {
    let pad = |byte: u8| {
        let mut block = [0_u8; 64];
        block[..key.len()].copy_from_slice(key);
        block.map(|letter| letter ^ byte)
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(body).finalize();
    let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize();
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn what_is_sent_is_signed() {
    assert_eq!(
        hmac(b"Jefe", b"what do ya want for nothing?"),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    let receiver = Receiver::content().await;
    let lines = format!("{}secret = \"a-secret\"\n", sent_to(&[receiver.url("/")]));
    let world = World::with("sandbox", &[], &lines).await;
    world.bridge.order(ORDER).await;
    world.let_message_come();
    world.bridge.poll_for_webhooks().await;
    world.bridge.deliver().await;
    until("the message", async || receiver.count() == 1).await;
    let post = receiver.posts("/").remove(0);
    let signature = format!("sha256={}", hmac(b"a-secret", post.body.as_bytes()));
    assert_eq!(post.header("x-smsbridge-signature"), Some(signature.as_str()));
}
