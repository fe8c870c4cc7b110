//! A ready certificate: what is refused, and that its files are followed.

use std::path::PathBuf;
use std::sync::Arc;

use super::super::{Ready, read_pair};

struct Pair {
    _folder: tempfile::TempDir,
    cert: PathBuf,
    key: PathBuf,
}

fn pair() -> Pair {
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let made = rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap();
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    Pair { _folder: folder, cert, key }
}

#[test]
fn what_does_not_belong_together_is_refused_with_a_word_on_what_would() {
    let (one, other) = (pair(), pair());
    read_pair(&one.cert, &one.key).unwrap();
    for (cert, key, right) in [
        (&one.cert, &other.key, "name the two that belong together"),
        (&one.key, &one.cert, "holds no certificate"),
        (&one.cert, &one.cert, "holds no private key"),
        (&PathBuf::from("/nowhere/cert.pem"), &one.key, "/nowhere/cert.pem cannot be read"),
    ] {
        let error = read_pair(cert, key).unwrap_err().to_string();
        assert!(error.contains(right), "{error}");
    }
}

#[test]
fn a_new_one_is_used_as_soon_as_both_its_files_are_there() {
    let (one, other) = (pair(), pair());
    let ready = Ready::read(&one.cert, &one.key).unwrap();
    let first = ready.current();
    assert!(Arc::ptr_eq(&first, &ready.current()));
    std::fs::copy(&other.cert, &one.cert).unwrap();
    assert!(Arc::ptr_eq(&first, &ready.current()), "its key is not there yet");
    std::fs::copy(&other.key, &one.key).unwrap();
    assert_ne!(ready.current().cert, first.cert);
    std::fs::remove_file(&one.cert).unwrap();
    assert_ne!(ready.current().cert, first.cert, "what was read is not forgotten");
}
