//! What an answer says of itself: exact bytes, a content type that suits the client (`WIRE.md` section 1,
//! items 1, 2 and 5), and a reason only where something was refused.

use super::{ASK, ASK_CHINA, BALANCE, NO_OPERATORS, OPERATORS, assert_says, get, sandbox};

const HTML: &str = "text/html; charset=UTF-8";
const JSON: &str = "application/json";
const ASK_NOWHERE: &str = "api_key=k&action=getOperators&country=12";

#[tokio::test]
async fn json_is_called_json_only_to_those_who_ask_for_it() {
    let bridge = sandbox().await;
    let accepts = [
        ("nothing said", None, HTML),
        ("requests, httpx", Some("*/*"), HTML),
        ("a browser", Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), HTML),
        ("GRC", Some("application/json, text/plain"), JSON),
        ("axios", Some("application/json, text/plain, */*"), JSON),
        ("alone", Some("application/json"), JSON),
        ("in capitals, weighed", Some("text/plain, Application/JSON;q=0.9"), JSON),
        ("something like it", Some("application/json-seq, application/*"), HTML),
    ];
    for (client, accept, for_json) in accepts {
        let headers: Vec<_> = accept.iter().map(|accept| ("Accept", *accept)).collect();
        let cases =
            [(ASK_CHINA, OPERATORS, for_json), (ASK_NOWHERE, NO_OPERATORS, for_json), (ASK, BALANCE, HTML)];
        for (query, expected, content_type) in cases {
            let response = get(&bridge, query, &headers).await;
            assert_says(&response, expected, client);
            assert_eq!(response.header("content-type"), Some(content_type), "{client}: {query}");
        }
        // A text answer under a JSON content type breaks GRC, which would parse it.
        let refused = get(&bridge, "api_key=k&action=nonsense", &headers).await;
        assert_eq!(refused.header("content-type"), Some(HTML), "{client}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_reason_is_given_with_refusals_and_with_nothing_else() {
    let bridge = sandbox().await;
    let refused = [
        ("", "NO_KEY"),
        ("api_key=k", "BAD_ACTION"),
        ("api_key=k&action=nonsense", "BAD_ACTION"),
        ("api_key=k&action=getNumber", "BAD_SERVICE"),
        ("api_key=k&action=getNumber&service=nn", "NO_NUMBERS"),
        ("api_key=k&action=getStatus&id=1", "NO_ACTIVATION"),
        (ASK_NOWHERE, NO_OPERATORS),
    ];
    for (query, expected) in refused {
        let response = get(&bridge, query, &[]).await;
        assert_says(&response, expected, query);
        let detail = response.header("x-smsbridge-detail").unwrap_or_default().to_owned();
        // Plain words, not the word once more.
        assert!(detail.split(' ').count() > 2, "{query}: {detail:?}");
    }
    let (id, _) = bridge.order("service=tg&country=0").await;
    let cancel = format!("action=setStatus&id={id}&status=8");
    let status = format!("action=getStatus&id={id}");
    for query in ["action=getBalance", "action=getOperators&country=3", &status, &cancel, &status] {
        let response = bridge.get(query).await;
        assert_eq!(response.status, 200);
        assert_eq!(response.header("x-smsbridge-detail"), None, "{query}: {}", response.body);
    }
    bridge.stop().await;
}
