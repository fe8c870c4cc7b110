//! `getListOfActiveActivations` (`WIRE.md` section 4, JAVA and CSI), and the tables behind the web pages,
//! `getCurrentActivations` and `getCurrentActivationsDataTables`; `getActivationHistory`, which is `getHistory`.

use super::{START, START_SECONDS, golden, last_lot, price, say, upstream};
use crate::harness::{KINDS, World};

const LIST: &str = "action=getListOfActiveActivations";

fn row(id: &str, phone: &str, cost: &str, code: &str, text: &str) -> String {
    let more = if text.is_empty() { String::new() } else { format!("\"{text}\"") };
    let (created, finished) = (START_SECONDS, START_SECONDS + 1200);
    format!(
        r#"{{"id":{id},"forward":0,"phone":"{phone}","service":"tg","country":0,"countryCode":"0","status":"4","code":"{code}","smsText":"{text}","moreSms":[{more}],"activationCost":{cost},"canGetAnotherSms":"1","createDate":{created},"finishDate":{finished}}}"#
    )
}

fn list(rows: &[String], exist_next: bool, quant: usize) -> String {
    format!(r#"{{"data":[{}],"existNext":{exist_next},"quant":{quant}}}"#, rows.join(","))
}

#[tokio::test]
async fn none_is_an_empty_list() {
    for kind in KINDS {
        let world = World::of(kind).await;
        golden(&world.bridge, &[(LIST, r#"{"data":[],"existNext":false,"quant":0}"#)]).await;
        for action in ["getCurrentActivations", "getCurrentActivationsDataTables"] {
            let none = r#"{"status":"fail","msg":"no_activations"}"#;
            golden(&world.bridge, &[(&format!("action={action}"), none)]).await;
        }
        world.end().await;
    }
}

#[tokio::test]
async fn pages_to_the_byte() {
    let world = World::of("sms-activate").await;
    let cost = price(&world.bridge, "tg", 0).await.normalize().to_string();
    let (first, phone_1) = world.bridge.order("service=tg&country=0").await;
    upstream(&world).market().deliver(&last_lot(&world).id, "4242", "text 4242").unwrap();
    let (second, phone_2) = world.bridge.order("service=tg&country=0").await;
    let (third, phone_3) = world.bridge.order("service=tg&country=0").await;
    let newest = row(&third, &phone_3, &cost, "", "");
    let middle = row(&second, &phone_2, &cost, "", "");
    let code_only = row(&first, &phone_1, &cost, "4242", "4242");
    let (all, rows) =
        (list(&[newest.clone(), middle.clone(), code_only.clone()], false, 3), [newest, middle]);
    golden(
        &world.bridge,
        &[
            (LIST, &all),
            // The Java client's first page of two, and its second: there its length is the end of the page.
            (&format!("{LIST}&start=0&length=2"), &list(&rows, true, 3)),
            (&format!("{LIST}&start=2&length=4"), &list(&[code_only], false, 3)),
            (&format!("{LIST}&start=9&length=2"), &list(&[], false, 3)),
        ],
    )
    .await;
    world.end().await;
}

#[tokio::test]
async fn the_pages_tables_to_the_byte() {
    let world = World::of("vak-sms").await;
    let (first, phone_1) = world.bridge.order("service=tg&country=0").await;
    upstream(&world).market().deliver(&last_lot(&world).id, "4242", "never shown").unwrap();
    let (second, phone_2) = world.bridge.order("service=tg&country=0").await;
    let row = |id: &str, phone: &str, code: &str| {
        format!(
            r#"{{"id":"{id}","phone":"{phone}","service":"tg","country":"0","status":"4","code":"{code}","text":"{code}","createDate":"{START}"}}"#
        )
    };
    let (older, newer) = (row(&first, &phone_1, "4242"), row(&second, &phone_2, ""));
    let table = |rows: &[&str]| format!(r#"{{"status":"success","array":[{}]}}"#, rows.join(","));
    golden(
        &world.bridge,
        &[
            ("action=getCurrentActivations", &table(&[&newer, &older])),
            // As one script asks, a brace too many and all, and takes the first row for its own.
            (
                "action=getCurrentActivationsDataTables&order=id&orderBy=asc&start=0}&length=10",
                &table(&[&older, &newer]),
            ),
            ("action=getCurrentActivationsDataTables&start=1&length=1", &table(&[&older])),
        ],
    )
    .await;
    // What is over is not there any more.
    world.bridge.set(&second, "8").await;
    golden(&world.bridge, &[("action=getCurrentActivations", &table(&[&older]))]).await;
    world.end().await;
}

#[tokio::test]
async fn the_history_has_two_names() {
    for kind in KINDS {
        let world = World::of(kind).await;
        world.bridge.order("service=tg&country=0").await;
        let one = say(&world.bridge, "action=getHistory").await;
        golden(&world.bridge, &[("action=getActivationHistory", &one)]).await;
        assert!(one.len() > 2, "{kind}");
        world.end().await;
    }
}
