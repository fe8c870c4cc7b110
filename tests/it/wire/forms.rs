//! The forms in which real clients put their parameters (`WIRE.md` section 1, item 3): query, form,
//! multipart form, and query with either.

use super::{ASK_CHINA, DIALECT_PATH, OPERATORS, assert_says, request, sandbox};

const URLENCODED: &str = "application/x-www-form-urlencoded";

/// A multipart form as curl writes it.
fn multipart(boundary: &str, pairs: &str) -> String {
    let mut body = String::new();
    for pair in pairs.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap();
        body.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body + &format!("--{boundary}--\r\n")
}

#[tokio::test]
async fn query_and_form_are_read_in_every_combination() {
    let bridge = sandbox().await;
    // Query, content type, body; each of them seen in the client named.
    let cases = [
        ("NPM", ASK_CHINA, Some(URLENCODED), ""),
        ("AIO", ASK_CHINA, Some("application/octet-stream"), ""),
        ("no type at all", ASK_CHINA, None, ""),
        ("PHPO", "", Some(URLENCODED), ASK_CHINA),
        ("CSM, CSO", "", Some("application/x-www-form-urlencoded; charset=utf-8"), ASK_CHINA),
        ("a shouting client", "", Some("Application/X-WWW-Form-URLEncoded"), ASK_CHINA),
        ("a silent client", "", None, ASK_CHINA),
        ("PHPB", "api_key=k", Some(URLENCODED), "action=getOperators&country=3"),
        ("PHPB, the other way round", "action=getOperators&country=3", Some(URLENCODED), "api_key=k"),
        ("an empty pair on both sides", "&api_key=k&", Some(URLENCODED), "&action=getOperators&&country=3&"),
        ("query first", "country=3", Some(URLENCODED), "api_key=k&action=getOperators&country=12"),
        ("the first in the body", "", Some(URLENCODED), "api_key=k&action=getOperators&country=3&country=12"),
        ("encoded", "", Some(URLENCODED), "api%5Fkey=k&action=get%4Fperators&country+=%33"),
        ("a body of no form", ASK_CHINA, Some("application/json"), r#"{"country":12}"#),
        ("a body of no form at all", ASK_CHINA, Some("image/png"), "country=12"),
    ];
    for (client, query, content_type, body) in cases {
        let target = if query.is_empty() { DIALECT_PATH.into() } else { format!("{DIALECT_PATH}?{query}") };
        let headers: Vec<_> = content_type.iter().map(|kind| ("Content-Type", *kind)).collect();
        let response = bridge.raw(&request("POST", &target, &headers, body.as_bytes())).await;
        assert_says(&response, OPERATORS, client);
    }
    bridge.stop().await;
}

#[tokio::test]
async fn multipart_forms_are_read() {
    let bridge = sandbox().await;
    let long = "------------------------d74496d66958873e";
    let cases = [
        ("PHP-curl", "", format!("multipart/form-data; boundary={long}"), multipart(long, ASK_CHINA)),
        ("quoted", "", "multipart/form-data; boundary=\"b\"".into(), multipart("b", ASK_CHINA)),
        ("shouted", "", "Multipart/Form-Data; boundary=b".into(), multipart("b", ASK_CHINA)),
        (
            "key in the query",
            "?api_key=k",
            "multipart/form-data; boundary=b".into(),
            multipart("b", "action=getOperators&country=3"),
        ),
        (
            "query first, then the first",
            "?country=3",
            "multipart/form-data; boundary=b".into(),
            multipart("b", "api_key=k&action=getOperators&action=getBalance&country=12"),
        ),
        (
            "a stray blank",
            "",
            "multipart/form-data; boundary=b".into(),
            multipart("b", "api_key=k&action=getOperators&country =3"),
        ),
    ];
    for (what, query, content_type, body) in cases {
        let target = format!("{DIALECT_PATH}{query}");
        let sent = request("POST", &target, &[("Content-Type", &content_type)], body.as_bytes());
        assert_says(&bridge.raw(&sent).await, OPERATORS, what);
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_body_may_come_in_chunks() {
    let bridge = sandbox().await;
    let (one, two) = ASK_CHINA.split_at(11);
    let sent = format!(
        "POST {DIALECT_PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {URLENCODED}\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n",
        one.len(),
        two.len()
    );
    assert_says(&bridge.raw(sent.as_bytes()).await, OPERATORS, "chunked");
    bridge.stop().await;
}

#[tokio::test]
async fn the_body_of_a_get_says_nothing() {
    let bridge = sandbox().await;
    let target = format!("{DIALECT_PATH}?api_key=k&action=getOperators");
    let sent = request("GET", &target, &[("Content-Type", URLENCODED)], b"country=12");
    // Had the body counted, there would be no operators.
    let response = bridge.raw(&sent).await;
    assert!(
        response.body.starts_with(r#"{"status":"success","countryOperators":{"0":["#),
        "{}",
        response.body
    );
    bridge.stop().await;
}
