//! `smsbridge hosts`: the lines for other machines, and a hosts file with them and without.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::child::{Ended, Program};

struct Ground {
    home: TempDir,
}

impl Ground {
    fn with(content: &str) -> Self {
        let ground = Self { home: TempDir::new().unwrap() };
        std::fs::write(ground.hosts(), content).unwrap();
        ground
    }

    fn hosts(&self) -> PathBuf {
        self.home.path().join("hosts")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.hosts()).unwrap()
    }

    async fn run(&self, args: &[&str]) -> Ended {
        Program::within(self.home.path()).args(&["hosts"]).args(args).end().await
    }

    async fn on_file(&self, job: &str) -> Ended {
        self.run(&[job, "--file", "hosts"]).await
    }
}

const FILE: &str = "127.0.0.1\tlocalhost\r\n10.0.0.1 api.sms-activate.org\r\n# the end";

#[tokio::test]
async fn the_lines_are_for_this_machine_or_for_another() {
    let ground = Ground::with("");
    let here = ground.run(&["show"]).await;
    assert_eq!((here.code, here.stderr.as_str()), (Some(0), ""));
    assert_eq!(here.stdout.lines().count(), 14, "{}", here.stdout);
    assert!(here.stdout.contains("\n127.0.0.1 api.sms-activate.org\n"), "{}", here.stdout);
    let toml = "[server]\nlisten = ['127.0.0.1:80', '[::1]:80']\n[redirect]\nhosts = ['Smshub.org']\n";
    std::fs::write(ground.home.path().join("proxy.toml"), toml).unwrap();
    let both = ground.run(&["show"]).await.stdout;
    assert_eq!(both.lines().count(), 28, "{both}");
    assert!(both.contains("\n::1 smshub.org\n"), "{both}");
    let there = ground.run(&["show", "--address", "10.1.2.3"]).await.stdout;
    assert_eq!(there.lines().count(), 15, "{there}");
    assert!(there.contains("\n10.1.2.3 smshub.org\n") && !there.contains("127.0.0.1"), "{there}");
    let wrong = ground.run(&["show", "--address", "proxy.example"]).await;
    assert!(wrong.code != Some(0) && wrong.stderr.contains("--address"), "{}", wrong.stderr);
}

#[tokio::test]
async fn a_file_is_the_same_to_the_byte_afterwards() {
    let ground = Ground::with(FILE);
    let first = ground.on_file("install").await;
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(first.stdout.contains("12 names lead to 127.0.0.1 now; as it was before: "), "{}", first.stdout);
    assert!(first.stderr.starts_with("line 2 of it"), "{}", first.stderr);
    let text = ground.text();
    assert!(text.starts_with(FILE) && text.contains("\r\n127.0.0.1 sms-activate.ru\r\n"), "{text}");
    let again = ground.on_file("install").await;
    assert!(again.stdout.contains("already") && !again.stdout.contains("before"), "{}", again.stdout);
    assert_eq!(ground.text(), text);
    let removed = ground.on_file("remove").await;
    assert_eq!((removed.code, removed.stderr.as_str()), (Some(0), ""));
    assert_eq!(ground.text(), FILE);
    let nothing = ground.on_file("remove").await;
    assert_eq!(nothing.code, Some(0));
    assert!(nothing.stdout.contains("no lines of smsbridge"), "{}", nothing.stdout);
    assert_eq!(std::fs::read_dir(ground.home.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn taking_out_needs_no_configuration() {
    let ground = Ground::with(FILE);
    ground.on_file("install").await;
    std::fs::write(ground.home.path().join("proxy.toml"), "[sever]\n").unwrap();
    assert_eq!(ground.on_file("install").await.code, Some(1));
    assert_eq!(ground.on_file("remove").await.code, Some(0));
    assert_eq!(ground.text(), FILE);
}

#[tokio::test]
async fn half_a_pair_of_markers_is_refused() {
    let file = "a\n# smsbridge end\n";
    let ground = Ground::with(file);
    for job in ["install", "remove"] {
        let ended = ground.on_file(job).await;
        assert_eq!(ended.code, Some(1));
        assert!(ended.stderr.contains("hosts: line 2 ends smsbridge's lines"), "{}", ended.stderr);
    }
    assert_eq!(ground.text(), file);
}

#[cfg(unix)]
#[tokio::test]
async fn without_rights_it_says_what_to_run() {
    let ground = Ground::with(FILE);
    open_to_all(ground.home.path());
    let Some(nobody) = Program::as_nobody(ground.home.path()) else {
        crate::harness::skip("nobody without rights can be had here");
        return;
    };
    let ended = nobody.args(&["hosts", "install", "--file", "hosts"]).end().await;
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("permission denied; run `sudo smsbridge hosts install`"),
        "{}",
        ended.stderr
    );
    assert_eq!(ground.text(), FILE);
    assert_eq!(std::fs::read_dir(ground.home.path()).unwrap().count(), 1);
}

/// To look into, not to write into.
#[cfg(unix)]
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}
