//! Who is not to be served: pages of other sites in a browser, and another service under the name of the
//! one that sold a number.

use smsbridge::clock::MovableClock;
use smsbridge::mock::Settings;
use tempfile::TempDir;

use crate::harness::{Bridge, World, get};

const ORDER: &str = "/stubs/handler_api.php?api_key=any&action=getNumber&service=tg&country=0";

#[tokio::test]
async fn a_web_page_cannot_spend_money_at_a_server_that_takes_every_key() {
    let bridge = Bridge::start("").await;
    let own = format!("http://{}", bridge.addr);
    let pages: [&[(&str, &str)]; 4] = [
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Origin", "https://evil.example")],
        &[("Origin", "null")],
    ];
    for headers in pages {
        assert_eq!(get(bridge.addr, ORDER, headers).await.status, 403, "{headers:?}");
    }
    assert_eq!(bridge.ask("action=getHistory").await, "[]");
    let people: [&[(&str, &str)]; 3] =
        [&[("Sec-Fetch-Site", "none")], &[("Sec-Fetch-Site", "same-origin")], &[("Origin", &own)]];
    for headers in people {
        assert_eq!(get(bridge.addr, ORDER, headers).await.status, 200, "{headers:?}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_listed_client_may_be_a_web_page() {
    let clients = "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"any\"";
    let bridge = Bridge::start(clients).await;
    let response = get(bridge.addr, ORDER, &[("Origin", "https://shop.example")]).await;
    assert_eq!(response.status, 200);
    assert!(response.body.starts_with("ACCESS_NUMBER:"), "{}", response.body);
    bridge.stop().await;
}

#[tokio::test]
async fn another_service_under_the_same_name_is_not_asked_about_a_number() {
    let home = TempDir::new().unwrap();
    let clock = MovableClock::standing();
    let first = Bridge::over("[provider.main]\nkind = \"sandbox\"", clock.clone(), home.path()).await;
    let (id, _) = first.order("service=tg&country=0").await;
    first.stop().await;

    let upstream = World::stand_in("vak-sms", &[], Settings::default(), &clock).await;
    let second = Bridge::over(&World::toml("vak-sms", &[], &upstream, ""), clock.clone(), home.path()).await;
    assert_eq!(second.status(&id).await, "ERROR_SQL");
    assert_eq!(second.set(&id, "8").await, "ERROR_SQL");
    assert_eq!(upstream.calls("getSmsCode") + upstream.calls("setStatus"), 0);
    second.stop().await;

    let again = Bridge::over("[provider.main]\nkind = \"sandbox\"", clock.clone(), home.path()).await;
    clock.advance(std::time::Duration::from_secs(6));
    assert!(again.status(&id).await.starts_with("STATUS_OK:"));
    again.stop().await;
    upstream.stop().await;
}
