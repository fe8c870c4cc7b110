//! Actions that this server does not know: passed on word for word to an upstream that speaks the dialect,
//! but for the key and the activation's id; refused where the upstream does not.

use crate::harness::{Bridge, Canned, World, get};

/// What the upstream answers: bytes that nobody would write alike.
const ODD: &str = "{ \"a\" : 1.50,\n\t\"ж\":null }  \n";

fn toml(upstream: &Canned, clients: &str) -> String {
    format!(
        "{clients}\n[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"upstreams-key\"\n",
        upstream.url()
    )
}

const ONE_CLIENT: &str = "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"shops-key\"";

const TWO_CLIENTS: &str = "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"shops-key\"\n\
                           [clients.key.pal]\napi_key = \"pals-key\"";

/// Sells one number, and answers everything else with its odd bytes.
async fn odd() -> Canned {
    Canned::answering(|target| match target {
        _ if target.contains("action=getNumber&") => (200, "ACCESS_NUMBER:3807035855:79991112233".to_owned()),
        _ if target.contains("action=getPrices") => (200, "{}".to_owned()),
        _ => (200, ODD.to_owned()),
    })
    .await
}

async fn ask(bridge: &Bridge, query: &str) -> String {
    get(bridge.addr, &format!("/stubs/handler_api.php?{query}"), &[]).await.body
}

#[tokio::test]
async fn every_word_is_passed_on_but_the_key() {
    let upstream = odd().await;
    let bridge = Bridge::start(&toml(&upstream, ONE_CLIENT)).await;
    let table = [
        ("action=getFoo", "action=getFoo"),
        ("action=getFoo&b=2&a=1&c=", "action=getFoo&b=2&a=1&c="),
        ("action=getFoo&x=%D1%8F%26%3D+%2B", "action=getFoo&x=%D1%8F%26%3D+%2B"),
        ("action=getFoo&service=nosuch&country=ru", "action=getFoo&service=nosuch&country=ru"),
        // The first value wins, and a blank in a name is a slip of the client's.
        ("action=getFoo&a=1&a=2&time%20=4", "action=getFoo&a=1&time=4"),
        // Ids that this server never gave may be of something that was bought elsewhere.
        ("action=getFoo&id=1234", "action=getFoo&id=1234"),
        ("action=getFoo&id=3807035855", "action=getFoo&id=3807035855"),
        ("action=getFoo&id=&activationId=abc", "action=getFoo&id=&activationId=abc"),
    ];
    for (asked, passed) in table {
        for query in [format!("api_key=shops-key&{asked}"), format!("{asked}&api_key=shops-key")] {
            assert_eq!(ask(&bridge, &query).await, ODD, "{query}");
            let last = upstream.asked().pop().unwrap();
            assert_eq!(last, format!("/stubs/handler_api.php?api_key=upstreams-key&{passed}"));
        }
    }
    // A key that is given twice is given twice to nobody.
    ask(&bridge, "api_key=shops-key&action=getFoo&api_key=pals-key").await;
    assert!(
        upstream.asked().iter().all(|target| !target.contains("shops-key") && !target.contains("pals-key"))
    );
}

#[tokio::test]
async fn a_form_is_passed_on_as_a_query() {
    let upstream = odd().await;
    let bridge = Bridge::start(&toml(&upstream, ONE_CLIENT)).await;
    let form = "api_key=shops-key&action=getFoo&rent_time=4&url=https%3A%2F%2Fa.b%2F%3Fc";
    let request = format!(
        "POST /stubs/handler_api.php HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    assert_eq!(bridge.raw(request.as_bytes()).await.body, ODD);
    let passed = "api_key=upstreams-key&action=getFoo&rent_time=4&url=https%3A%2F%2Fa.b%2F%3Fc";
    assert_eq!(upstream.asked(), [format!("/stubs/handler_api.php?{passed}")]);
}

#[tokio::test]
async fn an_id_is_the_upstreams_own_there_and_nobody_elses_here() {
    let upstream = odd().await;
    let bridge = Bridge::start(&toml(&upstream, TWO_CLIENTS)).await;
    let sold = ask(&bridge, "api_key=shops-key&action=getNumber&service=tg&country=0").await;
    let id = sold.split(':').nth(1).unwrap();
    assert_ne!(id, "3807035855");
    for name in ["id", "activationId"] {
        let query = format!("action=getFoo&{name}={id}&size=5");
        assert_eq!(ask(&bridge, &format!("api_key=shops-key&{query}")).await, ODD);
        let passed = format!("api_key=upstreams-key&action=getFoo&{name}=3807035855&size=5");
        assert_eq!(upstream.asked().pop().unwrap(), format!("/stubs/handler_api.php?{passed}"));
        // Another client may know the number but not touch it, not even under its bare id.
        let asked = upstream.asked().len();
        assert_eq!(ask(&bridge, &format!("api_key=pals-key&{query}")).await, "NO_ACTIVATION");
        assert_eq!(ask(&bridge, &format!("api_key=wrong-key&{query}")).await, "BAD_KEY");
        assert_eq!(ask(&bridge, &query).await, "NO_KEY");
        assert_eq!(upstream.asked().len(), asked);
    }
    for action in ["getStatus", "getStatusV2", "getFullSms", "setStatus&status=8"] {
        assert_eq!(ask(&bridge, &format!("api_key=pals-key&action={action}&id={id}")).await, "NO_ACTIVATION");
    }
}

#[tokio::test]
async fn what_belongs_to_the_whole_account_is_for_none_of_several_clients() {
    let upstream = odd().await;
    let bridge = Bridge::start(&toml(&upstream, TWO_CLIENTS)).await;
    let shop = |query: &str| format!("api_key=shops-key&{query}");
    for account in ["action=getFoo", "action=getFoo&service=tg", "action=getRents", "action=getFoo&id="] {
        assert_eq!(ask(&bridge, &shop(account)).await, "BAD_ACTION", "{account}");
    }
    for foreign in ["action=getFoo&id=1234", "action=getFoo&activationId=3807035855"] {
        assert_eq!(ask(&bridge, &shop(foreign)).await, "NO_ACTIVATION", "{foreign}");
    }
    assert_eq!(upstream.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn an_id_of_another_account_is_nobodys_either() {
    let upstream = odd().await;
    let toml = format!(
        "[clients]\nmode = \"passthrough\"\n[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\n",
        upstream.url()
    );
    let bridge = Bridge::start(&toml).await;
    let sold = ask(&bridge, "api_key=mine&action=getNumber&service=tg&country=0").await;
    let id = sold.split(':').nth(1).unwrap();
    let asked = upstream.asked().len();
    assert_eq!(ask(&bridge, &format!("api_key=yours&action=getFoo&id={id}")).await, "NO_ACTIVATION");
    assert_eq!(upstream.asked().len(), asked);
    assert_eq!(ask(&bridge, &format!("api_key=mine&action=getFoo&id={id}")).await, ODD);
}

#[tokio::test]
async fn a_key_that_is_passed_through_is_the_clients_own() {
    let upstream = odd().await;
    let toml = format!(
        "[clients]\nmode = \"passthrough\"\n[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\n",
        upstream.url()
    );
    let bridge = Bridge::start(&toml).await;
    assert_eq!(ask(&bridge, "api_key=mine&action=getFoo").await, ODD);
    assert_eq!(upstream.asked(), ["/stubs/handler_api.php?api_key=mine&action=getFoo"]);
}

#[tokio::test]
async fn the_newer_generations_answers_are_folded() {
    let table = [
        (200, "BAD_ACTION", "BAD_ACTION"),
        (200, "plain text: 5", "plain text: 5"),
        (200, r#"{"status":"error","message":"RENT_DIE"}"#, r#"{"status":"error","message":"RENT_DIE"}"#),
        (404, r#"{"title":"WRONG_ACTIVATION_ID","details":"x"}"#, "WRONG_ACTIVATION_ID"),
        (401, r#"{"title":"BAD_KEY"}"#, "BAD_KEY"),
        (500, "Internal Server Error", "ERROR_SQL"),
        (502, "<html>bad gateway</html>", "ERROR_SQL"),
        (200, "<html>captcha</html>", "ERROR_SQL"),
        (429, "slow down", "ERROR_SQL"),
        (404, "<html>not found</html>", "ERROR_SQL"),
    ];
    for (status, says, hears) in table {
        let upstream = Canned::answering(move |_| (status, says.to_owned())).await;
        let bridge = Bridge::start(&toml(&upstream, "")).await;
        let response = bridge.get("action=getFoo").await;
        assert_eq!((response.status, response.body.as_str()), (200, hears), "{status} {says}");
        // It may be an action that buys.
        assert_eq!(upstream.asked().len(), 1, "{says}");
    }
}

#[tokio::test]
async fn who_does_not_speak_the_dialect_is_not_asked() {
    for kind in ["sandbox", "vak-sms"] {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let asked = world.upstream.as_ref().map_or(0, |upstream| upstream.requests().len());
        for action in ["getrentlist", "getnumber", "foo", "finishactivation", "getBalance2", "", "%20"] {
            let answer = world.bridge.ask(&format!("action={action}&id={id}")).await;
            assert_eq!(answer, "BAD_ACTION", "{kind} {action}");
        }
        assert_eq!(world.bridge.ask("id=5").await, "BAD_ACTION", "{kind}");
        assert_eq!(world.upstream.as_ref().map_or(0, |upstream| upstream.requests().len()), asked, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_known_here_is_not_passed_on_in_other_capitals() {
    let upstream = odd().await;
    let bridge = Bridge::start(&toml(&upstream, ONE_CLIENT)).await;
    for action in ["getnumber", "GETNUMBER", "getRentnumber", "SetStatus", "setMaxprice"] {
        let query = format!("api_key=shops-key&action={action}&service=tg&country=0&id=1234&status=8");
        assert_eq!(ask(&bridge, &query).await, "BAD_ACTION", "{action}");
    }
    assert!(upstream.asked().is_empty(), "{:?}", upstream.asked());
}
