//! What is not the dialect at all gets a 4xx; and `/healthz`.

use super::{ASK, BALANCE, DIALECT_PATH, assert_says, request, sandbox};
use crate::harness::get;

/// No documented request comes near it; the server's bound.
const MAX_BODY: usize = 64 * 1024;

#[tokio::test]
async fn other_methods_are_refused_with_the_ones_that_are_allowed() {
    let bridge = sandbox().await;
    for method in ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
        let response = bridge.raw(&request(method, &format!("{DIALECT_PATH}?{ASK}"), &[], b"")).await;
        assert_eq!(response.status, 405, "{method}");
        assert_ne!(response.body, BALANCE, "{method}");
        // "The origin server MUST generate an Allow header field in a 405 response" (RFC 9110, 15.5.6).
        assert_eq!(response.header("allow"), Some("GET, POST"), "{method}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn unknown_paths_are_404_and_say_where_to_go() {
    let bridge = sandbox().await;
    let paths = [
        "/",
        "/stubs",
        "/stubs/",
        "/handler_api.php",
        "/stubs/handler_api.php/x",
        "/STUBS/HANDLER_API.PHP",
        "/stubs/handler_api.php%20",
        "/stubs/../etc/passwd",
        "/favicon.ico",
    ];
    for path in paths {
        for method in ["GET", "POST"] {
            let response = bridge.raw(&request(method, &format!("{path}?{ASK}"), &[], b"")).await;
            assert_eq!(response.status, 404, "{method} {path}");
            assert!(response.body.contains(DIALECT_PATH), "{method} {path}: {}", response.body);
        }
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_body_beyond_all_bounds_is_413_and_one_within_is_read() {
    let bridge = sandbox().await;
    let form = |length: usize| format!("{ASK}&ref={}", "x".repeat(length - ASK.len() - 5)).into_bytes();
    let largest = form(MAX_BODY);
    assert_eq!(largest.len(), MAX_BODY);
    assert_says(&bridge.raw(&request("POST", DIALECT_PATH, &[], &largest)).await, BALANCE, "the largest");

    let multipart = ("Content-Type", "multipart/form-data; boundary=b");
    for headers in [&[][..], &[("Content-Type", "application/x-www-form-urlencoded")], &[multipart]] {
        let sent = request("POST", DIALECT_PATH, headers, &form(MAX_BODY + 1));
        assert_eq!(bridge.raw(&sent).await.status, 413, "{headers:?}");
    }
    assert_eq!(bridge.ask("action=getBalance").await, BALANCE);
    bridge.stop().await;
}

#[tokio::test]
async fn a_multipart_form_that_cannot_be_read_is_400() {
    let bridge = sandbox().await;
    let bodies = [
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\nk",
        ),
        ("multipart/form-data", "--b--"),
    ];
    for (content_type, body) in bodies {
        let sent = request("POST", DIALECT_PATH, &[("Content-Type", content_type)], body.as_bytes());
        assert_eq!(bridge.raw(&sent).await.status, 400, "{content_type}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn healthz_answers_whoever_asks() {
    let bridge = sandbox().await;
    let response = get(bridge.addr, "/healthz", &[]).await;
    assert_says(&response, "ok", "no key, no action");
    let head = bridge.raw(&request("HEAD", "/healthz", &[], b"")).await;
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    assert_eq!(bridge.raw(&request("POST", "/healthz", &[], b"")).await.status, 405);
    bridge.stop().await;
}
