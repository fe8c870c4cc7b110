//! `buyMailActivation` and `reorderMailActivation`.

use rust_decimal::Decimal;
use smsbridge::mock::{Scope, Special};

use super::super::balance;
use super::*;
use crate::harness::Canned;

#[tokio::test]
async fn an_address_has_an_id_of_its_own_and_costs_what_was_listed() {
    for kind in SELLERS {
        let world = World::of(kind).await;
        let before = balance(&world.bridge).await;
        let listed = world.bridge.json("action=getDomains&site=apple.com").await;
        let cost: Decimal = listed["response"]["popular"][0]["cost"].to_string().parse().unwrap();
        let (number, _) = world.bridge.order("service=tg&country=0").await;
        let after_number = balance(&world.bridge).await;
        assert!(after_number < before, "{kind}");
        let (id, email) = buy(&world.bridge, ORDER).await;
        assert!(email.ends_with("@mail.ru"), "{kind}: {email}");
        assert_eq!(id.parse::<i64>().unwrap(), number.parse::<i64>().unwrap() + 1, "{kind}: one numbering");
        assert_eq!(after_number - balance(&world.bridge).await, cost, "{kind}");
        let history = world.bridge.json("action=getMailHistory").await;
        assert_eq!(history["response"]["list"][0]["cost"], format!("{cost:.2}"), "{kind}");
        // A mail is no activation, and an activation no mail.
        assert_eq!(world.bridge.status(&id).await, "NO_ACTIVATION", "{kind}");
        assert_eq!(say(&world.bridge, &check(&number)).await, "BAD_ACTION", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_zone_is_ordered_by_type_1() {
    let world = World::of("sms-activate").await;
    let (_, email) =
        buy(&world.bridge, "action=buyMailActivation&site=apple.com&mail_type=1&mail_domain=info").await;
    assert!(email.ends_with(".info"), "{email}");
    let sold = last_box(&world);
    assert_eq!((sold.email, sold.zone), (email, true));
    world.end().await;
}

#[tokio::test]
async fn an_order_again_is_the_same_address_under_a_new_id() {
    for kind in SELLERS {
        let world = World::of(kind).await;
        let (first, email) = buy(&world.bridge, ORDER).await;
        world.let_message_come();
        let mail = say(&world.bridge, &check(&first)).await;
        assert_ne!(mail, NO_MAIL, "{kind}");
        let before = balance(&world.bridge).await;
        let (second, again) = buy(&world.bridge, &format!("action=reorderMailActivation&id={first}")).await;
        assert_eq!(again, email, "{kind}");
        assert_ne!(second, first, "{kind}");
        assert!(balance(&world.bridge).await < before, "{kind}: it is paid for");
        assert_eq!(say(&world.bridge, &check(&second)).await, NO_MAIL, "{kind}");
        assert_eq!(say(&world.bridge, &check(&first)).await, mail, "{kind}: the first keeps its mail");
        world.end().await;
    }
}

#[tokio::test]
async fn what_cannot_be_had_is_refused_with_its_word_and_costs_nothing() {
    for kind in SELLERS {
        let world = World::of(kind).await;
        let order = |rest: &str| format!("action=buyMailActivation&{rest}");
        for (rest, word) in [
            ("mail_type=2&mail_domain=mail.ru", "BAD_ACTION"),
            ("site=apple.com&mail_domain=mail.ru", "MAIL_TYPE_ERROR"),
            ("site=apple.com&mail_type=3&mail_domain=mail.ru", "MAIL_TYPE_ERROR"),
            ("site=apple.com&mail_type=2", "MAIL_TYPE_ERROR"),
            // In the other list, and in none.
            ("site=apple.com&mail_type=1&mail_domain=mail.ru", "MAIL_TYPE_ERROR"),
            ("site=apple.com&mail_type=2&mail_domain=nowhere.example", "MAIL_TYPE_ERROR"),
        ] {
            refuse(&world.bridge, &order(rest), word).await;
        }
        let (number, _) = world.bridge.order("service=tg&country=0").await;
        for id in ["", "abc", "7", "2147483648", number.as_str()] {
            let again = format!("action=reorderMailActivation&id={id}");
            refuse(&world.bridge, &again, "ACTIVATION_NOT_FOUND").await;
        }
        let history = say(&world.bridge, "action=getMailHistory").await;
        assert_eq!(history, r#"{"status":"OK","response":{"list":[],"pages":0,"count":0}}"#, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn the_sandbox_lets_the_same_codes_end_badly() {
    let world = World::of("sandbox").await;
    let order = |site: &str| format!("action=buyMailActivation&site={site}&mail_type=2&mail_domain=mail.ru");
    refuse(&world.bridge, &order("nn"), "MAIL_TYPE_ERROR").await;
    refuse(&world.bridge, &order("nb"), "BAD_BALANCE").await;
    let (id, _) = buy(&world.bridge, &order("zz")).await;
    world.let_message_come();
    assert_eq!(say(&world.bridge, &check(&id)).await, NO_MAIL);
    world.end().await;
}

#[tokio::test]
async fn a_closed_site_and_an_empty_account_have_words_of_their_own() {
    let world = World::of("sms-activate").await;
    let (id, _) = buy(&world.bridge, ORDER).await;
    let again = format!("action=reorderMailActivation&id={id}");
    upstream(&world).market().set_balance(Decimal::ZERO);
    for query in [ORDER, &again] {
        refuse(&world.bridge, query, "BAD_BALANCE").await;
    }
    upstream(&world).market().declare(Scope::Service("apple.com".into()), Special::Unsupported);
    for query in [ORDER, &again] {
        refuse(&world.bridge, query, "BLOCKED_SITE").await;
    }
    assert_eq!(upstream(&world).market().mailboxes().len(), 1);
    world.end().await;
}

#[tokio::test]
async fn the_services_own_words_are_passed_on_however_they_are_written() {
    let table = [
        ("CHANNELS_LIMIT", "CHANNELS_LIMIT"),
        ("MAIL_TYPE_ERROR", "MAIL_TYPE_ERROR"),
        ("NO_BALANCE", "BAD_BALANCE"),
        ("BAD_KEY", "BAD_KEY"),
        ("BAD_ACTION", "BAD_ACTION"),
        (r#"{"status":"ERROR","error":"BAD_BALANCE"}"#, "BAD_BALANCE"),
        (r#"{"title":"CHANNELS_LIMIT","details":"blocked"}"#, "CHANNELS_LIMIT"),
        ("<html>", "ERROR_SQL"),
        (r#"{"status":"OK","response":{"email":"a@b.ru"}}"#, "ERROR_SQL"),
    ];
    for (says, hears) in table {
        let upstream = Canned::answering(move |_| (200, says.to_owned())).await;
        let toml = format!(
            "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"k\"\n",
            upstream.url()
        );
        refuse(&Bridge::start(&toml).await, ORDER, hears).await;
        let orders = upstream.asked().iter().filter(|target| target.contains("buyMailActivation")).count();
        assert_eq!(orders, 1, "{says}");
    }
}
