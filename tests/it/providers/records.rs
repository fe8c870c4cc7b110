//! The JSON and text forms in which an activation is shown: whole bodies, types as documented. Source:
//! `api/sms-activate.txt`, "Запрос номера V2", "Запрос активных активаций", "Получить историю активаций";
//! `WIRE.md` section 4 for `getStatusV2` and `getFullSms`.

use serde_json::Value;

use super::stage::{Stage, everywhere};
use crate::harness::gives_texts;

/// The clocks stand at 2026-01-01 00:00:00 UTC until a test moves them.
const START: i64 = 1_767_225_600;

#[tokio::test]
async fn an_order_in_its_second_form_has_the_documented_fields_and_types() {
    everywhere(async |stage| {
        let operator = if stage.has_operators() { "mts" } else { "any" };
        let query = format!("action=getNumberV2&service=tg&country=0&operator={operator}");
        let body = stage.bridge().ask(&query).await;
        let sold: Value = serde_json::from_str(&body).unwrap();
        let (id, phone, cost) = (&sold["activationId"], &sold["phoneNumber"], &sold["activationCost"]);
        assert!(id.as_i64().is_some_and(|id| id > 0 && id <= i64::from(i32::MAX)), "{body}");
        let (price, _) = stage.listed("tg").await;
        assert_eq!(cost.as_str(), Some(format!("{price:.2}").as_str()));
        let documented = format!(
            "{{\"activationId\":{id},\"phoneNumber\":{phone},\"activationCost\":{cost},\"countryCode\":\"0\",\
             \"canGetAnotherSms\":\"1\",\"activationTime\":\"2026-01-01 00:00:00\",\"activationOperator\":\"{operator}\""
        );
        let extra = if stage.spec.speaks_dialect && stage.has("extra-fields") {
            ",\"currency\":643,\"activationEndTime\":\"2026-01-01 00:20:00\""
        } else {
            ""
        };
        assert_eq!(body, format!("{documented}{extra}}}"));
        if let Some(lot) = stage.last_lot() {
            assert_eq!(phone.as_str(), Some(lot.phone.as_str()));
        }
    })
    .await;
}

fn text_of(stage: &Stage) -> Option<(String, String)> {
    let lot = stage.last_lot()?;
    let message = lot.last()?;
    // Where there are only codes, no text is invented.
    let text = if stage.gives_texts() { &message.text } else { &message.code };
    Some((message.code.clone(), text.clone()))
}

#[tokio::test]
async fn the_full_text_is_what_the_upstream_gave() {
    everywhere(async |stage| {
        let bridge = stage.bridge();
        let (id, _) = bridge.order("service=tg&country=0").await;
        let full = format!("action=getFullSms&id={id}");
        stage.expect(&full, "STATUS_WAIT_CODE").await;
        if let Some(market) = stage.market() {
            let lot = stage.last_lot().unwrap().id;
            market.deliver(&lot, "47:11", "Code: 47:11\nnever share it").unwrap();
            stage.tick();
            let (code, text) = text_of(stage).unwrap();
            stage.expect(&full, &format!("FULL_SMS:{text}")).await;
            // The code may hold a colon itself.
            assert_eq!(bridge.status(&id).await, format!("STATUS_OK:{code}"));
        } else {
            stage.world.let_message_come();
            let answer = bridge.ask(&full).await;
            let code = bridge.status(&id).await.replace("STATUS_OK:", "");
            assert_eq!(answer, format!("FULL_SMS:Your code is {code}"));
        }
        let (id, _) = bridge.order("service=tg&country=0").await;
        assert_eq!(bridge.set(&id, "8").await, "ACCESS_CANCEL");
        stage.expect(&format!("action=getFullSms&id={id}"), "STATUS_CANCEL").await;
    })
    .await;
}

#[tokio::test]
async fn the_second_form_of_a_state_is_json_until_it_is_cancelled() {
    everywhere(async |stage| {
        let bridge = stage.bridge();
        let (id, _) = bridge.order("service=tg&country=0").await;
        let second = format!("action=getStatusV2&id={id}");
        let waiting = r#"{"verificationType":0,"sms":null,"call":null}"#;
        stage.expect(&second, waiting).await;
        stage.world.let_message_come();
        let shown = bridge.json(&second).await;
        let code = bridge.status(&id).await.replace("STATUS_OK:", "");
        assert_eq!(shown["sms"]["code"], code);
        if let Some((code, text)) = text_of(stage) {
            // Who shows codes only does not tell when a message came, so it is when it was first seen.
            let second_of = if gives_texts(stage.stand_in) { "05" } else { "06" };
            let message = format!(
                "{{\"dateTime\":\"2026-01-01 00:00:{second_of}\",\"code\":\"{code}\",\"text\":\"{text}\"}}"
            );
            stage
                .expect(&second, &format!("{{\"verificationType\":0,\"sms\":{message},\"call\":null}}"))
                .await;
        }
        assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
        stage.expect(&second, waiting).await;
        let (id, _) = bridge.order("service=tg&country=0").await;
        assert_eq!(bridge.set(&id, "8").await, "ACCESS_CANCEL");
        stage.expect(&format!("action=getStatusV2&id={id}"), "STATUS_CANCEL").await;
    })
    .await;
}

#[tokio::test]
async fn active_activations_are_shown_with_their_codes() {
    everywhere(async |stage| {
        let bridge = stage.bridge();
        stage.expect("action=getActiveActivations", r#"{"status":"error","error":"NO_ACTIVATIONS"}"#).await;
        let (price, _) = stage.listed("tg").await;
        let (first, phone) = bridge.order("service=tg&country=0").await;
        stage.world.let_message_come();
        let (second, _) = bridge.order("service=tg&country=0").await;
        let shown = bridge.json("action=getActiveActivations").await;
        assert_eq!(shown["status"], "success");
        let rows = shown["activeActivations"].as_array().unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row["activationId"].as_str().unwrap()).collect();
        assert_eq!(ids, [second.as_str(), first.as_str()]);
        let code = bridge.status(&first).await.replace("STATUS_OK:", "");
        // Where it does not come along, it was not read for its text yet: the code stands for it.
        let has_text = stage.spec.in_process || stage.text_comes_along();
        let text = if has_text { format!("Your code is {code}") } else { code.clone() };
        let row = format!(
            "{{\"activationId\":\"{first}\",\"serviceCode\":\"tg\",\"phoneNumber\":\"{phone}\",\
             \"activationCost\":\"{price:.2}\",\"activationStatus\":\"4\",\"smsCode\":[\"{code}\"],\
             \"smsText\":\"{text}\",\"activationTime\":\"2026-01-01 00:00:00\",\"discount\":\"0.00\",\
             \"repeated\":\"0\",\"countryCode\":\"0\",\"countryName\":\"Russia\",\"canGetAnotherSms\":\"1\"}}"
        );
        assert_eq!(rows[1].to_string(), row);
        assert_eq!(bridge.set(&first, "6").await, "ACCESS_ACTIVATION");
        assert_eq!(bridge.set(&second, "8").await, "ACCESS_CANCEL");
        stage.expect("action=getActiveActivations", r#"{"status":"error","error":"NO_ACTIVATIONS"}"#).await;
    })
    .await;
}

#[tokio::test]
async fn the_history_has_everything_between_two_times() {
    everywhere(async |stage| {
        let bridge = stage.bridge();
        stage.expect("action=getHistory", "[]").await;
        let (price, _) = stage.listed("tg").await;
        let (used, phone) = bridge.order("service=tg&country=0").await;
        stage.world.let_message_come();
        let code = bridge.status(&used).await.replace("STATUS_OK:", "");
        assert_eq!(bridge.set(&used, "6").await, "ACCESS_ACTIVATION");
        let (dropped, _) = bridge.order("service=tg&country=0").await;
        assert_eq!(bridge.set(&dropped, "8").await, "ACCESS_CANCEL");
        bridge.advance(60);
        let (open, _) = bridge.order("service=tg&country=0").await;
        let ids = async |range: &str| -> Vec<String> {
            let rows = bridge.json(&format!("action=getHistory{range}")).await;
            rows.as_array().unwrap().iter().map(|row| row["id"].to_string()).collect()
        };
        let (six, late) = (START + 6, START + 66);
        assert_eq!(ids("").await, [&*open, &*dropped, &*used]);
        assert_eq!(ids(&format!("&start={six}")).await, [&*open, &*dropped]);
        assert_eq!(ids(&format!("&end={six}")).await, [&*dropped, &*used]);
        assert_eq!(ids(&format!("&start={six}&end={six}")).await, [&*dropped]);
        assert_eq!(ids(&format!("&start={late}")).await, [&*open]);
        assert!(ids(&format!("&start={}", late + 1)).await.is_empty());
        let first = bridge.json(&format!("action=getHistory&end={START}")).await;
        let row = format!(
            "[{{\"id\":{used},\"date\":\"2026-01-01 00:00:00\",\"phone\":\"{phone}\",\"sms\":\"[\\\"{code}\\\"]\",\
             \"cost\":{},\"status\":\"6\"}}]",
            price.normalize()
        );
        assert_eq!(first.to_string(), row);
    })
    .await;
}
