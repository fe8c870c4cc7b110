//! `getIncomingCallStatus`, `createTaskForCall`, `getOutgoingCalls` and `parseCall`: native, in the sandbox, and
//! refused as `UPSTREAMS.md` section 6 says.

use super::{START, golden, last_lot, refuse, say, upstream};
use crate::harness::{Bridge, KINDS, World, get};

/// What can be called.
const WITH_CALLS: [&str; 2] = ["sandbox", "sms-activate"];

/// A number that is verified by a call.
async fn to_be_called(world: &World) -> (String, String) {
    world.bridge.order("service=tg&country=0&verification=true").await
}

#[tokio::test]
async fn who_calls_ends_with_the_code() {
    for kind in WITH_CALLS {
        let world = World::of(kind).await;
        let (id, _) = to_be_called(&world).await;
        let none = r#"{"status":"2","phone":false}"#;
        for name in ["activationId", "id"] {
            golden(&world.bridge, &[(&format!("action=getIncomingCallStatus&{name}={id}"), none)]).await;
        }
        world.let_message_come();
        let ask = format!("action=getIncomingCallStatus&activationId={id}");
        let call = world.bridge.json(&ask).await;
        let code = world.bridge.status(&id).await.replace("STATUS_OK:", "");
        assert!(call["phone"].as_str().unwrap().ends_with(&code), "{kind} {call} {code}");
        assert_eq!(call["status"], "2", "{kind}");
        world.bridge.set(&id, "6").await;
        world.bridge.advance(2);
        assert_eq!(world.bridge.json(&ask).await["status"], "3", "{kind}");
        // An ordinary number is not called.
        let (ordinary, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        let ask = format!("action=getIncomingCallStatus&activationId={ordinary}");
        golden(&world.bridge, &[(&ask, none)]).await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_call_that_never_came_ends_with_its_activation() {
    for kind in WITH_CALLS {
        let world = World::of(kind).await;
        let (id, _) = to_be_called(&world).await;
        world.bridge.set(&id, "8").await;
        let ask = format!("action=getIncomingCallStatus&activationId={id}");
        golden(&world.bridge, &[(&ask, r#"{"status":"4","phone":false}"#)]).await;
        world.end().await;
    }
}

#[tokio::test]
async fn the_upstream_is_asked_no_more_often_than_for_messages() {
    let world = World::with("sms-activate", &[], "poll_interval = \"3s\"").await;
    let (id, _) = to_be_called(&world).await;
    for _ in 0..10 {
        say(&world.bridge, &format!("action=getIncomingCallStatus&activationId={id}")).await;
    }
    assert_eq!(upstream(&world).calls("getIncomingCallStatus"), 1);
    world.bridge.advance(3);
    say(&world.bridge, &format!("action=getIncomingCallStatus&activationId={id}")).await;
    assert_eq!(upstream(&world).calls("getIncomingCallStatus"), 2);
    world.end().await;
}

#[tokio::test]
async fn a_call_is_ordered_once_and_listed_under_our_id() {
    for kind in WITH_CALLS {
        let world = World::of(kind).await;
        let (id, phone) = world.bridge.order("service=tg&country=0").await;
        golden(&world.bridge, &[("action=getOutgoingCalls", "{}")]).await;
        let task = format!("action=createTaskForCall&activationId={id}&phone=78006007664");
        let done = r#"{"status":"success","msg":"Заявка на звонок успешно создана."}"#;
        golden(&world.bridge, &[(&task, done)]).await;
        refuse(&world.bridge, &task, "CALL_TASK_ALREADY_EXIST").await;
        world.bridge.advance(3600);
        let listed =
            format!(r#"{{"{id}":{{"date":"{START}","phoneFrom":"{phone}","status":"IN_PROCESS"}}}}"#);
        let (other, _) = world.bridge.order("service=tg&country=0").await;
        golden(
            &world.bridge,
            &[
                ("action=getOutgoingCalls", &listed),
                ("action=getOutgoingCalls&date=2026-01-01", &listed),
                (&format!("action=getOutgoingCalls&activationId={id}"), &listed),
                (&format!("action=getOutgoingCalls&activationId={other}"), "{}"),
                ("action=getOutgoingCalls&date=2025-12-31", "{}"),
                ("action=getOutgoingCalls&activationId=1", "{}"),
                ("action=getOutgoingCalls&activationId=x", "{}"),
            ],
        )
        .await;
        refuse(&world.bridge, "action=getOutgoingCalls&date=01.01.2026", "BAD_ACTION").await;
        world.bridge.advance(24 * 3600);
        golden(&world.bridge, &[("action=getOutgoingCalls", "{}")]).await;
        world.end().await;
    }
}

#[tokio::test]
async fn nobody_is_called_where_nobody_is_named() {
    for kind in WITH_CALLS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        // One client leaves the number out (`UPSTREAMS.md` section 5).
        for phone in ["", "&phone=", "&phone=abc", "&phone=12"] {
            let query = format!("action=createTaskForCall&activationId={id}{phone}");
            refuse(&world.bridge, &query, "NUMBER_NOT_EXIST").await;
        }
        for unknown in ["", "&activationId=x", "&activationId=1"] {
            let query = format!("action=createTaskForCall&phone=78006007664{unknown}");
            refuse(&world.bridge, &query, "WRONG_ACTIVATION_ID").await;
        }
        world.bridge.set(&id, "8").await;
        let over = format!("action=createTaskForCall&activationId={id}&phone=78006007664");
        refuse(&world.bridge, &over, "WRONG_ACTIVATION_ID").await;
        golden(&world.bridge, &[("action=getOutgoingCalls", "{}")]).await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_voice_message_is_read_four_times_more() {
    for kind in WITH_CALLS {
        let world = World::of(kind).await;
        let (id, _) = to_be_called(&world).await;
        let parse = format!("action=parseCall&id={id}&newLang=en");
        refuse(&world.bridge, &parse, "NO_CALL").await;
        world.let_message_come();
        world.bridge.status(&id).await;
        for _ in 0..4 {
            golden(&world.bridge, &[(&parse, r#"{"result":"OK"}"#)]).await;
        }
        refuse(&world.bridge, &parse, "PARSE_COUNT_EXCEED").await;
        let (cancelled, _) = to_be_called(&world).await;
        world.bridge.set(&cancelled, "8").await;
        golden(&world.bridge, &[(&format!("action=parseCall&id={cancelled}"), "STATUS_CANCEL")]).await;
        refuse(&world.bridge, "action=parseCall&id=1&newLang=en", "WRONG_ACTIVATION_ID").await;
        world.end().await;
    }
}

#[tokio::test]
async fn where_there_are_no_calls_each_action_has_its_word() {
    for kind in KINDS.into_iter().filter(|kind| !WITH_CALLS.contains(kind)) {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let asked = upstream(&world).requests().len();
        for (query, word) in [
            ("getIncomingCallStatus&activationId=ID", "INVALID_ACTIVATION_ID"),
            ("getIncomingCallStatus", "INVALID_ACTIVATION_ID"),
            ("createTaskForCall&activationId=ID&phone=78006007664", "WRONG_ACTIVATION_ID"),
            ("createTaskForCall&activationId=ID", "WRONG_ACTIVATION_ID"),
            ("parseCall&id=ID&newLang=en", "WRONG_ACTIVATION_ID"),
        ] {
            refuse(&world.bridge, &format!("action={}", query.replace("ID", &id)), word).await;
        }
        golden(&world.bridge, &[("action=getOutgoingCalls", "{}")]).await;
        assert_eq!(upstream(&world).requests().len(), asked, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn another_clients_calls_are_not_seen() {
    let clock = smsbridge::clock::MovableClock::standing();
    let account = World::stand_in("sms-activate", &[], super::rich(), &clock).await;
    let provider = World::toml("sms-activate", &[], &account, "");
    let clients = "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"shops-key\"\n\
                   [clients.key.pal]\napi_key = \"pals-key\"\n";
    let bridge = Bridge::at(&format!("{clients}{provider}"), clock).await;
    let ask =
        async |query: &str| get(bridge.addr, &format!("/stubs/handler_api.php?{query}"), &[]).await.body;
    let sold = ask("api_key=shops-key&action=getNumber&service=tg&country=0").await;
    let id = sold.split(':').nth(1).unwrap();
    let theirs = account.market().lots().pop().unwrap().id;
    ask(&format!("api_key=shops-key&action=createTaskForCall&activationId={id}&phone=78006007664")).await;
    assert!(ask("api_key=shops-key&action=getOutgoingCalls").await.contains(id));
    assert_eq!(ask("api_key=pals-key&action=getOutgoingCalls").await, "{}");
    for id in [id, &theirs] {
        let pal = |query: &str| format!("api_key=pals-key&{}", query.replace("ID", id));
        assert_eq!(ask(&pal("action=getOutgoingCalls&activationId=ID")).await, "{}");
        assert_eq!(ask(&pal("action=getIncomingCallStatus&activationId=ID")).await, "INVALID_ACTIVATION_ID");
        assert_eq!(
            ask(&pal("action=createTaskForCall&activationId=ID&phone=78006007664")).await,
            "WRONG_ACTIVATION_ID"
        );
        assert_eq!(ask(&pal("action=parseCall&id=ID")).await, "WRONG_ACTIVATION_ID");
        assert_eq!(ask(&pal("action=getAllSms&id=ID")).await, "NO_ACTIVATION");
        assert_eq!(ask(&pal("action=cancelActivation&id=ID")).await, "NO_ACTIVATION");
    }
    let empty = r#"{"data":[],"existNext":false,"quant":0}"#;
    assert_eq!(ask("api_key=pals-key&action=getListOfActiveActivations").await, empty);
    assert_eq!(account.violations(), Vec::<String>::new());
    bridge.stop().await;
}

#[tokio::test]
async fn what_was_ordered_past_this_server_has_no_id_here() {
    let world = World::of("sms-activate").await;
    let url = format!("{}/stubs/handler_api.php?api_key=mock-key&action=", upstream(&world).url());
    let past = async |query: &str| ask_upstream(&format!("{url}{query}")).await;
    // What was ordered here has made no call.
    world.bridge.order("service=tg&country=0").await;
    past("getNumber&service=tg&country=0").await;
    let foreign = last_lot(&world).id;
    past(&format!("createTaskForCall&activationId={foreign}&phone=78006007664")).await;
    assert!(past("getOutgoingCalls").await.contains(&foreign));
    golden(&world.bridge, &[("action=getOutgoingCalls", "{}")]).await;
    world.end().await;
}

/// Asks the upstream itself.
async fn ask_upstream(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (addr, target) = rest.split_once('/').unwrap();
    get(addr.parse().unwrap(), &format!("/{target}"), &[]).await.body
}
