//! `mode = "passthrough"`: the client's key is the one the upstream is asked with, and a key is an owner.

use tempfile::TempDir;

use super::child::{ORDER, Program};
use super::upstream::{self, KEY};

#[tokio::test]
async fn a_clients_key_reaches_the_upstream_and_its_activations_are_its_own() {
    for kind in upstream::all() {
        let home = TempDir::new().unwrap();
        let upstream = upstream::start(kind).await;
        upstream::configure(home.path(), kind, &upstream, "[clients]\nmode = \"passthrough\"\n");
        let served = Program::within(home.path()).serve().await;

        assert_eq!(served.ask_as(KEY, "action=getBalance").await, "ACCESS_BALANCE:100000.00", "{kind}");
        let (id, phone) = served.order(KEY).await;
        let waiting = format!("action=getStatus&id={id}");
        assert_eq!(served.ask_as(KEY, &waiting).await, "STATUS_WAIT_CODE", "{kind}");

        let before = upstream.requests().len();
        let none = r#"{"status":"error","error":"NO_ACTIVATIONS"}"#;
        for (query, answer) in [
            (waiting.as_str(), "NO_ACTIVATION"),
            (&format!("action=getStatusV2&id={id}"), "NO_ACTIVATION"),
            (&format!("action=getFullSms&id={id}"), "NO_ACTIVATION"),
            (&format!("action=setStatus&id={id}&status=8"), "NO_ACTIVATION"),
            ("action=getActiveActivations", none),
            ("action=getHistory", "[]"),
        ] {
            assert_eq!(served.ask_as("another-key", query).await, answer, "{kind} {query}");
        }
        assert_eq!(upstream.requests().len(), before, "{kind}: nobody asks for another one's activation");

        for query in ["action=getBalance", ORDER] {
            assert_eq!(served.ask_as("another-key", query).await, "BAD_KEY", "{kind} {query}");
        }
        assert_eq!(served.ask_as("", "action=getBalance").await, "NO_KEY", "{kind}");
        let mine = served.ask_as(KEY, "action=getActiveActivations").await;
        assert!(mine.contains(&phone), "{kind}: {mine}");
        assert_eq!(served.ask_as(KEY, &format!("action=setStatus&id={id}&status=8")).await, "ACCESS_CANCEL");
        assert_eq!(upstream.market().totals().purchases, 1, "{kind}");
        assert_eq!(upstream.violations(), Vec::<String>::new(), "{kind}");
    }
}

#[tokio::test]
async fn a_key_is_known_again_after_a_restart() {
    let home = TempDir::new().unwrap();
    let upstream = upstream::start("vak-sms").await;
    upstream::configure(home.path(), "vak-sms", &upstream, "[clients]\nmode = \"passthrough\"\n");
    let first = Program::within(home.path()).serve().await;
    let (id, _) = first.order(KEY).await;
    first.child.kill().await;
    let second = Program::within(home.path()).serve().await;
    let query = format!("action=getStatus&id={id}");
    assert_eq!(second.ask_as(KEY, &query).await, "STATUS_WAIT_CODE");
    assert_eq!(second.ask_as("another-key", &query).await, "NO_ACTIVATION");
    let ledger = std::fs::read(home.path().join("smsbridge.db")).unwrap();
    let holds_key = ledger.windows(KEY.len()).any(|piece| piece == KEY.as_bytes());
    assert!(!holds_key, "the ledger knows a key by its mark only");
}

/// The client's key can go to one account only.
#[tokio::test]
async fn there_is_one_upstream_to_pass_a_key_to() {
    let home = TempDir::new().unwrap();
    let toml = "[clients]\nmode = \"passthrough\"\n[provider.one]\nkind = \"sandbox\"\n[provider.two]\nkind = \"sandbox\"\n";
    std::fs::write(home.path().join("proxy.toml"), toml).unwrap();
    let ended = Program::within(home.path()).args(&["check"]).end().await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("clients.mode") && ended.stderr.contains("one, two"), "{}", ended.stderr);
}
