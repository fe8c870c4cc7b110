//! Web pages in a browser that try to reach this server, in every mode.

use smsbridge::server::Turned;

use crate::harness::{Bridge, get};

const ORDER: &str = "/stubs/handler_api.php?api_key=any&action=getNumber&service=tg&country=0";

const LISTED: &str = "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"any\"\n";
const PASSTHROUGH: &str = "[clients]\nmode = \"passthrough\"\n";

/// What browsers send for pages of other sites: by script, by form, as an image, by a link, from a sandboxed frame.
const PAGES: [&[(&str, &str)]; 9] = [
    &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")],
    &[("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "script")],
    &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")],
    &[("Origin", "https://evil.example")],
    &[("Origin", "http://localhost:3000"), ("Sec-Fetch-Site", "same-site")],
    &[("Origin", "null")],
    &[("Origin", "")],
    &[("Origin", "https://shop.example.evil.example")],
    &[("Origin", "https://shop.example"), ("Origin", "https://evil.example")],
];

#[tokio::test]
async fn no_page_is_answered_in_any_mode() {
    for toml in ["", LISTED, PASSTHROUGH] {
        let bridge = Bridge::start(toml).await;
        for headers in PAGES {
            let response = get(bridge.addr, ORDER, headers).await;
            assert_eq!(response.status, 403, "{toml} {headers:?}");
            assert!(response.body.contains("allow_origins"), "{}", response.body);
        }
        assert_eq!(bridge.turned_away(Turned::Page), PAGES.len() as u64);
        assert_eq!(bridge.ask("action=getHistory").await, "[]", "{toml}");
        bridge.stop().await;
    }
}

#[tokio::test]
async fn whoever_is_no_page_of_another_site_is_answered() {
    let bridge = Bridge::start("").await;
    let own = format!("http://{}", bridge.addr);
    let people: [&[(&str, &str)]; 4] = [
        &[],
        &[("Sec-Fetch-Site", "none")],
        &[("Sec-Fetch-Site", "same-origin")],
        &[("Origin", &own), ("Sec-Fetch-Site", "same-origin")],
    ];
    for headers in people {
        let response = get(bridge.addr, ORDER, headers).await;
        assert!(response.body.starts_with("ACCESS_NUMBER:"), "{headers:?}: {}", response.body);
        assert_eq!(response.header("access-control-allow-origin"), None);
        assert_eq!(response.header("cache-control"), Some("no-store"));
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_page_that_is_allowed_to_is_answered_and_can_read_it() {
    let toml =
        format!("[server]\nlisten = [\"127.0.0.1:0\"]\nallow_origins = [\"https://Shop.example\"]\n{LISTED}");
    let bridge = Bridge::start(&toml).await;
    let page = [("Origin", "https://shop.example"), ("Sec-Fetch-Site", "cross-site")];
    let response = get(bridge.addr, ORDER, &page).await;
    assert!(response.body.starts_with("ACCESS_NUMBER:"), "{}", response.body);
    assert_eq!(response.header("access-control-allow-origin"), Some("https://shop.example"));
    for headers in PAGES {
        assert_eq!(get(bridge.addr, ORDER, headers).await.status, 403, "{headers:?}");
    }
    // Another scheme or port is another origin.
    for origin in ["http://shop.example", "https://shop.example:8443"] {
        assert_eq!(get(bridge.addr, ORDER, &[("Origin", origin)]).await.status, 403, "{origin}");
    }
    bridge.stop().await;
}
