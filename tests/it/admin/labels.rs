//! What clients and upstreams write becomes neither a label nor anything else that is shown.

use smsbridge::server::DIALECT_PATH;

use super::{ORDER, samples, upstream, watched};
use crate::harness::{Draw, get};

#[tokio::test]
async fn no_key_number_id_or_message_is_shown() {
    let lines = "\n[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"client-key-77\"\n";
    let world = watched("vak-sms", lines).await;
    let ask = async |query: &str| {
        get(world.bridge.addr, &format!("{DIALECT_PATH}?api_key=client-key-77&{query}"), &[]).await.body
    };
    let bought = ask(&format!("action=getNumber&{ORDER}")).await;
    let (id, phone) = bought.strip_prefix("ACCESS_NUMBER:").unwrap().split_once(':').unwrap();
    let lot = upstream(&world).market().lots().remove(0);
    upstream(&world).market().deliver(&lot.id, "918273", "your code is 918273").unwrap();
    assert_eq!(ask(&format!("action=getStatus&id={id}")).await, "STATUS_OK:918273");
    world.bridge.ask("action=getBalance").await;
    ask(&format!("action={phone}&id={id}")).await;
    let seen = samples(&world).await;
    assert_eq!(seen.sum("requests_total"), 4.0);
    for secret in ["client-key-77", "mock-key", phone, id, lot.id.as_str(), "918273", "shop"] {
        assert!(!seen.text.contains(secret), "{secret}\n{}", seen.text);
    }
    world.end().await;
}

#[tokio::test]
async fn whatever_is_asked_for_there_are_no_more_series() {
    // An upstream that speaks the dialect is passed on what is not known here, and answers words of its own.
    let world = watched("sms-activate", "").await;
    let mut draw = Draw(5);
    let mut odd = async |times: u64| {
        for _ in 0..times {
            let action: String =
                (0..8).map(|_| char::from(b'a' + u8::try_from(draw.below(26)).unwrap())).collect();
            world.bridge.ask(&format!("action={action}&service={action}&country=0&id={action}")).await;
            world.bridge.ask(&format!("action=getNumber&service={action}&country=0")).await;
            world.bridge.ask(&format!("action=get-Status&{action}=1&id=1")).await;
        }
    };
    odd(3).await;
    let before = samples(&world).await;
    odd(60).await;
    let seen = samples(&world).await;
    assert_eq!(seen.len(), before.len(), "{}", seen.text);
    assert_eq!(seen.sum("requests_total"), 3.0 * 63.0);
    assert!(
        !seen.text.contains("get-Status") && !seen.text.contains("action=\"getStatus\""),
        "{}",
        seen.text
    );
    world.bridge.stop().await;
}

#[tokio::test]
async fn every_series_has_the_labels_that_it_is_documented_with() {
    let world = watched("vak-sms", "").await;
    world.bridge.order(ORDER).await;
    let seen = samples(&world).await;
    for line in seen.text.lines().filter(|line| !line.starts_with('#')) {
        let labels = line.split_once('{').map_or("", |(_, rest)| rest.rsplit_once('}').unwrap().0);
        for label in labels.split("\",").filter(|label| !label.is_empty()) {
            let name = label.split('=').next().unwrap();
            let known =
                ["action", "provider", "outcome", "purpose", "result", "what", "currency", "le", "version"];
            assert!(known.contains(&name), "{line}");
        }
    }
    world.end().await;
}
