//! Who is let in, and in which order a request is judged: no key, wrong key, no action.

use super::{BALANCE, assert_says, get};
use crate::harness::{Bridge, World};

/// 32 hexadecimal digits, since one client sends no others (`WIRE.md` section 1, item 18).
const KEY: &str = "0123456789abcdef0123456789abcdef";

fn listed() -> String {
    format!(
        "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"{KEY}\"\n[provider.main]\nkind = \"sandbox\"\nbalance = \"123.40\"\n"
    )
}

#[tokio::test]
async fn a_key_is_missed_first_then_judged_then_the_action() {
    let bridge = Bridge::start(&listed()).await;
    let cases = [
        ("".to_owned(), "NO_KEY"),
        ("action=getBalance".to_owned(), "NO_KEY"),
        ("action=nonsense".to_owned(), "NO_KEY"),
        ("api_key=&action=getBalance".to_owned(), "NO_KEY"),
        ("api_key&action=getBalance".to_owned(), "NO_KEY"),
        ("api_key=wrong&action=getBalance".to_owned(), "BAD_KEY"),
        ("api_key=wrong".to_owned(), "BAD_KEY"),
        ("api_key=wrong&action=nonsense".to_owned(), "BAD_KEY"),
        ("api_key=wrong&action=getNumber&service=tg".to_owned(), "BAD_KEY"),
        // Errors that are JSON elsewhere are bare here (WIRE.md section 1, item 10).
        ("api_key=wrong&action=getActiveActivations".to_owned(), "BAD_KEY"),
        ("api_key=wrong&action=getOperators".to_owned(), "BAD_KEY"),
        (format!("api_key={}&action=getBalance", KEY.to_uppercase()), "BAD_KEY"),
        (format!("api_key={}&action=getBalance", &KEY[..31]), "BAD_KEY"),
        (format!("api_key={KEY}0&action=getBalance"), "BAD_KEY"),
        (format!("api_key=wrong&api_key={KEY}&action=getBalance"), "BAD_KEY"),
        (format!("key={KEY}&action=getBalance"), "NO_KEY"),
        (format!("api_key={KEY}"), "BAD_ACTION"),
        (format!("api_key={KEY}&action="), "BAD_ACTION"),
        (format!("api_key={KEY}&action=nonsense"), "BAD_ACTION"),
        (format!("api_key={KEY}&action=getBalance"), BALANCE),
        (format!("api_key=+{KEY}%0A&action=getBalance"), BALANCE),
    ];
    for (query, expected) in cases {
        assert_says(&get(&bridge, &query, &[]).await, expected, &query);
    }
    bridge.stop().await;
}

#[tokio::test]
async fn any_key_will_do_where_nobody_else_can_come() {
    let bridge = super::sandbox().await;
    for key in ["k", KEY, "%D0%BA%D0%BB%D1%8E%D1%87", "a+b%26c"] {
        let query = format!("api_key={key}&action=getBalance");
        assert_says(&get(&bridge, &query, &[]).await, BALANCE, key);
    }
    assert_says(&get(&bridge, "action=getBalance", &[]).await, "NO_KEY", "none");
    bridge.stop().await;
}

#[tokio::test]
async fn a_wrong_key_of_ours_at_the_upstream_is_bad_key_too() {
    // "The upstream key is wrong: BAD_KEY" (UPSTREAMS.md section 6a).
    for kind in ["vak-sms", "sms-activate"] {
        let world = World::with(kind, &[], "").await;
        let toml = World::toml(kind, &[], world.upstream.as_ref().unwrap(), "").replace("mock-key", "stale");
        let bridge = Bridge::at(&toml, world.bridge.clock.clone()).await;
        for query in
            ["action=getBalance", "action=getNumber&service=tg&country=0", "action=getPrices&country=0"]
        {
            let response = bridge.get(query).await;
            assert_says(&response, "BAD_KEY", &format!("{kind}: {query}"));
            assert!(response.header("x-smsbridge-detail").is_some(), "{kind}: {query}");
        }
        bridge.stop().await;
        world.end().await;
    }
}
