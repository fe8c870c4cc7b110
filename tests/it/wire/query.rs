//! How leniently a query is read (`WIRE.md` section 1, items 13, 14 and 16).

use super::{ASK_CHINA, BALANCE, DIALECT_PATH, NO_OPERATORS, OPERATORS, assert_says, request, sandbox};

#[tokio::test]
async fn odd_queries_are_read_as_they_were_meant() {
    let bridge = sandbox().await;
    let cases = [
        ("plain", ASK_CHINA, OPERATORS),
        ("CSI: an empty first pair", "&api_key=k&action=getOperators&country=3", OPERATORS),
        ("empty pairs everywhere", "&&api_key=k&&action=getOperators&country=3&", OPERATORS),
        ("AIO: a blank behind the name", "api_key=k&action=getOperators&country%20=3", OPERATORS),
        ("AIO: the same as a plus", "api_key=k&action=getOperators&country+=3", OPERATORS),
        ("blanks around names and values", "+api_key=k&action=+getOperators+&+country+=%203%20", OPERATORS),
        ("the first value wins", "api_key=k&action=getOperators&country=3&country=12", OPERATORS),
        ("so it does the other way", "api_key=k&action=getOperators&country=12&country=3", NO_OPERATORS),
        ("the first action too", "api_key=k&action=getOperators&action=getBalance&country=3", OPERATORS),
        ("encoded names", "api%5fkey=k&%61ction=getOperators&%63ountry=%33", OPERATORS),
        ("a name without a value", "json&api_key=k&action=getOperators&country=3&flag", OPERATORS),
        ("pairs without a name", "=x&api_key=k&=&action=getOperators&country=3", OPERATORS),
        ("JAVA: ref=null", "api_key=k&action=getOperators&country=3&ref=null", OPERATORS),
        ("a second question mark", "api_key=k&action=getOperators&x=a?b&country=3", OPERATORS),
        (
            "percent signs that mean nothing",
            "x=100%&y=%zz&api_key=k&action=getOperators&country=3",
            OPERATORS,
        ),
        ("bytes that are no text", "x=%ff%fe%00&api_key=k&action=getOperators&country=3", OPERATORS),
        ("names are case-sensitive", "api_key=k&action=getOperators&Country=12&country=3", OPERATORS),
        ("actions are case-sensitive", "api_key=k&action=getoperators&country=3", "BAD_ACTION"),
        ("a list, not encoded", "api_key=k&action=getBalance&service=tg,vk&forward=0,1", BALANCE),
        ("a URL, not encoded", "ref=https://a.b/c?d=e&api_key=k&action=getBalance", BALANCE),
        ("braces and other signs", "x={[|]}'^`\\&api_key=k&action=getBalance", BALANCE),
    ];
    for (what, query, expected) in cases {
        assert_says(&super::get(&bridge, query, &[]).await, expected, what);
    }
    bridge.stop().await;
}

#[tokio::test]
async fn everything_that_other_services_take_is_passed_over() {
    // `WIRE.md` section 4, "ignored extras".
    const EXTRAS: &str = "ref ref_id json lang currency owner userID userId orderId language activationType \
        providerIds exceptProviderIds random act noStat typeAction incomingCall url length page size limit \
        offset";
    let bridge = sandbox().await;
    for extra in EXTRAS.split_whitespace() {
        for value in ["", "1", "x", "null"] {
            let query = format!("{extra}={value}&{ASK_CHINA}");
            assert_says(&super::get(&bridge, &query, &[]).await, OPERATORS, &query);
        }
    }
    bridge.stop().await;
}

#[tokio::test]
async fn raw_bytes_beyond_ascii_do_no_harm() {
    let bridge = sandbox().await;
    let mut sent = format!("GET {DIALECT_PATH}?{ASK_CHINA}&ref=").into_bytes();
    sent.extend_from_slice("Привет-Россия-俄罗斯".as_bytes());
    sent.extend_from_slice(b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert_says(&bridge.raw(&sent).await, OPERATORS, "UTF-8 as it is");

    let sent = request("POST", DIALECT_PATH, &[], &[b"ref=\xff\xfe\x00&", ASK_CHINA.as_bytes()].concat());
    assert_says(&bridge.raw(&sent).await, OPERATORS, "no text at all in a form");
    bridge.stop().await;
}
