//! `checkMailActivation` and `cancelMailActivation`.

use smsbridge::mock::{FaultPlan, Mishap};

use super::super::balance;
use super::*;
use crate::harness::{Canned, Log};

#[tokio::test]
async fn a_mail_is_null_until_it_comes_and_is_then_answered_from_memory() {
    let world = World::of("sms-activate").await;
    let (id, _) = buy(&world.bridge, ORDER).await;
    assert_eq!(say(&world.bridge, &check(&id)).await, NO_MAIL);
    world.let_message_come();
    let text = last_box(&world).text().unwrap();
    let expected = format!(r#"{{"status":"OK","response":{{"value":"{text}"}}}}"#);
    assert_eq!(say(&world.bridge, &check(&id)).await, expected);
    let asked = upstream(&world).calls("checkMailActivation");
    for _ in 0..3 {
        assert_eq!(say(&world.bridge, &check(&id)).await, expected);
    }
    assert_eq!(upstream(&world).calls("checkMailActivation"), asked);
    world.end().await;
}

#[tokio::test]
async fn the_whole_mail_follows_where_the_upstream_tells_it() {
    let world = World::with("sms-activate", &["extra-fields"], "").await;
    let (id, _) = buy(&world.bridge, ORDER).await;
    // A client waits for this name to be there.
    assert_eq!(say(&world.bridge, &check(&id)).await, NO_MAIL);
    world.let_message_come();
    let text = last_box(&world).text().unwrap();
    let expected = format!(r#"{{"status":"OK","response":{{"value":"{text}","full_message":"{text}"}}}}"#);
    assert_eq!(say(&world.bridge, &check(&id)).await, expected);
    world.end().await;
}

#[tokio::test]
async fn a_crowd_asks_the_upstream_once_an_interval() {
    let world = World::with("sms-activate", &[], "poll_interval = \"5s\"").await;
    let (id, _) = buy(&world.bridge, ORDER).await;
    let query = check(&id);
    let crowd = (0..20).map(|_| say(&world.bridge, &query));
    for answer in futures_util::future::join_all(crowd).await {
        assert_eq!(answer, NO_MAIL);
    }
    say(&world.bridge, "action=getMailHistory").await;
    assert_eq!(upstream(&world).calls("checkMailActivation"), 1);
    world.bridge.advance(5);
    assert_ne!(say(&world.bridge, &query).await, NO_MAIL);
    assert_eq!(upstream(&world).calls("checkMailActivation"), 2);
    world.end().await;
}

#[tokio::test]
async fn what_is_given_back_is_refunded_and_stays_so() {
    for kind in SELLERS {
        let world = World::of(kind).await;
        let before = balance(&world.bridge).await;
        let (id, _) = buy(&world.bridge, ORDER).await;
        assert_eq!(say(&world.bridge, &cancel(&id)).await, GIVEN_BACK, "{kind}");
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        world.let_message_come();
        golden(&world.bridge, &[(&cancel(&id), GIVEN_BACK), (&check(&id), NO_MAIL)]).await;
        let told = world.upstream.as_ref().map(|upstream| upstream.calls("cancelMailActivation"));
        assert!(told.is_none_or(|told| told == 1), "{kind}: a repeated one is told to nobody");
        world.end().await;
    }
}

#[tokio::test]
async fn an_address_whose_mail_came_is_not_given_back() {
    for kind in SELLERS {
        let world = World::of(kind).await;
        let (unread, _) = buy(&world.bridge, ORDER).await;
        let (read, _) = buy(&world.bridge, ORDER).await;
        let paid = balance(&world.bridge).await;
        world.let_message_come();
        say(&world.bridge, &check(&read)).await;
        // The upstream refuses the one; of the other it is known here.
        for id in [&unread, &read] {
            refuse(&world.bridge, &cancel(id), "BAD_ACTION").await;
            assert_ne!(say(&world.bridge, &check(id)).await, NO_MAIL, "{kind}");
        }
        assert_eq!(balance(&world.bridge).await, paid, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_cancellation_whose_answer_is_lost_is_found_out() {
    for (mishap, done) in [(Mishap::DropAfter, true), (Mishap::DropBefore, false), (Mishap::CutBody, true)] {
        for repeated in [true, false] {
            let world = World::of("sms-activate").await;
            let (id, _) = buy(&world.bridge, ORDER).await;
            upstream(&world).fault(FaultPlan::once(mishap).on("cancelMailActivation"));
            refuse(&world.bridge, &cancel(&id), "ERROR_SQL").await;
            assert_eq!(last_box(&world).cancelled, done, "{mishap:?}");
            if !repeated {
                // By a look at it.
                assert_eq!(say(&world.bridge, &check(&id)).await, NO_MAIL, "{mishap:?}");
            }
            assert_eq!(say(&world.bridge, &cancel(&id)).await, GIVEN_BACK, "{mishap:?}");
            assert!(last_box(&world).cancelled, "{mishap:?}");
            world.end().await;
        }
    }
}

#[tokio::test]
async fn unknown_ids_are_no_action() {
    for kind in SELLERS {
        let world = World::of(kind).await;
        for id in ["", "abc", "7", "-1", "2147483648"] {
            for query in [check(id), cancel(id)] {
                refuse(&world.bridge, &query, "BAD_ACTION").await;
            }
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_word_for_waiting_is_no_error() {
    let upstream = Canned::answering(|target| {
        let body = match target {
            _ if target.contains("getDomains") => r#"{"status":"OK","response":{"zones":[],"popular":[]}}"#,
            _ if target.contains("buyMail") => r#"{"status":"OK","response":{"email":"a@mail.ru","id":241}}"#,
            _ => r#"{"status":"ERROR","error":"WAIT_LINK"}"#,
        };
        (200, body.to_owned())
    })
    .await;
    let toml = format!(
        "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"k\"\n",
        upstream.url()
    );
    let bridge = Bridge::start(&toml).await;
    let (id, _) = buy(&bridge, ORDER).await;
    assert_eq!(say(&bridge, &check(&id)).await, NO_MAIL);
    let asked = "/stubs/handler_api.php?api_key=k&action=checkMailActivation&id=241";
    assert_eq!(upstream.asked().last().map(String::as_str), Some(asked));
    // What it cost is not known, and nothing is made up.
    let history = bridge.json("action=getMailHistory").await;
    assert_eq!(history["response"]["list"][0]["cost"], "0.00");
}

#[tokio::test]
async fn neither_addresses_nor_mails_reach_the_log() {
    let log = Log::of("smsbridge");
    let world = World::of("sms-activate").await;
    let (id, email) = buy(&world.bridge, ORDER).await;
    world.let_message_come();
    say(&world.bridge, &check(&id)).await;
    say(&world.bridge, "action=getMailHistory&search=box").await;
    let product = world.bridge.json("action=buyPartnerProduct&productId=7").await;
    let code = last_box(&world).code.unwrap();
    assert!(!log.lines("").is_empty());
    for secret in [email.as_str(), &code, product["key"].as_str().unwrap()] {
        assert_eq!(log.lines(secret), Vec::<String>::new(), "{secret}");
    }
    world.end().await;
}
