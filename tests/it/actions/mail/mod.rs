//! The actions of mail addresses, by `api/sms-activate.txt`, "API Почты", where they are sold: at a service that
//! speaks the dialect, and in the sandbox.

mod check;
mod domains;
mod history;
mod lost;
mod orders;

use serde_json::Value;
use smsbridge::mock::Mailbox;

use super::{golden, refuse, say, upstream};
use crate::harness::{Bridge, World};

/// Where they are sold.
const SELLERS: [&str; 2] = ["sandbox", "sms-activate"];

/// An order that can be fulfilled.
const ORDER: &str = "action=buyMailActivation&site=apple.com&mail_type=2&mail_domain=mail.ru";

/// Buys an address; its id and the address.
async fn buy(bridge: &Bridge, query: &str) -> (String, String) {
    let answer = say(bridge, query).await;
    let value: Value = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{query}: {answer}"));
    let (id, email) = (value["response"]["id"].to_string(), value["response"]["email"].as_str().unwrap());
    assert_eq!(answer, format!(r#"{{"status":"OK","response":{{"email":"{email}","id":{id}}}}}"#), "{query}");
    (id, email.to_owned())
}

/// The address that was sold last, as the upstream sees it.
fn last_box(world: &World) -> Mailbox {
    upstream(world).market().mailboxes().pop().unwrap()
}

fn check(id: &str) -> String {
    format!("action=checkMailActivation&id={id}")
}

fn cancel(id: &str) -> String {
    format!("action=cancelMailActivation&id={id}")
}

/// What is answered while no mail has come.
const NO_MAIL: &str = r#"{"status":"OK","response":{"value":null}}"#;

/// What is answered when an address was given back.
const GIVEN_BACK: &str = r#"{"status":"OK","response":true}"#;
