//! SMS-Service-Online's variant (`api/sms-service-online.txt`; `UPSTREAMS.md` section 3): a bare balance in
//! the currency of `lang`, and no words but those of its document.

use super::{flavoured, golden, keyless, over, refused, sandbox};
use crate::harness::{Bridge, Canned, get};

const FLAVOUR: &str = "[dialect]\nflavour = \"sms-service-online\"\n";

#[tokio::test]
async fn the_balance_is_bare_and_so_are_the_words() {
    let bridge = flavoured("sms-service-online").await;
    golden(&bridge, &[("action=getBalance&lang=ru", "463.02")]).await;
    assert_eq!(keyless(&bridge, "action=getBalance&lang=ru").await.body, "BAD_KEY");
    // Its path has no `.php`.
    let response = get(bridge.addr, "/stubs/handler_api?api_key=k&action=getBalance&lang=ru", &[]).await;
    assert_eq!(response.body, "463.02");
    bridge.stop().await;
}

#[tokio::test]
async fn the_language_is_mandatory_in_each_of_its_actions() {
    let bridge = flavoured("sms-service-online").await;
    for query in [
        "action=getBalance",
        "action=getNumber&service=tg&operator=any&country=0",
        "action=setStatus&id=1&status=8",
        "action=getStatus&id=1",
    ] {
        for lang in ["RU", "de", "ruen", "0"] {
            refused(&bridge, &[(&format!("{query}&lang={lang}"), "BAD_LANG")]).await;
        }
        // A client leaves it out there (`UPSTREAMS.md` section 3), and would else never get its money back.
        let without = if query.contains("setStatus") { "NO_ACTIVATION" } else { "BAD_LANG" };
        refused(&bridge, &[(query, without)]).await;
    }
    assert_eq!(keyless(&bridge, "action=getBalance").await.body, "BAD_KEY", "the key comes first");
    golden(&bridge, &[("action=getBalance&lang=ru", "463.02")]).await;
    bridge.stop().await;
}

#[tokio::test]
async fn the_language_is_a_currency() {
    let bridge = flavoured("sms-service-online").await;
    // Rubles taken for dollars would be a hundred times the money.
    refused(&bridge, &[("action=getBalance&lang=en", "BAD_LANG")]).await;
    bridge.stop().await;
    let bridge = sandbox(&format!("{FLAVOUR}[dialect.rates]\nUSD = \"92.50\"")).await;
    // 463.02 / 92.50 is 5.0056…
    golden(&bridge, &[("action=getBalance&lang=en", "5.00"), ("action=getBalance&lang=ru", "463.02")]).await;
    // Of a price as well, rounded up.
    let price = async |lang: &str| {
        let rows = bridge.json(&format!("action=getServicesAndCost&country=0&lang={lang}")).await;
        let telegram = rows.as_array().unwrap().iter().find(|row| row["id"] == "tg").unwrap();
        telegram["price"].to_string().parse::<rust_decimal::Decimal>().unwrap()
    };
    let (rubles, dollars) = (price("ru").await, price("en").await);
    let rate = rust_decimal::Decimal::new(9250, 2);
    let hundredth = rust_decimal::Decimal::new(1, 2);
    assert!(dollars * rate >= rubles && (dollars - hundredth) * rate < rubles, "{rubles} {dollars}");
    // Where no amount occurs, no rate is needed.
    golden(&bridge, &[("action=getStatus&id=1&lang=en", "NO_ACTIVATION")]).await;
    bridge.stop().await;
    let toml =
        format!("{FLAVOUR}currency = \"USD\"\n[provider.main]\nkind = \"sandbox\"\ncurrency = \"USD\"\n");
    let bridge = Bridge::start(&toml).await;
    golden(&bridge, &[("action=getBalance&lang=en", "1000.00")]).await;
    refused(&bridge, &[("action=getBalance&lang=ru", "BAD_LANG")]).await;
    bridge.stop().await;
}

#[tokio::test]
async fn every_documented_error_has_its_condition() {
    let bridge = flavoured("sms-service-online").await;
    refused(
        &bridge,
        &[
            ("action=getNumber&service=nosuch&operator=any&country=0&lang=ru", "NO_NUMBERS"),
            ("action=getNumber&service=tg&operator=any&country=999&lang=ru", "NO_NUMBERS"),
            ("action=getNumber&service=tg&operator=nosuch&country=0&lang=ru", "NO_NUMBERS"),
            ("action=getNumber&operator=any&country=0&lang=ru", "BAD_ACTION"),
            ("action=getNumber&service=tg&country=x&lang=ru", "ERROR_SQL"),
            ("action=getStatus&id=1&lang=ru", "NO_ACTIVATION"),
            ("action=getStatus&lang=ru", "NO_ACTIVATION"),
            ("action=setStatus&id=1&status=8&lang=ru", "NO_ACTIVATION"),
            ("action=setStatus&id=1&status=5&lang=ru", "BAD_ACTION"),
            ("action=setStatus&id=1&lang=ru", "BAD_ACTION"),
            ("action=nonsense&lang=ru", "BAD_ACTION"),
            ("lang=ru", "BAD_ACTION"),
        ],
    )
    .await;
    golden(&bridge, &[("action=getBalance&lang=ru", "463.02")]).await;
    bridge.stop().await;
    let poor =
        Bridge::start(&format!("{FLAVOUR}[provider.main]\nkind = \"sandbox\"\nbalance = \"0.01\"\n")).await;
    refused(&poor, &[("action=getNumber&service=tg&operator=any&country=0&lang=ru", "NO_BALANCE")]).await;
    poor.stop().await;
}

#[tokio::test]
async fn a_life_has_three_states_and_no_colon_without_a_code() {
    let world = over("sms-activate", "sms-service-online").await;
    let (bridge, market) = (&world.bridge, world.upstream.as_ref().unwrap().market());
    let (id, _) = bridge.order("service=tg&operator=any&country=0&lang=ru").await;
    let lot = market.lots().pop().unwrap().id;
    let ask = format!("action=getStatus&id={id}&lang=ru");
    let set = |status: u8| format!("action=setStatus&id={id}&status={status}&lang=ru");
    golden(bridge, &[(&ask, "STATUS_WAIT_CODE")]).await;
    refused(bridge, &[(&set(3), "BAD_ACTION")]).await;
    market.hold_for_resend(&lot).unwrap();
    bridge.advance(2);
    golden(bridge, &[(&ask, "STATUS_WAIT_CODE")]).await;
    market.deliver(&lot, "4242", "text").unwrap();
    bridge.advance(2);
    golden(bridge, &[(&ask, "STATUS_OK:4242")]).await;
    // Its clients take anything with a colon for a code (`WIRE.md` section 3, SSO).
    golden(bridge, &[(&set(3), "ACCESS_RETRY_GET"), (&ask, "STATUS_WAIT_CODE")]).await;
    refused(bridge, &[(&set(8), "BAD_ACTION")]).await;
    golden(bridge, &[(&set(6), "ACCESS_ACTIVATION")]).await;
    let (other, _) = bridge.order("service=tg&operator=any&country=0&lang=ru").await;
    let cancel = format!("action=setStatus&id={other}&status=8");
    golden(bridge, &[(&cancel, "ACCESS_CANCEL")]).await;
    golden(bridge, &[(&format!("action=getStatus&id={other}&lang=ru"), "STATUS_CANCEL")]).await;
    world.end().await;
}

#[tokio::test]
async fn a_cancellation_that_comes_too_early_is_a_bad_action() {
    let toml =
        format!("{FLAVOUR}[provider.main]\nkind = \"sandbox\"\nearly_cancel = \"2m\"\nsms_delay = \"10m\"\n");
    let bridge = Bridge::start(&toml).await;
    let (id, _) = bridge.order("service=tg&country=0&lang=ru").await;
    let cancel = format!("action=setStatus&id={id}&status=8&lang=ru");
    refused(&bridge, &[(&cancel, "BAD_ACTION")]).await;
    bridge.advance(121);
    golden(&bridge, &[(&cancel, "ACCESS_CANCEL")]).await;
    bridge.stop().await;
}

#[tokio::test]
async fn a_blocked_account_is_a_failure() {
    for word in ["BANNED:'2022-11-12 15-58-39'", "CHANNELS_LIMIT", "ERROR_SQL"] {
        let upstream = Canned::answering(move |_| (200, word.to_owned())).await;
        let toml = format!(
            "{FLAVOUR}[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"k\"\n",
            upstream.url()
        );
        let bridge = Bridge::start(&toml).await;
        refused(&bridge, &[("action=getNumber&service=tg&country=0&lang=ru", "ERROR_SQL")]).await;
        // That has a word where the action is sms-activate's.
        refused(&bridge, &[("action=getNumberV2&service=tg&country=0", word)]).await;
        bridge.stop().await;
    }
}

#[tokio::test]
async fn what_its_document_does_not_have_is_sms_activates() {
    let (bridge, plain) = (flavoured("sms-service-online").await, flavoured("sms-activate").await);
    for query in [
        "action=getBalanceAndCashBack",
        "action=getNumbersStatus&country=0",
        "action=getPrices&service=tg",
        "action=getPrices&service=nosuch",
        "action=getCountries",
        "action=getOperators&country=0",
        "action=getNumberV2&service=nosuch",
    ] {
        assert_eq!(bridge.ask(query).await, plain.ask(query).await, "{query}");
    }
    bridge.stop().await;
    plain.stop().await;
}
