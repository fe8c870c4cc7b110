//! `smsbridge diff`: two APIs of one account, side by side. It asks, and never buys.

use std::path::Path;

use smsbridge::mock::Running;
use tempfile::TempDir;

use super::child::{Ended, Program};
use super::upstream::{self, KEY};

/// Two providers, the native API and a compatible one.
fn configure(folder: &Path, left: &str, right: &str, keys: [&str; 2]) {
    let section = |name: &str, kind: &str, url: &str, key: &str| {
        format!("[provider.{name}]\nkind = \"{kind}\"\nbase_url = \"{url}\"\napi_key = \"{key}\"\n")
    };
    let [one, two] = keys;
    let text = section("native", "vak-sms", left, one) + &section("other", "sms-activate", right, two);
    std::fs::write(folder.join("proxy.toml"), text).unwrap();
}

async fn diff(folder: &Path, args: &[&str]) -> Ended {
    Program::within(folder).args(&["diff"]).args(args).end().await
}

/// Both sides of one market, as far as the questions about `tg` in Russia go.
async fn two() -> (Running, Running, TempDir) {
    let (left, right) = (upstream::start("vak-sms").await, upstream::start("sms-activate").await);
    for (side, country) in [(&left, "ru"), (&right, "0")] {
        side.market().set_stock(country, "tg", 7);
        side.market().set_price(country, "tg", "12.50".parse().unwrap());
    }
    let home = TempDir::new().unwrap();
    configure(home.path(), &left.url(), &right.url(), [KEY, KEY]);
    (left, right, home)
}

/// What the report says below a question.
fn below(report: &str, title: &str) -> String {
    let lines = report.lines().skip_while(|line| !line.starts_with(title));
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_is_the_same_on_both_sides_is_no_difference() {
    let (_left, right, home) = two().await;
    let url = right.url();
    let text = format!(
        "[provider.a]\nkind = \"sms-activate\"\nbase_url = \"{url}\"\napi_key = \"{KEY}\"\n\
         [provider.b]\nkind = \"sms-activate\"\nbase_url = \"{url}\"\napi_key = \"{KEY}\"\n"
    );
    std::fs::write(home.path().join("proxy.toml"), text).unwrap();
    let ended = diff(home.path(), &["--with", "b", "--country", "0", "--country", "1"]).await;
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    for title in ["balance", "countries", "prices in country 0", "stock in country 1"] {
        assert_eq!(below(&ended.stdout, title), format!("{title}: the same"), "{}", ended.stdout);
    }
    assert!(ended.stdout.ends_with("both say the same\n"), "{}", ended.stdout);
}

#[tokio::test]
async fn what_differs_stands_side_by_side_and_is_the_exit_code() {
    let (left, right, home) = two().await;
    let ended = diff(home.path(), &["--provider", "native", "--with", "other"]).await;
    assert_eq!(ended.code, Some(1), "the catalogs of the two differ: {}", ended.stderr);
    assert!(!below(&ended.stdout, "prices in country 0").contains("0.tg"), "{}", ended.stdout);
    assert_eq!(below(&ended.stdout, "balance"), "balance: the same");

    right.market().set_price("0", "tg", "13".parse().unwrap());
    left.market().set_stock("ru", "tg", 6);
    let ended = diff(home.path(), &["--provider", "native", "--with", "other"]).await;
    let rows = |title: &str| {
        let text = below(&ended.stdout, title);
        let row = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        text.lines()
            .map(row)
            .filter(|row| row.first().is_some_and(|path| path.contains("tg")))
            .collect::<Vec<_>>()
    };
    let row = |words: [&str; 3]| words.map(str::to_owned).to_vec();
    assert_eq!(
        rows("prices in country 0"),
        [row(["0.tg.cost", "12.5", "13"]), row(["0.tg.count", "6", "7"])],
        "{}",
        ended.stdout
    );
    assert_eq!(rows("stock in country 0"), [row(["tg_0", "6", "7"])], "{}", ended.stdout);
    for side in [left, right] {
        assert!(side.market().lots().is_empty(), "it bought something");
        assert_eq!(side.violations(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_state_of_an_activation_is_asked_by_the_providers_own_id() {
    let (_left, right, home) = two().await;
    let ended = diff(home.path(), &["--with", "other", "--id", "4711"]).await;
    assert_eq!(below(&ended.stdout, "state of the activation"), "state of the activation: the same");
    let order = format!("/stubs/handler_api.php?api_key={KEY}&action=getNumber&service=tg&country=0");
    let sold = crate::harness::get(right.addr, &order, &[]).await.body;
    let id = sold.split(':').nth(1).unwrap();
    let ended = diff(home.path(), &["--with", "other", "--id", id]).await;
    let seen = below(&ended.stdout, "state of the activation");
    assert!(seen.contains("NO_ACTIVATION") && seen.ends_with("STATUS_WAIT_CODE"), "{seen}");
}

#[tokio::test]
async fn a_side_that_cannot_be_asked_is_named_and_is_no_agreement() {
    let (left, right, home) = two().await;
    configure(home.path(), &left.url(), &right.url(), [KEY, "wrong"]);
    let ended = diff(home.path(), &["--with", "other"]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stdout);
    let gap = below(&ended.stdout, "balance");
    assert!(gap.starts_with("balance: not compared\n  other (sms-activate): BAD_KEY"), "{gap}");
    assert!(!ended.stdout.contains(KEY) && !ended.stderr.contains(KEY));
}

#[tokio::test]
async fn what_cannot_be_compared_is_said_with_what_can() {
    let (_left, _right, home) = two().await;
    let says = |ended: Ended| {
        assert_eq!(ended.code, Some(2), "{}", ended.stdout);
        ended.stderr
    };
    let says_of = async |args: &[&str]| says(diff(home.path(), args).await);
    assert!(says_of(&["--provider", "nativ"]).await.contains("there are native, other"));
    assert!(says_of(&["--provider", "other"]).await.contains("which has one API only"));
    std::fs::write(home.path().join("proxy.toml"), "").unwrap();
    assert!(says_of(&[]).await.contains("kind \"sandbox\""));
}
