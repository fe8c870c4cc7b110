//! `getFullSms`: `FULL_SMS:text` as the text is, colons and line breaks and all; the code where an
//! upstream gives no more (`WIRE.md` section 4, `UPSTREAMS.md` sections 5 and 6).

use super::{golden, last_lot, upstream};
use crate::harness::World;

#[tokio::test]
async fn texts_come_out_as_they_went_in() {
    let texts = [
        "Your code: 12:34",
        "Ваш код 4242.\nНикому не говорите: никому!\r\n\tподпись",
        "<#> 4242 is your code & \"nothing\" else \u{1f512}",
        "{\"code\":4242}",
        "BANNED: 4242",
        "FULL_SMS:4242",
    ];
    for text in texts {
        let world = World::of("sms-activate").await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let ask = format!("action=getFullSms&id={id}");
        golden(&world.bridge, &[(&ask, "STATUS_WAIT_CODE")]).await;
        upstream(&world).market().deliver(&last_lot(&world).id, "4242", text).unwrap();
        world.bridge.advance(1);
        let expected = format!("FULL_SMS:{text}");
        golden(&world.bridge, &[(&ask, &expected), (&ask, &expected)]).await;
        world.end().await;
    }
}

#[tokio::test]
async fn the_newest_text_is_given() {
    let world = World::of("sms-activate").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    let (ask, lot) = (format!("action=getFullSms&id={id}"), last_lot(&world).id);
    for (code, text) in [("1", "first: 1"), ("1", "second: 1"), ("2", "third: 2")] {
        upstream(&world).market().deliver(&lot, code, text).unwrap();
        world.bridge.advance(2);
        let expected = format!("FULL_SMS:{text}");
        golden(&world.bridge, &[(&ask, &expected)]).await;
        world.bridge.set(&id, "3").await;
        world.bridge.advance(2);
    }
    world.end().await;
}

#[tokio::test]
async fn where_there_is_only_a_code_the_code_is_the_text() {
    let world = World::of("vak-sms").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    upstream(&world).market().deliver(&last_lot(&world).id, "4242", "never shown").unwrap();
    let ask = format!("action=getFullSms&id={id}");
    golden(&world.bridge, &[(&ask, "FULL_SMS:4242")]).await;
    world.end().await;
}

#[tokio::test]
async fn the_sandbox_writes_a_sentence_around_its_code() {
    let world = World::of("sandbox").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    world.let_message_come();
    let text = world.bridge.ask(&format!("action=getFullSms&id={id}")).await;
    let status = world.bridge.status(&id).await;
    let code = status.strip_prefix("STATUS_OK:").unwrap();
    assert_eq!(text, format!("FULL_SMS:Your code is {code}"));
    assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
    assert_eq!(world.bridge.ask(&format!("action=getFullSms&id={id}")).await, text);
    world.end().await;
}
