//! Queries that nobody means: each is answered by a documented word with status 200, and the server is
//! none the worse for it.

use super::{BALANCE, assert_says, get, sandbox};

/// Query, and the word. `LONG` is 4000 letters, `DIGITS` 4000 nines.
const NASTY: &[(&str, &str)] = &[
    ("action=", "BAD_ACTION"),
    ("action=%00", "BAD_ACTION"),
    ("action=getBalance%00", "BAD_ACTION"),
    ("action=LONG", "BAD_ACTION"),
    ("action=getBalance,getBalance", "BAD_ACTION"),
    ("action[]=getBalance", "BAD_ACTION"),
    ("action=../../etc/passwd", "BAD_ACTION"),
    ("action=%E2%80%8BgetBalance", "BAD_ACTION"),
    ("action=%F0%9F%92%A9", "BAD_ACTION"),
    ("action=%ff", "BAD_ACTION"),
    ("action='%20OR%201=1--", "BAD_ACTION"),
    ("action=getNumber", "BAD_SERVICE"),
    ("action=getNumber&service=", "BAD_SERVICE"),
    ("action=getNumber&service=%00", "BAD_SERVICE"),
    ("action=getNumber&service=tg%00", "BAD_SERVICE"),
    ("action=getNumber&service=LONG", "BAD_SERVICE"),
    ("action=getNumber&service=tg,vk", "BAD_SERVICE"),
    ("action=getNumber&service=tg_0", "BAD_SERVICE"),
    ("action=getNumber&service=-1", "BAD_SERVICE"),
    ("action=getNumber&service=TG", "BAD_SERVICE"),
    ("action=getNumber&service=%D1%82%D0%B3", "BAD_SERVICE"),
    ("action=getNumber&service=%3Cscript%3E", "BAD_SERVICE"),
    ("action=getNumber&service=full", "BAD_SERVICE"),
    ("action=getNumber&service[]=tg", "BAD_SERVICE"),
    ("action=getNumberV2&service=..%2F", "BAD_SERVICE"),
    ("action=getNumber&service=tg&country=-1", "ERROR_SQL"),
    ("action=getNumber&service=tg&country=0x0", "ERROR_SQL"),
    ("action=getNumber&service=tg&country=0.0", "ERROR_SQL"),
    ("action=getNumber&service=tg&country=%00", "ERROR_SQL"),
    ("action=getNumber&service=tg&country=0,1", "ERROR_SQL"),
    ("action=getNumber&service=tg&country=%D9%A0", "ERROR_SQL"),
    ("action=getNumber&service=tg&country=0;DROP%20TABLE", "ERROR_SQL"),
    ("action=getNumber&service=tg&country=999", "NO_NUMBERS"),
    ("action=getNumber&service=tg&country=65535", "NO_NUMBERS"),
    // "unknown numeric country NO_NUMBERS" (UPSTREAMS.md section 8), however many digits it has.
    ("action=getNumber&service=tg&country=65536", "NO_NUMBERS"),
    ("action=getNumber&service=tg&country=DIGITS", "NO_NUMBERS"),
    ("action=getNumber&service=tg&operator=LONG", "NO_NUMBERS"),
    ("action=getNumber&service=tg&operator=%00", "NO_NUMBERS"),
    ("action=getNumber&service=tg&operator=nosuch", "NO_NUMBERS"),
    ("action=getNumber&service=tg&phoneException=LONG", "WRONG_EXCEPTION_PHONE"),
    ("action=getNumber&service=tg&phoneException=DIGITS", "WRONG_EXCEPTION_PHONE"),
    ("action=getNumber&service=tg&phoneException=-7918", "WRONG_EXCEPTION_PHONE"),
    ("action=getNumber&service=tg&phoneException=%00", "WRONG_EXCEPTION_PHONE"),
    ("action=getStatus", "NO_ACTIVATION"),
    ("action=getStatus&id=", "NO_ACTIVATION"),
    ("action=getStatus&id=0", "NO_ACTIVATION"),
    ("action=getStatus&id=-1", "NO_ACTIVATION"),
    ("action=getStatus&id=2147483647", "NO_ACTIVATION"),
    ("action=getStatus&id=2147483648", "NO_ACTIVATION"),
    ("action=getStatus&id=-9223372036854775809", "NO_ACTIVATION"),
    ("action=getStatus&id=DIGITS", "NO_ACTIVATION"),
    ("action=getStatus&id=1e3", "NO_ACTIVATION"),
    ("action=getStatus&id=1%00", "NO_ACTIVATION"),
    ("action=getStatus&id=%D9%A1", "NO_ACTIVATION"),
    ("action=getStatus&id=null", "NO_ACTIVATION"),
    ("action=getStatus&id[]=1", "NO_ACTIVATION"),
    ("action=getStatusV2&id=NaN", "NO_ACTIVATION"),
    ("action=getFullSms&id=DIGITS", "NO_ACTIVATION"),
    ("action=setStatus", "BAD_STATUS"),
    ("action=setStatus&id=1&status=", "BAD_STATUS"),
    ("action=setStatus&id=1&status=DIGITS", "BAD_STATUS"),
    ("action=setStatus&id=1&status=08", "BAD_STATUS"),
    ("action=setStatus&id=1&status=%00", "BAD_STATUS"),
    ("action=setStatus&id=1&status=8", "NO_ACTIVATION"),
    ("action=setStatus&status=8", "NO_ACTIVATION"),
    ("action=setStatus&id=DIGITS&status=8&forward=DIGITS", "NO_ACTIVATION"),
    ("action=getPrices&service=%00", "BAD_SERVICE"),
    ("action=getPrices&service=LONG", "BAD_SERVICE"),
    ("action=getPrices&country=abc", "ERROR_SQL"),
    ("action=getPrices&country=DIGITS", "{}"),
    ("action=getNumbersStatus&country=-1", "ERROR_SQL"),
    ("action=getTopCountriesByService&service=%00", "BAD_SERVICE"),
    ("action=getHistory&start=yesterday", "BAD_ACTION"),
    ("action=getHistory&end=1.5", "BAD_ACTION"),
    ("action=getHistory&start=%00", "BAD_ACTION"),
    ("action=getHistory&start=DIGITS", "BAD_ACTION"),
    ("action=getHistory&start=9223372036854775807", "[]"),
    ("action=getHistory&start=-9223372036854775808", "[]"),
    ("action=getHistory&start=2&end=1", "[]"),
    ("action=getOperators&country=DIGITS", r#"{"status":"error","error":"OPERATORS_NOT_FOUND"}"#),
    ("action=getOperators&country=%00", r#"{"status":"error","error":"OPERATORS_NOT_FOUND"}"#),
    ("action=getActiveActivations&start=DIGITS", r#"{"status":"error","error":"NO_ACTIVATIONS"}"#),
];

#[tokio::test]
async fn whatever_is_asked_a_documented_word_is_answered() {
    let bridge = sandbox().await;
    let (long, digits) = ("x".repeat(4000), "9".repeat(4000));
    for (query, expected) in NASTY {
        let sent = format!("api_key=k&{}", query.replace("LONG", &long).replace("DIGITS", &digits));
        assert_says(&get(&bridge, &sent, &[]).await, expected, query);
    }
    // Nothing of it was bought, and the server still answers.
    assert_eq!(bridge.ask("action=getBalance").await, BALANCE);
    bridge.stop().await;
}

#[tokio::test]
async fn caps_that_are_no_amounts_buy_nothing() {
    let bridge = sandbox().await;
    let long = "9".repeat(4000);
    let price = bridge.json("action=getPrices&service=tg&country=0").await["0"]["tg"]["cost"].to_string();
    let price: rust_decimal::Decimal = price.parse().unwrap();
    for cap in ["-1", "0", "abc", "NaN", "Infinity", "1e400", "0x10", "1 2", "%00", "--5", &long] {
        let query =
            format!("api_key=k&action=getNumber&service=tg&country=0&maxPrice={}", cap.replace(' ', "+"));
        let response = get(&bridge, &query, &[]).await;
        let named = response
            .body
            .strip_prefix("WRONG_MAX_PRICE:")
            .unwrap_or_else(|| panic!("{cap}: {}", response.body));
        assert_eq!((response.status, named.parse()), (200, Ok(price)), "{cap}");
    }
    assert_eq!(bridge.ask("action=getBalance").await, BALANCE);
    bridge.stop().await;
}

#[tokio::test]
async fn very_many_parameters_are_one_request_like_any_other() {
    let bridge = sandbox().await;
    let many = "a=b&".repeat(3000);
    assert_says(&get(&bridge, &format!("{many}{}", super::ASK), &[]).await, BALANCE, "3000 pairs");
    bridge.stop().await;
}
