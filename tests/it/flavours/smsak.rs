//! SMSAK's variant (`api/smsak.txt`, "SMS-activate API"; `UPSTREAMS.md` section 2): counts as numbers,
//! countries with one name, fewer words for a message that is awaited.

use serde_json::Value;

use super::{flavoured, golden, over};

#[tokio::test]
async fn countries_have_a_text_for_their_number_and_one_name() {
    let bridge = flavoured("smsak").await;
    let answer = bridge.ask("action=getCountries").await;
    let begin =
        r#"{"0":{"id":"0","rus":"Россия","visible":1,"retry":1,"rent":1,"multiService":1},"1":{"id":"1","#;
    assert!(answer.starts_with(begin), "{}", answer.chars().take(200).collect::<String>());
    let all: Value = serde_json::from_str(&answer).unwrap();
    for (id, row) in all.as_object().unwrap() {
        assert_eq!(row["id"], id.as_str());
        let row = row.as_object().unwrap();
        assert!(row.keys().eq(["id", "rus", "visible", "retry", "rent", "multiService"]), "{row:?}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn counts_are_numbers_and_those_of_the_original() {
    let (bridge, plain) = (flavoured("smsak").await, flavoured("sms-activate").await);
    let query = "action=getNumbersStatus&country=0";
    let (theirs, ours) = (bridge.json(query).await, plain.json(query).await);
    let (theirs, ours) = (theirs.as_object().unwrap(), ours.as_object().unwrap());
    assert!(theirs.keys().eq(ours.keys()));
    for (key, count) in theirs {
        assert!(count.is_u64() && ours[key].as_str() == Some(&count.to_string()), "{key}: {count}");
    }
    assert!(theirs.values().any(|count| *count != 0), "nothing in stock");
    bridge.stop().await;
    plain.stop().await;
}

#[tokio::test]
async fn a_message_that_is_awaited_has_fewer_words() {
    let world = over("sms-activate", "smsak").await;
    let (bridge, market) = (&world.bridge, world.upstream.as_ref().unwrap().market());
    let (id, _) = bridge.order("service=tg&country=0").await;
    let lot = market.lots().pop().unwrap().id;
    let (ask, text) = (format!("action=getStatus&id={id}"), format!("action=getFullSms&id={id}"));
    market.hold_for_resend(&lot).unwrap();
    golden(bridge, &[(&ask, "STATUS_WAIT_CODE"), (&text, "STATUS_WAIT_CODE")]).await;
    market.deliver(&lot, "4242", "your code: 4242").unwrap();
    bridge.advance(2);
    golden(bridge, &[(&ask, "STATUS_OK:4242"), (&text, "FULL_SMS:your code: 4242")]).await;
    assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
    golden(bridge, &[(&ask, "STATUS_WAIT_RETRY:4242"), (&text, "STATUS_WAIT_CODE")]).await;
    assert_eq!(bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
    // It has no status 8: 6 cancels where no code has come.
    let (other, _) = bridge.order("service=tg&country=0").await;
    assert_eq!(bridge.set(&other, "6").await, "ACCESS_CANCEL");
    golden(bridge, &[(&format!("action=getFullSms&id={other}"), "STATUS_CANCEL")]).await;
    world.end().await;
}

#[tokio::test]
async fn what_it_has_alike_is_sms_activates() {
    let (bridge, plain) = (flavoured("smsak").await, flavoured("sms-activate").await);
    for query in [
        "action=getBalance",
        "action=getPrices&service=tg&country=0",
        "action=getPrices&service=nosuch",
        "action=getNumber&service=nosuch&country=0",
        "action=getStatus&id=1",
        "action=getFullSms&id=1",
        "action=setStatus&id=1&status=5",
        "action=getOperators&country=0",
    ] {
        assert_eq!(bridge.ask(query).await, plain.ask(query).await, "{query}");
    }
    bridge.stop().await;
    plain.stop().await;
}
