//! SIGHUP: the configuration is read again and applied as a whole, or not at all; what was bought stays with whoever
//! sold it, and no request notices.

use std::path::Path;

use smsbridge::mock::{LotState, Running};
use tempfile::TempDir;

use super::child::{Program, Served, attempt, bought};
use super::rows::{copy_of, rows};
use super::upstream::{self, KEY};
use crate::webhooks::{Receiver, until};

/// What the log says of a configuration that is in effect.
const APPLIED: &str = "the configuration was read again and is in effect";

fn write(home: &Path, toml: &str) {
    std::fs::write(home.join("proxy.toml"), toml).unwrap();
}

/// Has the configuration read again, and waits for it to be in effect, for the `nth` time.
async fn reload(served: &mut Served, nth: usize) {
    served.child.signal("HUP");
    served.child.logged_times(APPLIED, nth).await;
}

/// A provider's section.
fn provider(name: &str, kind: &str, upstream: &Running, more: &str) -> String {
    format!(
        "[provider.{name}]\nkind = \"{kind}\"\nbase_url = \"{}\"\napi_key = \"{KEY}\"\npoll_interval = \"0s\"\nrate_limit = \"off\"\n{more}",
        upstream.url()
    )
}

fn with_keys(keys: &[(&str, &str)], more: &str) -> String {
    let key = |(name, key): &(&str, &str)| format!("[clients.key.{name}]\napi_key = \"{key}\"\n");
    let keys: String = keys.iter().map(key).collect();
    format!(
        "[clients]\nmode = \"listed\"\n{keys}[provider.main]\nkind = \"sandbox\"\nbalance = \"92.50\"\n{more}"
    )
}

#[tokio::test]
async fn keys_flavour_and_rates_change_with_the_next_request() {
    let home = TempDir::new().unwrap();
    write(home.path(), &with_keys(&[("old", "key-old")], ""));
    let mut served = Program::within(home.path()).serve().await;
    let balance = "action=getBalance";
    assert_eq!(served.ask_as("key-old", balance).await, "ACCESS_BALANCE:92.50");
    let (id, _) = served.order("key-old").await;

    write(home.path(), &with_keys(&[("old", "key-old"), ("new", "key-new")], ""));
    assert_eq!(served.ask_as("key-new", balance).await, "BAD_KEY", "nobody asked for it to be read");
    reload(&mut served, 1).await;
    let left = served.ask_as("key-new", balance).await;
    assert!(
        left.starts_with("ACCESS_BALANCE:") && left != "ACCESS_BALANCE:92.50",
        "the market is the same: {left}"
    );
    let status = format!("action=getStatus&id={id}");
    assert!(served.ask_as("key-old", &status).await.starts_with("STATUS_"));
    assert_eq!(served.ask_as("key-new", &status).await, "NO_ACTIVATION");

    let flavour = "[dialect]\nflavour = \"sms-service-online\"\n[dialect.shape]\nlang = \"ignored\"\n";
    write(home.path(), &with_keys(&[("new", "key-new")], flavour));
    reload(&mut served, 2).await;
    assert_eq!(served.ask_as("key-old", balance).await, "BAD_KEY");
    let bare = served.ask_as("key-new", balance).await;
    assert_eq!(Some(bare.as_str()), left.strip_prefix("ACCESS_BALANCE:"), "in the form of another service");

    let rates = "currency = \"USD\"\n[dialect]\ncurrency = \"RUB\"\n[dialect.rates]\nUSD = \"2\"\n";
    write(home.path(), &with_keys(&[("new", "key-new")], rates));
    reload(&mut served, 3).await;
    assert_eq!(
        served.ask_as("key-new", balance).await,
        "ACCESS_BALANCE:185.00",
        "another account at twice the rate"
    );
    assert_eq!(served.child.kill().await.stderr.matches("key-").count(), 0);
}

#[tokio::test]
async fn a_broken_file_changes_nothing_and_everything_wrong_is_said() {
    let home = TempDir::new().unwrap();
    write(home.path(), &with_keys(&[("shop", "key-shop")], ""));
    let mut served = Program::within(home.path()).serve().await;
    let refused = "is not applied; the one before stays in effect";
    write(
        home.path(),
        "[server]\nlsiten = \"x\"\n[clients]\nmode = \"nobody\"\n[provider.main]\nkind = \"vak-sms\"\n",
    );
    served.child.signal("HUP");
    served.child.logged(refused).await;
    for place in ["server.lsiten", "clients.mode"] {
        served.child.logged(place).await;
    }
    write(home.path(), "[server\n");
    served.child.signal("HUP");
    served.child.logged_times(refused, 2).await;
    // What only the provider itself can judge comes too late for the check of the file.
    let odd = with_keys(&[("shop", "key-shop")], "[provider.main.services]\nno-such-code = \"tg\"\n");
    write(home.path(), &odd);
    served.child.signal("HUP");
    served.child.logged_times(refused, 3).await;
    // As if nobody had ever wanted anything else than what is built in.
    std::fs::remove_file(home.path().join("proxy.toml")).unwrap();
    served.child.signal("HUP");
    served.child.logged_times(refused, 4).await;
    served.child.logged("there is no such file now").await;
    assert_eq!(served.ask_as("key-shop", "action=getBalance").await, "ACCESS_BALANCE:92.50");
    assert_eq!(served.ask_as("other", "action=getBalance").await, "BAD_KEY");
    assert!(!served.child.kill().await.stderr.contains(APPLIED));
}

/// Whoever pays for numbers does not want made-up ones all of a sudden.
#[tokio::test]
async fn what_sells_real_numbers_does_not_become_a_sandbox() {
    let (home, upstream) = (TempDir::new().unwrap(), upstream::start("vak-sms").await);
    write(home.path(), &provider("main", "vak-sms", &upstream, ""));
    let mut served = Program::within(home.path()).serve().await;
    for other in ["", "[provider.main]\nkind = \"sandbox\"\n"] {
        write(home.path(), other);
        served.child.signal("HUP");
    }
    served.child.logged_times("none is left that sells real numbers", 1).await;
    let (_, phone) = served.order("any").await;
    assert_eq!(upstream.market().lots()[0].phone, phone);
    assert!(!served.child.kill().await.stderr.contains(APPLIED));
}

/// Of a purchase in doubt that is older than the key which an account is asked with, the account tells nothing.
#[tokio::test]
async fn a_new_account_is_noted_before_anything_is_bought_there() {
    let home = TempDir::new().unwrap();
    let (old, new) = (upstream::start("vak-sms").await, upstream::start("vak-sms").await);
    write(home.path(), &provider("main", "vak-sms", &old, ""));
    let mut served = Program::within(home.path()).serve().await;
    write(home.path(), &provider("other", "vak-sms", &new, ""));
    reload(&mut served, 1).await;
    let copy = copy_of(home.path());
    let ledger = rusqlite::Connection::open(copy.path().join("smsbridge.db")).unwrap();
    let noted = ledger.query_row("SELECT count(*) FROM accounts", [], |row| row.get::<_, i64>(0));
    assert_eq!(noted, Ok(2));
    served.child.kill().await;
}

#[tokio::test]
async fn the_environment_and_the_flags_are_layered_again() {
    let home = TempDir::new().unwrap();
    write(home.path(), &with_keys(&[("shop", "key-shop")], ""));
    let mut served =
        Program::within(home.path()).env("SMSBRIDGE_PROVIDER__MAIN__BALANCE", "7.00").serve().await;
    write(
        home.path(),
        &format!("[server]\nlisten = [\"127.0.0.1:1\"]\n{}", with_keys(&[("shop", "key-two")], "")),
    );
    reload(&mut served, 1).await;
    assert_eq!(served.ask_as("key-two", "action=getBalance").await, "ACCESS_BALANCE:7.00");
    assert!(!served.child.kill().await.stderr.contains("needs a restart"), "--listen goes above the file");
}

#[tokio::test]
async fn what_needs_a_restart_is_said_and_the_rest_is_applied() {
    let home = TempDir::new().unwrap();
    let place = |port: u16| {
        format!("[server]\nlisten = [\"127.0.0.1:{port}\"]\n[ledger]\nurl = \"sqlite:l{port}.db\"\n")
    };
    let with = |port, key| format!("{}{}", place(port), with_keys(&[("shop", key)], ""));
    write(home.path(), &with(0, "key-one"));
    let mut child = Program::within(home.path()).start();
    let addr = super::child::address(&child.said("  base URL  ").await);
    write(home.path(), &with(1, "key-two"));
    child.signal("HUP");
    child.logged(APPLIED).await;
    child.logged("server.listen has changed, which needs a restart").await;
    child.logged("ledger.url has changed, which needs a restart").await;
    assert_eq!(super::child::ask_at(addr, "key-two", "action=getBalance").await, "ACCESS_BALANCE:92.50");
    assert!(home.path().join("l0.db").exists() && !home.path().join("l1.db").exists());
}

/// Whoever is configured no longer sells nothing more, but is asked and told about what it sold.
#[tokio::test]
async fn activations_stay_with_a_provider_that_is_configured_no_longer() {
    let home = TempDir::new().unwrap();
    let (old, new) = (upstream::start("vak-sms").await, upstream::start("smsak").await);
    let receiver = Receiver::content().await;
    let hooks = format!("[webhooks]\nurls = [{:?}]\n", receiver.url("/sms"));
    write(home.path(), &format!("{}{hooks}", provider("old", "vak-sms", &old, "")));
    let mut served = Program::within(home.path()).serve().await;
    let (polled, first) = served.order("any").await;
    let (cancelled, second) = served.order("any").await;
    let (sent, third) = served.order("any").await;

    write(home.path(), &format!("{}{hooks}", provider("new", "smsak", &new, "")));
    reload(&mut served, 1).await;
    let let_message_come = |phone: &str| {
        old.market().deliver(&upstream::lot_of(&old, phone), "730915", "Your code is 730915").unwrap();
    };
    let_message_come(&first);
    assert_eq!(served.ask(&format!("action=getStatus&id={polled}")).await, "STATUS_OK:730915");
    let cancel = served.ask(&format!("action=setStatus&status=8&id={cancelled}")).await;
    assert_eq!(cancel, "ACCESS_CANCEL");
    let lot = old.market().lots().into_iter().find(|lot| lot.phone == second).unwrap();
    assert_eq!(lot.state, LotState::Cancelled, "it was told");
    let_message_come(&third);
    let posted = || receiver.posts("/sms").iter().any(|post| post.json()["activationId"] == sent);
    until("the webhook of what the removed provider sold", async || posted()).await;

    let before = old.orders();
    let (bought_after, _) = served.order("any").await;
    assert_eq!(new.orders(), 1, "{bought_after}");
    let again = served.ask(&format!("action=getExtraActivation&activationId={polled}")).await;
    assert!(!again.starts_with("ACCESS_NUMBER"), "{again}");
    assert_eq!(old.orders(), before, "nothing more is bought there");
    assert_eq!(old.violations(), Vec::<String>::new());
}

/// A key is the account's and not the provider's: what was sold under the old one is asked about with the new one.
#[tokio::test]
async fn a_new_key_is_used_for_what_is_open_too() {
    let home = TempDir::new().unwrap();
    let market = upstream::start("vak-sms").await;
    write(home.path(), &provider("main", "vak-sms", &market, ""));
    let mut served = Program::within(home.path()).serve().await;
    let (id, _) = served.order("any").await;
    let status = format!("action=getStatus&id={id}");
    write(home.path(), &provider("main", "vak-sms", &market, "").replace(KEY, "wrong"));
    reload(&mut served, 1).await;
    assert_eq!(served.ask(&status).await, "BAD_KEY");
    write(home.path(), &provider("main", "vak-sms", &market, "timeout = \"9s\"\n"));
    reload(&mut served, 2).await;
    assert_eq!(served.ask(&status).await, "STATUS_WAIT_CODE");
}

/// Orders, polls and cancels until told to stop; every answer has to be a good one. Gives the ids that were bought.
async fn load(addr: std::net::SocketAddr, stop: tokio::sync::watch::Receiver<bool>) -> Vec<(i64, String)> {
    let mut got = Vec::new();
    while !*stop.borrow() {
        let answer = attempt(addr, super::child::ORDER).await.expect("a request failed");
        let (id, phone) = bought(&answer).unwrap_or_else(|| panic!("{answer}"));
        let status = attempt(addr, &format!("action=getStatus&id={id}")).await;
        assert_eq!(status.as_deref(), Some("STATUS_WAIT_CODE"));
        if got.len() % 2 == 0 {
            let cancelled = attempt(addr, &format!("action=setStatus&status=8&id={id}")).await;
            assert_eq!(cancelled.as_deref(), Some("ACCESS_CANCEL"));
        }
        got.push((id, phone));
    }
    got
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_reloads_amidst_a_load_fail_no_request_and_lose_nothing() {
    const RELOADS: usize = 50;
    let home = TempDir::new().unwrap();
    let (one, two) = (upstream::start("vak-sms").await, upstream::start("smsak").await);
    for market in [&one, &two] {
        for (country, service) in ["vak-sms", "smsak"].map(crate::harness::telegram) {
            market.market().set_stock(&country, &service, 1_000_000);
        }
    }
    let (first, second) = (provider("one", "vak-sms", &one, ""), provider("two", "smsak", &two, ""));
    // The first gets the orders; in every third configuration the other one is not there at all.
    let configurations = [
        format!("{first}{second}"),
        format!("{second}{first}"),
        first.clone(),
        format!("{first}timeout = \"9s\"\n"),
    ];
    write(home.path(), &configurations[0]);
    let mut served = Program::within(home.path()).serve().await;
    let (stopping, stop) = tokio::sync::watch::channel(false);
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..3 {
        clients.spawn(load(served.addr, stop.clone()));
    }
    for nth in 1..=RELOADS {
        // Written whole and put in place, as an editor does.
        std::fs::write(home.path().join("next"), &configurations[nth % configurations.len()]).unwrap();
        std::fs::rename(home.path().join("next"), home.path().join("proxy.toml")).unwrap();
        reload(&mut served, nth).await;
    }
    stopping.send(true).unwrap();
    let told = clients.join_all().await.concat();
    for (id, _) in &told {
        let status = served.ask(&format!("action=getStatus&id={id}")).await;
        assert!(["STATUS_WAIT_CODE", "STATUS_CANCEL"].contains(&status.as_str()), "{id}: {status}");
    }
    served.child.signal("TERM");
    assert_eq!(served.child.end().await.code, Some(0));
    let rows = rows(home.path());
    assert_eq!(rows.len(), told.len());
    assert!(rows.iter().all(|row| row.is_settled()), "{rows:?}");
    assert_eq!(one.orders() + two.orders(), told.len() as u64);
    assert!(one.orders() > 0 && two.orders() > 0, "both sold something");
    for market in [&one, &two] {
        assert_eq!(market.violations(), Vec::<String>::new());
    }
}
