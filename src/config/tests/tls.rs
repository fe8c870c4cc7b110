//! `[tls]`: the folder, and a pair of files that has to be one.

use std::path::Path;

use super::{complaint, read};

fn pair(folder: &Path) -> (String, String) {
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let made = rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap();
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (cert.display().to_string(), key.display().to_string())
}

#[test]
fn the_ca_has_a_folder_unless_there_is_a_certificate() {
    let config = read("", &[]).unwrap();
    assert_eq!((config.tls.folder.as_path(), config.tls.ready), (Path::new("smsbridge-ca"), None));
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = pair(folder.path());
    let config = read(&format!("[tls]\ncert = '{cert}'"), &[("SMSBRIDGE_TLS__KEY", &key)]).unwrap();
    let ready = config.tls.ready.unwrap();
    assert_eq!((ready.cert.to_str(), ready.key.to_str()), (Some(cert.as_str()), Some(key.as_str())));
}

#[test]
fn what_is_wrong_with_a_certificate_is_said_at_the_setting_that_is_wrong() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ((cert, key), (_, other_key)) = (pair(folder.path()), pair(other.path()));
    let said = |lines: String| complaint(&format!("[tls]\n{lines}"), &[]);
    for (lines, right) in [
        (format!("cert = '{cert}'"), "proxy.toml: tls.cert: stands alone; set [tls] key too"),
        (format!("key = '{key}'"), "proxy.toml: tls.key: stands alone; set [tls] cert too"),
        (format!("cert = '{cert}'\nkey = '{other_key}'"), "tls.key: "),
        (format!("cert = '{other_key}'\nkey = '{key}'"), "tls.cert: "),
        (format!("cert = '{cert}'\nkey = '/nowhere'"), "tls.key: /nowhere cannot be read: "),
        ("folder = ''".to_owned(), "tls.folder: is empty"),
        ("dir = 'x'".to_owned(), "tls.dir: there is no such setting"),
    ] {
        let said = said(lines.clone());
        assert!(said.contains(right), "{lines}: {said}");
    }
}
