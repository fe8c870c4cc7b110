//! The laws of the wire (`WIRE.md` section 1): what real client software may send, and what it must get
//! back to the byte. Knows no action beyond the three that show that a request was understood.

mod compression;
mod content;
mod conversation;
mod forms;
mod keys;
mod nasty;
mod outside;
mod query;
mod same;
mod transport;

use crate::harness::{Bridge, Response};
use smsbridge::server::DIALECT_PATH;

/// Asks for the balance of [`sandbox`].
const ASK: &str = "api_key=k&action=getBalance";

/// What it is answered.
const BALANCE: &str = "ACCESS_BALANCE:123.40";

/// Asks for the operators of China; only a country that was read right gives [`OPERATORS`].
const ASK_CHINA: &str = "api_key=k&action=getOperators&country=3";

/// China's operators, as `smsactivate_operators.tsv` has them.
const OPERATORS: &str =
    r#"{"status":"success","countryOperators":{"3":["unicom","chinamobile","china_unicom"]}}"#;

/// What a country without operators is answered.
const NO_OPERATORS: &str = r#"{"status":"error","error":"OPERATORS_NOT_FOUND"}"#;

/// A server on the sandbox with a balance that nothing else would print.
async fn sandbox() -> Bridge {
    Bridge::start("[provider.main]\nkind = \"sandbox\"\nbalance = \"123.40\"\n").await
}

/// A request's bytes; the connection is closed after it.
fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if method == "POST" || !body.is_empty() {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}

/// GET with this query and these headers.
async fn get(bridge: &Bridge, query: &str, headers: &[(&str, &str)]) -> Response {
    bridge.raw(&request("GET", &format!("{DIALECT_PATH}?{query}"), headers, b"")).await
}

/// Status 200 and exactly these bytes, of the announced length.
#[track_caller]
fn assert_says(response: &Response, expected: &str, what: &str) {
    assert_eq!(response.status, 200, "{what}");
    assert_eq!(response.body, expected, "{what}");
    assert_eq!(response.bytes, expected.as_bytes(), "{what}");
    let length = response.header("content-length").map(|length| length.parse::<usize>().unwrap());
    assert_eq!(length, Some(expected.len()), "{what}");
}
