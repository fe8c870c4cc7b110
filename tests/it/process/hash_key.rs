//! `smsbridge hash-key`: what it prints is a line for the configuration, with which the key is let in.

use tempfile::TempDir;

use super::child::Program;

async fn balance_with(home: &TempDir, line: &str, key: &str) -> String {
    let toml = format!("[clients]\nmode = \"listed\"\n[clients.key.shop]\n{line}\n");
    std::fs::write(home.path().join("proxy.toml"), toml).unwrap();
    let served = Program::within(home.path()).serve().await;
    let answer = served.ask_as(key, "action=getBalance").await;
    let wrong = served.ask_as("another-key", "action=getBalance").await;
    assert_eq!(wrong, "BAD_KEY");
    answer
}

#[tokio::test]
async fn a_key_is_read_from_standard_input_and_let_in_by_its_hash() {
    let home = TempDir::new().unwrap();
    let file = home.path().join("client.key");
    std::fs::write(&file, "0123456789abcdef0123456789abcdef\n").unwrap();
    let hashed = Program::within(home.path()).args(&["hash-key"]).reading(&file).end().await;
    assert_eq!((hashed.code, hashed.stderr.as_str()), (Some(0), ""));
    assert!(!hashed.stdout.contains("0123456789abcdef"), "{}", hashed.stdout);
    let answer = balance_with(&home, hashed.stdout.trim(), "0123456789abcdef0123456789abcdef").await;
    assert_eq!(answer, "ACCESS_BALANCE:1000.00");
    let shown = Program::within(home.path()).args(&["check"]).end().await.stdout;
    assert!(shown.contains("api_key = \"***\"  # api_key_sha256, proxy.toml"), "{shown}");
}

#[tokio::test]
async fn a_new_key_comes_with_its_hash() {
    let home = TempDir::new().unwrap();
    let made = Program::within(home.path()).args(&["hash-key", "--new"]).end().await;
    let lines: Vec<_> = made.stdout.lines().collect();
    let [told, line] = lines[..] else { panic!("{}", made.stdout) };
    let key = told.rsplit(' ').next().unwrap();
    assert_eq!(key.len(), 32);
    assert_eq!(balance_with(&home, line, key).await, "ACCESS_BALANCE:1000.00");
    // Both lines can be pasted as they are.
    assert_eq!(balance_with(&home, &made.stdout, key).await, "ACCESS_BALANCE:1000.00");
}

#[tokio::test]
async fn what_is_no_key_is_refused_and_no_key_is_an_argument() {
    let home = TempDir::new().unwrap();
    let file = home.path().join("client.key");
    std::fs::write(&file, "two words\n").unwrap();
    let run = |args: &[&str]| Program::within(home.path()).args(args).reading(&file).end();
    let refused = run(&["hash-key"]).await;
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(!refused.stderr.contains("two words"), "{}", refused.stderr);
    assert_eq!(run(&["hash-key", "topsecret"]).await.code, Some(2));
}
