//! Stores over an injected root, with programs that write down how they were called. What real programs make of it is
//! tested with the whole program.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;

use super::{Home, Line, Machine, Outcome, System, install, state, uninstall};
use crate::ca::{Authority, Certificate};

/// A machine in a folder.
struct Fake {
    folder: tempfile::TempDir,
    machine: Machine,
}

impl Fake {
    fn new(system: System) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (root, bin, home) =
            (folder.path().join("root"), folder.path().join("bin"), folder.path().join("home"));
        for folder in [&root, &bin, &home] {
            fs::create_dir(folder).unwrap();
        }
        let homes = vec![Home { path: home, run_as: None }];
        let machine = Machine { system, root, path: vec![bin], homes, java_home: None };
        Self { folder, machine }
    }

    /// A program that writes its arguments down and then does what `body` says.
    fn program(&self, name: &str, body: &str) {
        let path = self.machine.path[0].join(name);
        let said = self.folder.path().join("said").display().to_string();
        let root = self.machine.root.display().to_string();
        let text = format!("#!/bin/sh\nroot='{root}'\necho \"{name} $*\" >> '{said}'\n{body}\n");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// How programs were called since this was asked last.
    fn calls(&self) -> Vec<String> {
        let path = self.folder.path().join("said");
        let said = fs::read_to_string(&path).unwrap_or_default();
        let _ = fs::remove_file(path);
        said.lines().map(str::to_owned).collect()
    }

    /// Debian's folders, and a program that does as Debian's.
    fn debian(&self) -> PathBuf {
        fs::create_dir_all(self.machine.root.join("etc/ssl/certs")).unwrap();
        fs::create_dir_all(self.machine.root.join("usr/local/share/ca-certificates")).unwrap();
        fs::write(self.machine.root.join("base"), "").unwrap();
        self.program(
            "update-ca-certificates",
            "cat $root/base $(find $root/usr/local/share/ca-certificates -name '*.crt') > $root/etc/ssl/certs/ca-certificates.crt",
        );
        self.machine.root.join("usr/local/share/ca-certificates/smsbridge.crt")
    }

    /// A database of NSS, and a program that keeps certificates as files in it, by nickname.
    fn nss(&self) -> PathBuf {
        let folder = self.machine.homes[0].path.join(".pki/nssdb");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("cert9.db"), "").unwrap();
        self.program(
            "certutil",
            r#"
            for last in "$@"; do :; done; db="${last#sql:}"
            nick=""; prev=""; for arg in "$@"; do [ "$prev" = "-n" ] && nick="$arg"; prev="$arg"; done
            case "$1" in
                -A) cat > "$db/$nick.crt" ;;
                -D) rm "$db/$nick.crt" ;;
                -L) if [ -n "$nick" ]; then cat "$db/$nick.crt"; else
                    echo; echo "Somebody else's CA                C,,"
                    for file in "$db"/*.crt; do [ -e "$file" ] && echo "$(basename "$file" .crt)      C,,  "; done; true; fi ;;
            esac"#,
        );
        folder
    }
}

fn ca(folder: &Path) -> Certificate {
    let names = ["sms-activate.org".to_owned()];
    Authority::renew(folder, &names, Timestamp::now()).unwrap().certificate().clone()
}

fn outcomes(lines: &[Line]) -> Vec<&Outcome> {
    lines.iter().map(|line| &line.outcome).collect()
}

#[test]
fn debians_store_is_filled_once_and_emptied_wholly() {
    let fake = Fake::new(System::Linux);
    let file = fake.debian();
    let certificate = ca(fake.folder.path());
    let first = |lines: Vec<Line>| lines.into_iter().next().unwrap();
    assert_eq!(first(state(&certificate, &fake.machine)).outcome, Outcome::NotThere);
    let line = first(install(&certificate, &fake.machine));
    assert_eq!(line.to_string(), "system store (Debian): installed");
    assert_eq!(fs::read_to_string(&file).unwrap(), certificate.pem());
    assert_eq!(fake.calls(), ["update-ca-certificates "]);
    assert_eq!(first(install(&certificate, &fake.machine)).outcome, Outcome::There);
    assert_eq!(first(state(&certificate, &fake.machine)).outcome, Outcome::There);
    assert_eq!(fake.calls(), [""; 0]);
    assert_eq!(first(uninstall(&fake.machine)).outcome, Outcome::Removed);
    assert!(!file.exists());
    assert_eq!(fake.calls(), ["update-ca-certificates --fresh"]);
    assert_eq!(first(uninstall(&fake.machine)).outcome, Outcome::NotThere);
    assert_eq!(fake.calls(), [""; 0]);
}

#[test]
fn an_older_ca_of_ours_is_replaced_and_somebody_elses_file_is_not() {
    let fake = Fake::new(System::Linux);
    let file = fake.debian();
    let (old, new) = (ca(fake.folder.path()), ca(fake.folder.path()));
    install(&old, &fake.machine);
    fake.calls();
    assert_eq!(install(&new, &fake.machine)[0].outcome, Outcome::Installed);
    assert_eq!(fs::read_to_string(&file).unwrap(), new.pem());
    let calls = ["update-ca-certificates --fresh", "update-ca-certificates "];
    assert_eq!(fake.calls(), calls, "what was made of the old one goes before the new one comes");
    fs::write(&file, "mine").unwrap();
    for lines in [install(&new, &fake.machine), uninstall(&fake.machine)] {
        assert!(
            matches!(&lines[0].outcome, Outcome::Failed(said) if said.contains("is not ours")),
            "{lines:?}"
        );
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn what_an_interrupted_removal_left_is_removed_the_next_time() {
    let fake = Fake::new(System::Linux);
    let file = fake.debian();
    let certificate = ca(fake.folder.path());
    install(&certificate, &fake.machine);
    fs::remove_file(&file).unwrap();
    assert_eq!(uninstall(&fake.machine)[0].outcome, Outcome::Removed);
    assert_eq!(state(&certificate, &fake.machine)[0].outcome, Outcome::NotThere);
}

#[test]
fn a_program_that_does_nothing_or_fails_is_no_success() {
    let fake = Fake::new(System::Linux);
    fake.debian();
    let certificate = ca(fake.folder.path());
    fake.program("update-ca-certificates", "true");
    let said = install(&certificate, &fake.machine)[0].to_string();
    assert!(said.contains("did not put it into"), "{said}");
    fake.program("update-ca-certificates", "echo 'cannot: Permission denied' >&2; exit 1");
    let line = &install(&certificate, &fake.machine)[0];
    assert_eq!(line.to_string(), "system store (Debian): needs rights: run sudo smsbridge ca install");
    fake.program("update-ca-certificates", "echo 'out of luck' >&2; exit 1");
    let said = install(&certificate, &fake.machine)[0].to_string();
    assert!(said.ends_with("update-ca-certificates: out of luck"), "{said}");
}

#[test]
fn databases_of_browsers_are_filled_once_and_only_ours_goes() {
    let fake = Fake::new(System::Linux);
    let folder = fake.nss();
    let (old, new) = (ca(fake.folder.path()), ca(fake.folder.path()));
    install(&old, &fake.machine);
    fake.calls();
    let lines = install(&new, &fake.machine);
    assert_eq!(outcomes(&lines), [&Outcome::NoStore, &Outcome::Installed, &Outcome::NoStore]);
    assert_eq!(lines[1].store, format!("NSS {}", folder.display()));
    let database = format!("-d sql:{}", folder.display());
    let calls = fake.calls();
    assert!(calls.contains(&format!("certutil -D -n {} {database}", old.name())), "{calls:#?}");
    assert!(calls.contains(&format!("certutil -A -a -t C,, -n {} {database}", new.name())), "{calls:#?}");
    assert_eq!(install(&new, &fake.machine)[1].outcome, Outcome::There);
    assert_eq!(state(&old, &fake.machine)[1].outcome, Outcome::NotThere);
    assert_eq!(uninstall(&fake.machine)[1].outcome, Outcome::Removed);
    let deleted: Vec<String> = fake.calls().into_iter().filter(|call| call.contains(" -D ")).collect();
    assert_eq!(deleted, [format!("certutil -D -n {} {database}", new.name())]);
    assert_eq!(uninstall(&fake.machine)[1].outcome, Outcome::NotThere);
}

/// A program that keeps certificates as files, by alias, and prints them as Java's does; what it says of the machine's
/// own store is what it says of any.
const KEYTOOL: &str = r#"
mkdir -p "$root/java"
alias=""; prev=""; for arg in "$@"; do [ "$prev" = "-alias" ] && alias="$arg"; prev="$arg"; done
case "$1" in
    -importcert) cat > "$root/java/$alias" ;;
    -delete) rm "$root/java/$alias" ;;
    -exportcert) cat "$root/java/$alias" ;;
    -list) for file in "$root"/java/*; do
        [ -e "$file" ] || continue
        echo "$(basename "$file"), Jan 1, 2026, trustedCertEntry,"
        echo "Certificate fingerprint (SHA-256): $(cat "$root/prints/$(cksum < "$file" | tr ' ' -)")"
    done ;;
esac"#;

#[test]
fn javas_store_has_the_latest_of_ours_and_keeps_what_is_not() {
    let fake = Fake::new(System::Linux);
    fake.program("keytool", KEYTOOL);
    let (java, prints) = (fake.machine.root.join("java"), fake.machine.root.join("prints"));
    fs::create_dir_all(&java).unwrap();
    fs::create_dir(&prints).unwrap();
    let (old, new) = (ca(fake.folder.path()), ca(fake.folder.path()));
    for certificate in [&old, &new] {
        let file = fake.folder.path().join("one");
        fs::write(&file, certificate.pem()).unwrap();
        let sum = Command::new("cksum").stdin(fs::File::open(&file).unwrap()).output().unwrap().stdout;
        let name = String::from_utf8(sum).unwrap().trim().replace(' ', "-");
        fs::write(prints.join(name), certificate.fingerprint()).unwrap();
    }
    let held = || {
        let names =
            fs::read_dir(&java).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect::<BTreeSet<_>>()
    };
    let alias =
        |certificate: &Certificate| format!("smsbridge-{}", certificate.name().rsplit(' ').next().unwrap());
    let outcome = |lines: Vec<Line>| lines.last().unwrap().outcome.clone();
    // Somebody's own under a name like ours, and one that Debian's tools carried over from the system's store.
    fs::write(java.join("smsbridge-notes"), "mine").unwrap();
    fs::write(java.join("debian:smsbridge.pem"), old.pem()).unwrap();
    assert_eq!(outcome(install(&old, &fake.machine)), Outcome::There, "it is trusted by whatever name");
    assert_eq!(outcome(install(&new, &fake.machine)), Outcome::Installed);
    assert_eq!(held(), BTreeSet::from([alias(&new), "smsbridge-notes".to_owned()]), "the old one is gone");
    assert_eq!(outcome(state(&new, &fake.machine)), Outcome::There);
    assert_eq!(outcome(state(&old, &fake.machine)), Outcome::NotThere);
    assert_eq!(outcome(uninstall(&fake.machine)), Outcome::Removed);
    assert_eq!(held(), BTreeSet::from(["smsbridge-notes".to_owned()]));
    assert_eq!(outcome(uninstall(&fake.machine)), Outcome::NotThere);
}

#[test]
fn without_its_program_a_database_is_named_with_what_to_do() {
    let fake = Fake::new(System::Linux);
    fake.nss();
    fs::remove_file(fake.machine.path[0].join("certutil")).unwrap();
    let line = &install(&ca(fake.folder.path()), &fake.machine)[1];
    assert!(line.outcome.is_trouble());
    assert!(line.to_string().contains("apt install libnss3-tools"), "{line}");
}

#[test]
fn each_profile_of_firefox_is_a_store() {
    let fake = Fake::new(System::Linux);
    fake.nss();
    for profile in [".mozilla/firefox/a b.default", "snap/firefox/common/.mozilla/firefox/x.default"] {
        let folder = fake.machine.homes[0].path.join(profile);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("cert9.db"), "").unwrap();
    }
    fs::create_dir_all(fake.machine.homes[0].path.join(".mozilla/firefox/no-database")).unwrap();
    let lines = install(&ca(fake.folder.path()), &fake.machine);
    let stores: Vec<&str> = lines.iter().map(|line| line.store.rsplit('/').next().unwrap()).collect();
    assert_eq!(stores, ["system store", "nssdb", "a b.default", "x.default", "Java cacerts"]);
    assert_eq!(lines.iter().filter(|line| line.outcome == Outcome::Installed).count(), 3, "{lines:#?}");
}

#[test]
fn macos_is_asked_in_its_own_words() {
    let fake = Fake::new(System::Mac);
    let chain = fake.machine.root.join("chain");
    let body = r#"
        case "$1" in
            find-certificate) [ -s "$root/chain" ] && cat "$root/chain" ;;
            add-trusted-cert) for last in "$@"; do :; done; cat "$last" > "$root/chain" ;;
            delete-certificate) rm "$root/chain" ;;
        esac"#;
    fake.program("security", body);
    let certificate = ca(fake.folder.path());
    assert_eq!(install(&certificate, &fake.machine)[0].outcome, Outcome::Installed);
    assert_eq!(fs::read_to_string(&chain).unwrap(), certificate.pem());
    let added = fake.calls().pop().unwrap();
    assert!(added.starts_with("security add-trusted-cert -d -r trustRoot -p ssl -k "), "{added}");
    assert!(!Path::new(added.rsplit(' ').next().unwrap()).exists(), "it left a file behind");
    assert_eq!(install(&certificate, &fake.machine)[0].outcome, Outcome::There);
    fake.calls();
    assert_eq!(uninstall(&fake.machine)[0].outcome, Outcome::Removed);
    let hash = certificate.fingerprint().replace(':', "");
    let deleted = fake.calls().pop().unwrap();
    assert!(deleted.starts_with(&format!("security delete-certificate -t -Z {hash} ")), "{deleted}");
    assert_eq!(uninstall(&fake.machine)[0].outcome, Outcome::NotThere);
}

#[test]
fn windows_is_asked_in_its_own_words() {
    let fake = Fake::new(System::Windows);
    let certificate = ca(fake.folder.path());
    let body = format!(
        r#"
        case "$1 $3" in
            "-store ") [ -e "$root/has" ] && echo "Subject: CN={}, O=smsbridge"; true ;;
            "-store "*) [ -e "$root/has" ] ;;
            "-addstore "*) touch "$root/has" ;;
            "-delstore "*) rm "$root/has" ;;
        esac"#,
        certificate.name()
    );
    fake.program("certutil", &body);
    let lines = install(&certificate, &fake.machine);
    assert_eq!(outcomes(&lines), [&Outcome::Installed, &Outcome::NoStore]);
    assert!(fake.calls().pop().unwrap().starts_with("certutil -addstore -f Root "));
    assert_eq!(install(&certificate, &fake.machine)[0].outcome, Outcome::There);
    fake.calls();
    assert_eq!(uninstall(&fake.machine)[0].outcome, Outcome::Removed);
    assert_eq!(fake.calls().pop().unwrap(), format!("certutil -delstore Root {}", certificate.name()));
    assert_eq!(uninstall(&fake.machine)[0].outcome, Outcome::NotThere);
}
