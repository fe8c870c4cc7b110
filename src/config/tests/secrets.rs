//! Keys: from where they are read, what is no key, and that none is ever shown.

use std::fs;

use super::super::{Overrides, load};
use super::{complaint, complaints, read};
use crate::domain::{KeyDigest, Secret};

const SECRET: &str = "topsecret";

fn paid_with(lines: &str) -> String {
    format!("[provider.p]\nkind = 'paid'\n{lines}\n")
}

#[test]
fn a_file_holds_the_key_and_its_last_newline() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("key"), "\u{feff}0042abc\r\n").unwrap();
    // A relative path begins where the configuration file is.
    let config = folder.path().join("proxy.toml");
    fs::write(&config, "[clients]\nmode = 'listed'\n[clients.key.shop]\napi_key_file = 'key'\n").unwrap();
    let config = load(Some(&config), std::iter::empty(), &Overrides::default()).unwrap();
    assert_eq!(config.clients.keys[0].digest, KeyDigest::of(&Secret::new("0042abc")));
    let path = folder.path().join("key");
    let env = [("SMSBRIDGE_PROVIDER__P__API_KEY_FILE", path.to_str().unwrap())];
    let config = read(&paid_with(""), &env).unwrap();
    assert_eq!(config.providers[0].api_key.as_ref().unwrap().expose(), "0042abc");
}

#[test]
fn a_file_that_is_of_no_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let about = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        complaint(&paid_with(&format!("api_key_file = '{}'", path.display())), &[])
    };
    assert!(about("empty", b" \n").ends_with("empty is empty; write the key into it"));
    assert!(about("two", b"topsecret\ntopsecret\n").contains("contains blanks or control characters"));
    assert!(about("bytes", &[0xff]).contains("bytes is not text"));
    assert!(about("long", &[b'k'; 5000]).contains("long is longer than 4096 bytes"));
    let error = complaint(&paid_with("api_key_file = '/nowhere/key'"), &[]);
    assert!(
        error.starts_with("proxy.toml: provider.p.api_key_file: the file /nowhere/key cannot be read: "),
        "{error}"
    );
}

#[test]
fn one_key_is_given_once() {
    let error = complaint(&paid_with("api_key_file = 'x'"), &[("SMSBRIDGE_PROVIDER__P__API_KEY", SECRET)]);
    assert!(
        error.contains("api_key (SMSBRIDGE_PROVIDER__P__API_KEY) and api_key_file (proxy.toml) are both set"),
        "{error}"
    );
}

#[test]
fn no_complaint_and_no_debug_print_shows_a_key() {
    let bad = format!(
        "[clients]\nmode = 'listed'\nkey.a.api_key = '{SECRET}'\nkey.b.api_key = '{SECRET}'\nkey.c = '{SECRET}'\nkey.d.api_key = 'two {SECRET}'\nkey.e.api_key = ['{SECRET}']\n[ledger]\nurl = 'postgres://u:{SECRET}@h/d'\n[provider.p]\nkind = 'paid'\nbase_url = 'https://u:{SECRET}@h'\napi_key = {{ x = '{SECRET}' }}\n"
    );
    let all = complaints(&bad, &[]);
    assert_eq!(all.len(), 7, "{all:#?}");
    assert!(!all.join("\n").contains(SECRET), "{all:#?}");
    let good = format!(
        "[clients]\nmode = 'listed'\nkey.a.api_key = '{SECRET}'\n[provider.p]\nkind = 'paid'\napi_key = '{SECRET}'\n"
    );
    let printed = format!("{:#?}", read(&good, &[]).unwrap());
    assert!(!printed.contains(SECRET), "{printed}");
}

#[test]
fn a_number_is_no_key_but_is_told_so_without_being_shown() {
    let error = complaint(&paid_with("api_key = 4815162342"), &[]);
    assert_eq!(error, "proxy.toml: provider.p.api_key: is a number; it must be a text in quotes");
}

/// The SHA-256 of `abc`, FIPS 180-4's own example.
const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[test]
fn a_clients_key_may_be_given_as_its_hash() {
    let client = |lines: &str| format!("[clients]\nmode = 'listed'\n[clients.key.a]\n{lines}\n");
    let config = read(&client(&format!("api_key_sha256 = '{}'", OF_ABC.to_uppercase())), &[]).unwrap();
    assert_eq!(config.clients.keys[0].digest, KeyDigest::of(&Secret::new("abc")));
    for bad in [SECRET, &OF_ABC[1..]] {
        let error = complaint(&client(&format!("api_key_sha256 = '{bad}'")), &[]);
        assert!(error.contains("clients.key.a.api_key_sha256: is not the SHA-256 of a key in 64"), "{error}");
        assert!(!error.contains(bad), "{error}");
    }
    let both = client(&format!("api_key = 'abc'\napi_key_sha256 = '{OF_ABC}'"));
    assert!(complaint(&both, &[]).contains("is set beside api_key or api_key_file; keep one of them"));
    // The same key is the same key, however it is written.
    let same = client(&format!("api_key = 'abc'\n[clients.key.b]\napi_key_sha256 = '{OF_ABC}'"));
    assert_eq!(
        complaint(&same, &[]),
        "proxy.toml: clients.key.b: is the same key as clients.key.a; give each client its own"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_everybody_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, SECRET).unwrap();
    for (mode, warned) in [(0o600, false), (0o640, false), (0o644, true), (0o604, true)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let named = format!("_file = '{}'", path.display());
        for text in [
            paid_with(&format!("api_key{named}")),
            format!("[clients]\nmode = 'listed'\n[clients.key.a]\napi_key{named}\n"),
            format!("[webhooks]\nsecret{named}\n"),
        ] {
            let warnings = read(&text, &[]).unwrap().warnings;
            let said = warnings.iter().any(|text| text.contains("every user of this machine can read"));
            assert_eq!(said, warned, "{mode:o} {text}: {warnings:?}");
            assert!(!warnings.join("\n").contains(SECRET));
        }
    }
}

#[cfg(unix)]
#[test]
fn a_configuration_file_with_keys_that_everybody_can_read_is_warned_of_once() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("proxy.toml");
    let hashed = format!("[clients]\nmode = 'listed'\n[clients.key.a]\napi_key_sha256 = '{OF_ABC}'\n");
    let keyed = format!(
        "[clients]\nmode = 'listed'\n[clients.key.a]\napi_key = '{SECRET}'\n[webhooks]\nsecret = '{SECRET}'\n"
    );
    for (text, mode, warned) in
        [(&keyed, 0o600, 0), (&keyed, 0o640, 0), (&keyed, 0o644, 1), (&hashed, 0o644, 0)]
    {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let warnings = load(Some(&path), std::iter::empty(), &Overrides::default()).unwrap().warnings;
        let said = warnings.iter().filter(|text| text.contains("every user of this machine can read it in"));
        assert_eq!(said.count(), warned, "{mode:o} {text}: {warnings:?}");
        assert!(!warnings.join("\n").contains(SECRET));
    }
}
