//! Questions that change nothing: those for an activation are answered as last known, others fail as `ERROR_SQL`, and all
//! work again as soon as the upstream does.

use smsbridge::mock::{FaultPlan, Mishap};

use super::{MISHAPS, kinds, stocked, upstream};

#[tokio::test]
async fn a_poll_that_failed_is_asked_again_an_interval_later_and_loses_nothing() {
    for kind in kinds() {
        for (mishap, _) in MISHAPS {
            for form in ["getStatus", "getStatusV2", "getFullSms"] {
                let place = format!("{kind} {mishap:?} {form}");
                let world = stocked(kind, "").await;
                let (id, _) = world.bridge.order("service=tg&country=0").await;
                world.let_message_come();
                let ask = async || world.bridge.ask(&format!("action={form}&id={id}")).await;
                upstream(&world).fault(FaultPlan::once(mishap));
                let unknown = ask().await;
                // Within the same interval nobody asks again.
                let asked = upstream(&world).requests().len();
                let again = world.bridge.get(&format!("action={form}&id={id}")).await;
                assert_eq!((&again.body, unknown.contains("ERROR")), (&unknown, false), "{place}: {unknown}");
                let detail = again.header("x-smsbridge-detail").unwrap();
                assert!(detail.starts_with("as last known, since the provider cannot"), "{place}: {detail}");
                assert_eq!(upstream(&world).requests().len(), asked, "{place}");
                world.bridge.advance(1);
                let code = upstream(&world).market().lots()[0].messages[0].code.clone();
                assert_eq!(world.bridge.status(&id).await, format!("STATUS_OK:{code}"), "{place}");
                assert!(ask().await.contains(&code), "{place}");
                world.end().await;
            }
        }
    }
}

#[tokio::test]
async fn active_activations_are_shown_as_last_known() {
    for kind in kinds() {
        let world = stocked(kind, "").await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        upstream(&world).fault(FaultPlan::once(Mishap::DropBefore));
        let shown = world.bridge.json("action=getActiveActivations").await;
        assert_eq!(shown["activeActivations"][0]["activationId"], id, "{kind}");
        assert_eq!(shown["activeActivations"][0]["smsCode"].to_string(), "[]", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_list_that_failed_is_not_kept() {
    // What is asked, and how its true answer begins.
    let table = [
        ("sms-activate", "getBalance", "ACCESS_BALANCE:"),
        ("sms-activate", "getBalanceAndCashBack", "ACCESS_BALANCE:"),
        ("sms-activate", "getPrices&service=tg&country=0", r#"{"0":{"tg":{"cost":"#),
        ("sms-activate", "getNumbersStatus&country=0", "{\"tg_0\":\""),
        ("sms-activate", "getOperators&country=0", r#"{"status":"success","countryOperators":{"0":["#),
        ("sms-activate", "getCountries", r#"{"0":{"id":0,"#),
        ("sms-activate", "getServicesList", r#"{"status":"success","services":[{"code":"#),
        ("sms-activate", "getTopCountriesByService&service=tg", r#"{"0":{"country":"#),
        ("vak-sms", "getBalance", "ACCESS_BALANCE:"),
        ("vak-sms", "getPrices&service=tg&country=0", r#"{"0":{"tg":{"cost":"#),
        ("vak-sms", "getNumbersStatus&country=0", "{\"tg_0\":\""),
    ];
    for (kind, query, begins) in table {
        for (mishap, _) in MISHAPS {
            let place = format!("{kind} {query} {mishap:?}");
            let world = stocked(kind, "").await;
            upstream(&world).fault(FaultPlan::once(mishap));
            let query = format!("action={query}");
            assert_eq!(world.bridge.ask(&query).await, "ERROR_SQL", "{place}");
            world.bridge.advance(1);
            let answer = world.bridge.ask(&query).await;
            match begins {
                // The order of the services is the catalog's.
                "{\"tg_0\":\"" => assert!(answer.contains("\"tg_0\":\""), "{place}: {answer}"),
                _ => assert!(answer.starts_with(begins), "{place}: {answer}"),
            }
            world.end().await;
        }
    }
}

#[tokio::test]
async fn one_country_that_failed_does_not_pass_for_a_whole_list() {
    let world = stocked("vak-sms", "").await;
    upstream(&world).fault(FaultPlan::once(Mishap::ServerError).on("getCountNumberList"));
    assert_eq!(world.bridge.ask("action=getPrices&service=tg").await, "ERROR_SQL");
    world.bridge.advance(1);
    let prices = world.bridge.json("action=getPrices&service=tg").await;
    assert_eq!(prices.as_object().unwrap().len(), 33);
    world.end().await;
}
