//! HTTP as old and as new clients speak it: 1.0, kept connections, `Expect`, offers of another protocol,
//! other hosts and spellings of the path (`WIRE.md` sections 1 and 2).

use super::conversation::Conversation;
use super::{ASK, ASK_CHINA, BALANCE, DIALECT_PATH, OPERATORS, assert_says, request, sandbox};
use crate::harness::Bridge;

#[tokio::test]
async fn every_spelling_of_the_path_leads_to_the_dialect() {
    let bridge = sandbox().await;
    let paths =
        ["/stubs/handler_api.php", "/stubs/handler_api.php/", "/stubs/handler_api", "/stubs/handler_api/"];
    for path in paths {
        let response = bridge.raw(&request("GET", &format!("{path}?{ASK}"), &[], b"")).await;
        assert_says(&response, BALANCE, path);
        let response = bridge.raw(&request("POST", path, &[], ASK.as_bytes())).await;
        assert_says(&response, BALANCE, path);
    }
    // RB begins its query with an empty pair behind the slash.
    let response = bridge.raw(&request("GET", &format!("/stubs/handler_api.php/?&{ASK}"), &[], b"")).await;
    assert_says(&response, BALANCE, "RB");
    bridge.stop().await;
}

#[tokio::test]
async fn the_host_does_not_matter() {
    let names = "allow_hosts = [\"sms-activate.ru\", \"api.sms-activate.org\"]";
    let server = format!("[server]\nlisten = [\"127.0.0.1:0\"]\n{names}\n");
    let market = "[provider.main]\nkind = \"sandbox\"\nbalance = \"123.40\"\n";
    let bridge = Bridge::start(&format!("{server}{market}")).await;
    for host in ["sms-activate.ru", "api.sms-activate.org:80", "127.0.0.1", "[::1]:8080"] {
        let sent = format!("GET {DIALECT_PATH}?{ASK} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_says(&bridge.raw(sent.as_bytes()).await, BALANCE, host);
    }
    let target = format!("http://sms-activate.ru{DIALECT_PATH}?{ASK}");
    assert_says(&bridge.raw(&request("GET", &target, &[], b"")).await, BALANCE, "as a proxy is asked");
    bridge.stop().await;
}

#[tokio::test]
async fn http_1_0_is_answered_and_the_connection_closed() {
    let bridge = sandbox().await;
    // The answer is read until the connection ends, so this returns only if it is closed.
    for head in ["", "Host: localhost\r\n"] {
        let sent = format!("GET {DIALECT_PATH}?{ASK} HTTP/1.0\r\n{head}\r\n");
        let response = bridge.raw(sent.as_bytes()).await;
        assert_says(&response, BALANCE, "HTTP/1.0");
        assert_eq!(response.header("transfer-encoding"), None);
    }
    // One that cannot take chunks gets none either when the answer is packed.
    let sent = format!("GET {DIALECT_PATH}?{ASK} HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n");
    let response = bridge.raw(sent.as_bytes()).await;
    assert_eq!(response.header("transfer-encoding"), None);
    assert_eq!(&response.bytes[..2], b"\x1f\x8b");
    bridge.stop().await;
}

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let bridge = sandbox().await;
    let mut talk = Conversation::with(bridge.addr).await;
    for _ in 0..3 {
        talk.say(&format!("GET {DIALECT_PATH}?{ASK} HTTP/1.1\r\nHost: localhost\r\n\r\n")).await;
        assert_eq!(talk.hear().await, ("HTTP/1.1 200 OK".to_owned(), BALANCE.to_owned()));
        talk.say(&format!(
            "POST {DIALECT_PATH}?{ASK_CHINA} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
        ))
        .await;
        assert_eq!(talk.hear().await.1, OPERATORS);
    }
    drop(talk);
    bridge.stop().await;
}

#[tokio::test]
async fn who_expects_100_continue_gets_it_and_then_the_answer() {
    let bridge = sandbox().await;
    let mut talk = Conversation::with(bridge.addr).await;
    talk.say(&format!(
        "POST {DIALECT_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        ASK.len()
    ))
    .await;
    assert_eq!(talk.hear().await.0, "HTTP/1.1 100 Continue");
    talk.say(ASK).await;
    assert_eq!(talk.hear().await, ("HTTP/1.1 200 OK".to_owned(), BALANCE.to_owned()));
    drop(talk);
    bridge.stop().await;
}

#[tokio::test]
async fn an_offer_of_http_2_is_passed_over() {
    let bridge = sandbox().await;
    let mut talk = Conversation::with(bridge.addr).await;
    // SV as Chrome (WIRE.md section 2); the connection stays what it was.
    for _ in 0..2 {
        talk.say(&format!(
            "GET {DIALECT_PATH}?{ASK} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n\
             Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n"
        ))
        .await;
        assert_eq!(talk.hear().await, ("HTTP/1.1 200 OK".to_owned(), BALANCE.to_owned()));
    }
    drop(talk);
    bridge.stop().await;
}

#[tokio::test]
async fn head_buys_nothing() {
    let bridge = sandbox().await;
    let order = format!("{DIALECT_PATH}?api_key=any&action=getNumber&service=tg&country=0");
    let response = bridge.raw(&request("HEAD", &order, &[], b"")).await;
    assert_eq!((response.status, response.bytes.len()), (405, 0));
    assert_eq!(bridge.ask("action=getHistory").await, "[]");
    bridge.stop().await;
}
