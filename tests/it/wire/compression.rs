//! Gzip whenever the client allows it: one unpacks every answer without looking, one names a coding that
//! does not exist (`WIRE.md` section 1, item 4).

use std::io::Read;

use flate2::read::GzDecoder;

use super::{ASK, ASK_CHINA, BALANCE, OPERATORS, assert_says, get, sandbox};

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

#[tokio::test]
async fn answers_are_packed_for_all_who_allow_it() {
    let bridge = sandbox().await;
    let answers =
        [(ASK, BALANCE), (ASK_CHINA, OPERATORS), ("api_key=k&action=nonsense", "BAD_ACTION"), ("", "NO_KEY")];
    // CSI; JAVA; requests; SV as Chrome; and forms that RFC 9110 allows.
    let allowing = [
        "gzip",
        "gzip, json",
        "gzip, deflate",
        "gzip, deflate, br, zstd",
        "br;q=1.0, gzip;q=0.8",
        "GZip",
        "json,gzip",
    ];
    for accept in allowing {
        for (query, plain) in answers {
            let response = get(&bridge, query, &[("Accept-Encoding", accept)]).await;
            assert_eq!(response.status, 200, "{accept}");
            assert_eq!(response.header("content-encoding"), Some("gzip"), "{accept}: {query}");
            assert_eq!(unpacked(&response.bytes), plain.as_bytes(), "{accept}: {query}");
        }
    }
    bridge.stop().await;
}

#[tokio::test]
async fn answers_are_plain_for_all_others() {
    let bridge = sandbox().await;
    for accept in [None, Some("identity"), Some("gzip;q=0"), Some("deflate, br"), Some("json"), Some("")] {
        let headers: Vec<_> = accept.iter().map(|accept| ("Accept-Encoding", *accept)).collect();
        for (query, plain) in [(ASK, BALANCE), (ASK_CHINA, OPERATORS)] {
            let response = get(&bridge, query, &headers).await;
            assert_says(&response, plain, &format!("{accept:?}"));
            assert_eq!(response.header("content-encoding"), None, "{accept:?}");
        }
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_long_answer_unpacks_to_the_same_bytes() {
    let bridge = sandbox().await;
    let query = "api_key=k&action=getNumbersStatus&country=0";
    let plain = get(&bridge, query, &[]).await;
    let packed = get(&bridge, query, &[("Accept-Encoding", "gzip")]).await;
    assert_eq!(unpacked(&packed.bytes), plain.bytes);
    assert!(packed.bytes.len() * 2 < plain.bytes.len());
    bridge.stop().await;
}
