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
