//! Currencies without a rate: an account's ends the start, an old number's is warned of.

use tempfile::TempDir;

use super::child::Program;

const DOLLARS: &str = "[provider.main]\nkind = \"sandbox\"\ncurrency = \"USD\"\n";

#[tokio::test]
async fn an_account_without_a_rate_ends_check_and_start_with_what_to_set() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("proxy.toml"), DOLLARS).unwrap();
    for args in [&["check"][..], &["--listen", "127.0.0.1:0"]] {
        let ended = Program::within(home.path()).args(args).end().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{args:?}");
        let told =
            ["proxy.toml", "dialect.rates.USD", "[provider.main]", "in USD", "in RUB", "USD = \"92.50\""];
        assert!(told.iter().all(|part| ended.stderr.contains(part)), "{args:?}: {}", ended.stderr);
    }
    let rated = [("SMSBRIDGE_DIALECT__RATES__USD", "92.50")];
    let ended = Program::within(home.path()).args(&["check"]).env(rated[0].0, rated[0].1).end().await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let line = "USD = \"92.50\"  # SMSBRIDGE_DIALECT__RATES__USD";
    assert!(ended.stdout.contains(&format!("[dialect.rates]\n{line}\n")), "{}", ended.stdout);
}

#[tokio::test]
async fn open_numbers_whose_currency_lost_its_rate_are_warned_of_at_the_start() {
    let home = TempDir::new().unwrap();
    let file = home.path().join("proxy.toml");
    let rated = format!("{DOLLARS}[dialect.rates]\nUSD = \"92.50\"\n");
    for (toml, warned) in [(rated.as_str(), false), (rated.as_str(), false), ("", true)] {
        std::fs::write(&file, toml).unwrap();
        let served = Program::within(home.path()).serve().await;
        served.order("any").await;
        let said = served.child.kill().await.stderr;
        assert_eq!(said.matches("charged in USD").count(), usize::from(warned), "{toml}: {said}");
    }
}
