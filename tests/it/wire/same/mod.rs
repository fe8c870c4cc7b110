//! However a request is written, it is answered as its plainest form: GET, the documented names, nothing
//! else. Two sandboxes with the same seed and clock stand side by side; one is asked in the plain form and
//! the other one in a form drawn by chance, and they must say the same to the byte, in orders as well.

mod spelling;
mod wanted;

use smsbridge::server::DIALECT_PATH;

use crate::harness::{Bridge, Draw, Response};
use spelling::spelled;
use wanted::{KEY, Wanted};

/// How many requests are compared.
const CASES: usize = 1200;

/// Where chance begins.
const SEED: u64 = 20_260_101;

async fn sandbox() -> Bridge {
    Bridge::start(&format!(
        "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"{KEY}\"\n\
         [provider.main]\nkind = \"sandbox\"\nbalance = \"1000000\"\nsms_delay = \"5s\"\n"
    ))
    .await
}

#[tokio::test]
async fn every_way_to_write_a_request_is_answered_alike() {
    let (plain, odd) = (sandbox().await, sandbox().await);
    let mut draw = Draw(SEED);
    let mut numbers: Vec<String> = Vec::new();
    let mut bought = 0;
    for case in 0..CASES {
        if draw.once_in(6) {
            let seconds = draw.below(8) as u64;
            plain.advance(seconds);
            odd.advance(seconds);
        }
        let wanted = Wanted::drawn(&numbers, &mut draw);
        let straight = super::request("GET", &format!("{DIALECT_PATH}?{}", wanted.query()), &[], b"");
        let crooked = spelled(&wanted, &mut draw);
        let (expected, answer) = (plain.raw(&straight).await, odd.raw(&crooked).await);
        assert_eq!(
            seen(&answer),
            seen(&expected),
            "case {case}: {}\nwritten as:\n{}",
            wanted.query(),
            String::from_utf8_lossy(&crooked)
        );
        if let Some(id) = id_in(&expected.body) {
            bought += 1;
            numbers.push(id);
            // The older ones have come to their end long ago.
            numbers.drain(..numbers.len().saturating_sub(6));
        }
    }
    assert!(bought > CASES / 20, "only {bought} numbers were bought");
    plain.stop().await;
    odd.stop().await;
}

/// What a client can tell two answers apart by.
fn seen(response: &Response) -> (u16, &str, Option<&str>, Option<&str>) {
    let header = |name| response.header(name);
    (response.status, &response.body, header("content-type"), header("x-smsbridge-detail"))
}

/// The id of a number that was just bought.
fn id_in(body: &str) -> Option<String> {
    let json = || serde_json::from_str::<serde_json::Value>(body).ok()?.get("activationId")?.as_u64();
    match body.strip_prefix("ACCESS_NUMBER:") {
        Some(fields) => fields.split(':').next().map(str::to_owned),
        None => json().map(|id| id.to_string()),
    }
}
