//! The local CA in the machine's real trust stores, changed by the real programs: inside namespaces, without a network, where
//! `/etc` and the folder of certificates are copies. What is put in is trusted, and what is taken out leaves every
//! file as it was.

use std::path::Path;
use std::process::Command;

/// Copies in place of what would be changed, seen by this process and its children alone. The system's own file is
/// made anew first, since an administrator may have changed it by hand.
const COPIES: &str = r#"
set -e
mount --make-rprivate /
for place in /etc /usr/local/share/ca-certificates; do
    mkdir -p "$WORK/copy$place"
    cp -a "$place/." "$WORK/copy$place"
    mount --bind "$WORK/copy$place" "$place"
done
# Debian's hook for Java goes through its package manager, which remembers in /var and would go on outside of this.
rm -f /etc/ca-certificates/update.d/*
update-ca-certificates --fresh > /dev/null 2>&1
cd "$WORK"
sums() { find /etc/ssl /usr/local/share/ca-certificates -path /etc/ssl/certs/java -prune -o -type f -print -o -type l -print | sort | while read -r file; do
    if [ -L "$file" ]; then echo "$file $(readlink "$file")"; else sha256sum "$file"; fi; done; }
"#;

const ROUND: &str = r#"
"$SMSBRIDGE" ca init
sums > before
"$SMSBRIDGE" ca install | tee installed
"$SMSBRIDGE" ca install > again
openssl verify smsbridge-ca/ca.pem
"$SMSBRIDGE" ca uninstall | tee removed
"$SMSBRIDGE" ca uninstall > removed-again
sums > after
cmp before after
! openssl verify smsbridge-ca/ca.pem 2> /dev/null
"#;

const NSS: &str = r#"
export HOME="$WORK/home"
mkdir -p "$HOME/.pki/nssdb"
certutil -N -d "sql:$HOME/.pki/nssdb" --empty-password
listed() { certutil -L -d "sql:$HOME/.pki/nssdb"; }
listed > nss-before
"$SMSBRIDGE" ca init > /dev/null
"$SMSBRIDGE" ca install | grep 'nssdb: installed'
certutil -V -u L -d "sql:$HOME/.pki/nssdb" -n "$(listed | grep -o 'smsbridge local CA [0-9a-f]*')"
listed | grep 'smsbridge local CA' | grep 'C,,'
"$SMSBRIDGE" ca init --renew > /dev/null
"$SMSBRIDGE" ca install | grep 'nssdb: installed'
[ "$(listed | grep -c 'smsbridge local CA')" = 1 ]
"$SMSBRIDGE" ca uninstall | grep 'nssdb: removed'
listed | cmp - nss-before
"#;

const JAVA: &str = r#"
listed() { keytool -list -cacerts -storepass changeit 2> /dev/null | grep trustedCertEntry | cut -d, -f1 | sort; }
listed > java-before
"$SMSBRIDGE" ca init > /dev/null
"$SMSBRIDGE" ca install | grep -E 'Java cacerts: (installed|there)'
"$SMSBRIDGE" ca install | grep 'Java cacerts: there'
[ "$(listed | wc -l)" -gt "$(wc -l < java-before)" ]
"$SMSBRIDGE" ca uninstall
listed | cmp - java-before
"$SMSBRIDGE" ca export --format p12 --out trust.p12
keytool -list -keystore trust.p12 -storepass changeit | grep trustedCertEntry
"$SMSBRIDGE" ca env | grep JAVA_TOOL_OPTIONS
roots=$(listed | wc -l)
[ "$(keytool -list -keystore smsbridge-ca/java-cacerts -storepass changeit | grep -c trustedCertEntry)" = $((roots + 1)) ]
"#;

#[test]
fn what_is_put_into_the_systems_store_is_trusted_and_leaves_no_trace() {
    let Some(said) = in_a_namespace(ROUND, &["update-ca-certificates", "openssl"]) else { return };
    assert!(said.file("installed").contains("system store (Debian): installed"), "{}", said.all);
    assert!(said.file("again").contains("system store (Debian): there"), "{}", said.all);
    assert!(said.file("removed").contains("system store (Debian): removed"), "{}", said.all);
    assert!(said.file("removed-again").contains("system store (Debian): not there"), "{}", said.all);
}

#[test]
fn a_browsers_database_trusts_it_for_servers_until_it_is_taken_out() {
    in_a_namespace(NSS, &["certutil"]);
}

#[test]
fn javas_store_trusts_it_until_it_is_taken_out() {
    in_a_namespace(JAVA, &["keytool"]);
}

pub(super) struct Said {
    all: String,
    folder: tempfile::TempDir,
}

impl Said {
    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }
}

/// What the commands say; they fail with the first that does. `None`, loudly, where this machine cannot run them.
pub(super) fn in_a_namespace(commands: &str, needed: &[&str]) -> Option<Said> {
    let present = |name: &&str| {
        ["/usr/bin", "/usr/sbin", "/bin", "/sbin"].iter().any(|folder| Path::new(folder).join(name).exists())
    };
    if let Some(missing) = needed.iter().find(|name| !present(name)) {
        return skip(&format!("there is no {missing}"));
    }
    let allowed = Command::new("unshare").args(["-mn", "mount", "--make-rprivate", "/"]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        return skip("mount namespaces are not allowed here");
    }
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("unshare")
        .args(["-mn", "sh", "-c", &format!("{COPIES}{commands}")])
        .env("WORK", folder.path())
        .env("HOME", folder.path())
        .env("SMSBRIDGE", env!("CARGO_BIN_EXE_smsbridge"))
        .env_remove("SUDO_UID")
        .env_remove("JAVA_HOME")
        .output()
        .unwrap();
    let all =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{all}");
    Some(Said { all, folder })
}

fn skip(why: &str) -> Option<Said> {
    crate::harness::skip(&format!("{why}, so no real trust store was changed"));
    None
}
