//! Making it, finding it again, and its files.

use std::fs;
use std::time::Duration;

use super::super::{Authority, CaError, Certificate, Made, remove};
use super::{made, names, now};

#[test]
fn it_is_made_once_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("deep/ca");
    let (first, did) = Authority::init(&folder, &names(), now()).unwrap();
    assert_eq!(did, Made::New);
    let before = (fs::read(folder.join("ca.pem")).unwrap(), fs::read(folder.join("private/ca.key")).unwrap());
    let (again, did) = Authority::init(&folder, &["other.org".to_owned()], now()).unwrap();
    assert_eq!(did, Made::WasThere);
    assert_eq!(again.certificate(), first.certificate());
    let after = (fs::read(folder.join("ca.pem")).unwrap(), fs::read(folder.join("private/ca.key")).unwrap());
    assert!(before == after, "a file was touched");
    assert_eq!(
        again.certificate().lacking(&["other.org".to_owned(), "sms-activate.ru".to_owned()]),
        ["other.org"]
    );
}

#[test]
fn it_permits_the_names_and_leaves_out_what_lies_below_another() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = made(folder.path()).certificate().clone();
    assert_eq!(certificate.permitted(), ["sms-activate.org", "sms-activate.ru", "api.sms-man.ru"]);
    for (name, covered) in [
        ("API.sms-activate.org", true),
        ("api.sms-man.ru", true),
        ("sms-man.ru", false),
        ("evilsms-activate.org", false),
    ] {
        assert_eq!(certificate.covers(name), covered, "{name}");
    }
}

#[test]
fn renewed_it_is_another_one_for_other_names() {
    let folder = tempfile::tempdir().unwrap();
    let first = made(folder.path()).certificate().clone();
    let second = Authority::renew(folder.path(), &["other.org".to_owned()], now()).unwrap();
    assert_ne!(first.fingerprint(), second.certificate().fingerprint());
    assert_eq!(Certificate::load(folder.path()).unwrap().permitted(), ["other.org"]);
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_the_key_and_nothing_is_left_lying_about() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("ca");
    made(&folder);
    let mode = |path: &str| fs::metadata(folder.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("private"), mode("private/ca.key")), (0o700, 0o600));
    fs::set_permissions(folder.join("private"), fs::Permissions::from_mode(0o755)).unwrap();
    Authority::renew(&folder, &names(), now()).unwrap();
    assert_eq!((mode("private"), mode("private/ca.key")), (0o700, 0o600));
    let count = |path: &str| fs::read_dir(folder.join(path)).unwrap().count();
    assert_eq!((count(""), count("private")), (2, 1));
}

/// The folder may belong to somebody else than who makes the CA, or be meant for something else.
#[cfg(unix)]
#[test]
fn the_key_goes_into_no_folder_of_others_and_its_rights_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let ground = tempfile::tempdir().unwrap();
    let (folder, others) = (ground.path().join("ca"), ground.path().join("others"));
    fs::create_dir_all(&folder).unwrap();
    fs::create_dir(&others).unwrap();
    fs::set_permissions(&others, fs::Permissions::from_mode(0o755)).unwrap();
    let untouched = || {
        let mode = fs::metadata(&others).unwrap().permissions().mode() & 0o777;
        (mode, fs::read_dir(&others).unwrap().count())
    };
    symlink(&others, folder.join("private")).unwrap();
    let refused = Authority::init(&folder, &names(), now()).unwrap_err().to_string();
    assert!(refused.contains("is a link or a file"), "{refused}");
    assert_eq!(untouched(), (0o755, 0));
    fs::remove_file(folder.join("private")).unwrap();
    fs::write(others.join("server.key"), "somebody's").unwrap();
    fs::rename(&others, folder.join("private")).unwrap();
    let refused = Authority::init(&folder, &names(), now()).unwrap_err().to_string();
    assert!(refused.contains("[tls] folder"), "{refused}");
    fs::rename(folder.join("private"), &others).unwrap();
    assert_eq!(untouched(), (0o755, 1));
    // What a run left that was killed is no hindrance.
    fs::create_dir(folder.join("private")).unwrap();
    fs::write(folder.join("private/.ca.key.77.new"), "half").unwrap();
    Authority::init(&folder, &names(), now()).unwrap();
}

#[test]
fn it_is_removed_with_its_key_and_nothing_of_others_is() {
    let ground = tempfile::tempdir().unwrap();
    let folder = ground.path().join("ca");
    assert!(!remove(&folder).unwrap());
    made(&folder);
    fs::write(folder.join("bundle.pem"), "roots").unwrap();
    assert!(remove(&folder).unwrap());
    assert!(!folder.exists());
    fs::create_dir_all(folder.join("private")).unwrap();
    let theirs = ["ca.pem", "bundle.pem", "private/ca.key"];
    theirs.iter().for_each(|name| fs::write(folder.join(name), "somebody's").unwrap());
    let refused = remove(&folder).unwrap_err().to_string();
    assert!(refused.contains("ca.pem is not smsbridge's"), "{refused}");
    theirs.iter().for_each(|name| assert!(folder.join(name).exists(), "{name}"));
}

#[test]
fn what_cannot_be_used_is_refused_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Authority::load(folder.path()).unwrap_err();
    assert!(matches!(missing, CaError::Missing { .. }), "{missing}");
    made(folder.path());
    let key = fs::read(folder.path().join("private/ca.key")).unwrap();
    Authority::renew(folder.path(), &names(), now()).unwrap();
    fs::write(folder.path().join("private/ca.key"), key).unwrap();
    let mixed = Authority::init(folder.path(), &names(), now()).unwrap_err().to_string();
    assert!(mixed.contains("not the key of the CA") && mixed.contains("ca init --renew"), "{mixed}");
    fs::write(folder.path().join("private/ca.key"), "nonsense").unwrap();
    let broken = Authority::load(folder.path()).unwrap_err().to_string();
    assert!(broken.contains("ca.key") && !broken.contains("nonsense"), "{broken}");
    fs::write(folder.path().join("ca.pem"), "nonsense").unwrap();
    assert!(Authority::load(folder.path()).unwrap_err().to_string().contains("not a CA certificate"));
}

#[test]
fn a_change_that_does_not_come_about_leaves_nothing_lying_about() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("ca.pem")).unwrap();
    let refused = Authority::renew(folder.path(), &names(), now()).unwrap_err().to_string();
    assert!(refused.contains("ca.pem cannot be written"), "{refused}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "what was there, and the key's folder");
}

#[test]
fn nothing_can_be_made_for_what_is_no_name() {
    let folder = tempfile::tempdir().unwrap();
    for bad in ["127.0.0.1", "::1", "a b", "", "*.org"] {
        let error = Authority::init(folder.path(), &[bad.to_owned()], now()).unwrap_err();
        assert!(matches!(error, CaError::BadName(_)), "{bad}: {error}");
    }
    assert!(matches!(Authority::init(folder.path(), &[], now()), Err(CaError::NoNames)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn its_time_is_ten_years_and_nothing_is_signed_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let authority = made(folder.path());
    let end = authority.certificate().ends();
    assert!(end > now() + Duration::from_secs(3649 * 24 * 3600));
    let (_, leaf_end) = authority.leaf(&names(), end - Duration::from_secs(3600)).unwrap();
    assert_eq!(leaf_end, end, "no leaf outlives it");
    let over = authority.leaf(&names(), end).unwrap_err();
    assert!(matches!(over, CaError::Over { .. }), "{over}");
}
