//! `getMailHistory`.

use serde_json::json;
use smsbridge::mock::{FaultPlan, Mishap};

use super::super::START;
use super::*;

async fn list(bridge: &Bridge, query: &str) -> (Vec<String>, u64, u64) {
    let answer = bridge.json(&format!("action=getMailHistory{query}")).await;
    let ids = answer["response"]["list"].as_array().unwrap().iter();
    let ids = ids.map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    let whole = |name: &str| answer["response"][name].as_u64().unwrap();
    (ids, whole("pages"), whole("count"))
}

#[tokio::test]
async fn a_row_has_the_documented_shape_at_every_stage() {
    let world = World::of("sms-activate").await;
    let (id, email) = buy(&world.bridge, ORDER).await;
    let cost = format!("{:.2}", last_box(&world).price);
    let mut row = json!({"id": id, "site": "apple.com", "email": email, "status": "3", "value": null,
        "cost": cost, "date": START, "full_message": ""});
    let page = |row: &Value| json!({"status": "OK", "response": {"list": [row], "pages": 1, "count": 1}});
    let query = "action=getMailHistory&page=1&per_page=10&search=&sort=desc";
    assert_eq!(say(&world.bridge, query).await, page(&row).to_string());
    world.let_message_come();
    let text = last_box(&world).text().unwrap();
    row["status"] = json!("6");
    row["value"] = json!(text);
    row["full_message"] = json!(text);
    assert_eq!(say(&world.bridge, query).await, page(&row).to_string());
    world.end().await;
}

#[tokio::test]
async fn pages_orders_and_searches() {
    for kind in SELLERS {
        let world = World::of(kind).await;
        let mut ids = Vec::new();
        let mut emails = Vec::new();
        for _ in 0..3 {
            let (id, email) = buy(&world.bridge, ORDER).await;
            ids.push(id);
            emails.push(email);
        }
        say(&world.bridge, &cancel(&ids[1])).await;
        let newest: Vec<_> = ids.iter().rev().cloned().collect();
        assert_eq!(list(&world.bridge, "").await, (newest, 1, 3), "{kind}");
        assert_eq!(list(&world.bridge, "&sort=asc").await, (ids.clone(), 1, 3), "{kind}");
        let second = list(&world.bridge, "&page=2&per_page=2&sort=asc").await;
        assert_eq!(second, (ids[2..].to_vec(), 2, 3), "{kind}");
        assert_eq!(list(&world.bridge, "&page=9&per_page=2").await, (Vec::new(), 2, 3), "{kind}");
        let found = list(&world.bridge, &format!("&search={}", emails[1])).await;
        assert_eq!(found, (vec![ids[1].clone()], 1, 1), "{kind}");
        let row = &world.bridge.json("action=getMailHistory&page=2&per_page=1").await["response"]["list"][0];
        assert_eq!(row["status"], "8", "{kind}");
        for odd in ["&page=0", "&page=x", "&per_page=0", "&per_page=-1", "&page=99999999999"] {
            refuse(&world.bridge, &format!("action=getMailHistory{odd}"), "BAD_ACTION").await;
        }
        world.end().await;
    }
}

#[tokio::test]
async fn only_those_still_waiting_are_asked_about_and_a_silent_upstream_hides_none() {
    let world = World::with("sms-activate", &[], "poll_interval = \"5s\"").await;
    let (read, _) = buy(&world.bridge, ORDER).await;
    world.let_message_come();
    say(&world.bridge, &check(&read)).await;
    let (back, _) = buy(&world.bridge, ORDER).await;
    say(&world.bridge, &cancel(&back)).await;
    let (waiting, _) = buy(&world.bridge, ORDER).await;
    let asked = upstream(&world).calls("checkMailActivation");
    upstream(&world).fault(FaultPlan::once(Mishap::ServerError).times(5).on("checkMailActivation"));
    let (ids, _, _) = list(&world.bridge, "").await;
    assert_eq!(ids, [waiting, back, read]);
    assert!(upstream(&world).calls("checkMailActivation") > asked);
    let now = upstream(&world).calls("checkMailActivation");
    list(&world.bridge, "").await;
    assert_eq!(upstream(&world).calls("checkMailActivation"), now, "at most once an interval");
    world.bridge.advance(24 * 3600);
    list(&world.bridge, "").await;
    assert_eq!(upstream(&world).calls("checkMailActivation"), now, "what is a day old gets no more mail");
    world.end().await;
}
