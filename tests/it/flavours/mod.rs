//! The variants of the dialect: each difference that a service's document has, each form that can be
//! chosen, and where which of them is spoken. Requests go in as that service's software sends them.

mod choice;
mod forms;
mod likeness;
mod sms_man;
mod sms_service_online;
mod smsak;

use crate::harness::{Bridge, Response, World, get};

/// A server on the sandbox, with more lines in front of its provider's.
async fn sandbox(dialect: &str) -> Bridge {
    Bridge::start(&format!(
        "{dialect}\n[provider.main]\nkind = \"sandbox\"\nbalance = \"463.02\"\nsms_delay = \"5s\"\n"
    ))
    .await
}

/// A server that speaks this flavour, on the sandbox.
async fn flavoured(flavour: &str) -> Bridge {
    sandbox(&format!("[dialect]\nflavour = \"{flavour}\"")).await
}

/// The same on a stand-in.
async fn over(kind: &'static str, flavour: &str) -> World {
    World::with(kind, &[], &format!("[dialect]\nflavour = \"{flavour}\"")).await
}

/// Asks for what has to be answered with exactly these bytes.
async fn golden(bridge: &Bridge, cases: &[(&str, &str)]) {
    for (query, expected) in cases {
        let response = bridge.get(query).await;
        assert_eq!((response.status, response.body.as_str()), (200, *expected), "{query}");
        assert_eq!(response.bytes, expected.as_bytes(), "{query}");
    }
}

/// Asks for what has to be refused with exactly this word, and with a reason.
async fn refused(bridge: &Bridge, cases: &[(&str, &str)]) {
    golden(bridge, cases).await;
    for (query, word) in cases {
        let response = bridge.get(query).await;
        assert!(response.header("x-smsbridge-detail").is_some(), "{query}: {word} without a reason");
    }
}

/// A request without a key.
async fn keyless(bridge: &Bridge, query: &str) -> Response {
    get(bridge.addr, &format!("{}?{query}", smsbridge::server::DIALECT_PATH), &[]).await
}
