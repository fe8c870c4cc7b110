//! Leaves by name, and that files and time are followed.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::SignedDuration;
use rustls::sign::CertifiedKey;
use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;

use super::super::{Authority, Leaves};
use super::{made, names, rustls_verdict};
use crate::clock::{Clock, MovableClock};

const DAY: u64 = 24 * 3600;

/// A second listener, who hears nothing. A place in the code that speaks is asked about once, by whichever test comes
/// to it first: with a single listener that one is asked for its own, which most have not, and then nobody ever
/// hears the place again.
static DEAF: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));

fn leaves(folder: &std::path::Path, clock: &Arc<MovableClock>) -> Leaves {
    Leaves::new(folder.to_owned(), names(), Arc::clone(clock) as Arc<dyn Clock>)
}

fn is_for(authority: &Authority, leaf: &CertifiedKey, name: &str, clock: &MovableClock) -> bool {
    rustls_verdict(authority.certificate().der(), &leaf.cert, name, clock.now()).is_ok()
}

#[test]
fn each_name_has_its_own_and_none_has_all() {
    let folder = tempfile::tempdir().unwrap();
    let clock = MovableClock::standing();
    let (authority, _) = Authority::init(folder.path(), &names(), clock.now()).unwrap();
    let leaves = leaves(folder.path(), &clock);
    let one = leaves.leaf(Some("API.sms-activate.org")).unwrap();
    assert!(is_for(&authority, &one, "api.sms-activate.org", &clock));
    assert!(!is_for(&authority, &one, "sms-activate.org", &clock));
    assert!(Arc::ptr_eq(&one, &leaves.leaf(Some("api.sms-activate.org")).unwrap()), "it is kept");
    assert!(Arc::ptr_eq(&one, &leaves.leaf(Some("api.sms-activate.org.")).unwrap()), "as the DNS writes it");
    let all = leaves.leaf(None).unwrap();
    for name in super::NAMES {
        assert!(is_for(&authority, &all, name, &clock), "{name}");
    }
    for outside in ["google.com", "evilsms-activate.org", "localhost"] {
        assert!(leaves.leaf(Some(outside)).is_none(), "{outside}");
    }
}

#[test]
fn a_leaf_is_replaced_long_before_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let clock = MovableClock::standing();
    let (authority, _) = Authority::init(folder.path(), &names(), clock.now()).unwrap();
    let leaves = leaves(folder.path(), &clock);
    let first = leaves.leaf(Some("sms-activate.org")).unwrap();
    clock.advance(Duration::from_secs(3 * DAY));
    assert!(Arc::ptr_eq(&first, &leaves.leaf(Some("sms-activate.org")).unwrap()));
    clock.advance(Duration::from_secs(DAY));
    let second = leaves.leaf(Some("sms-activate.org")).unwrap();
    assert!(!Arc::ptr_eq(&first, &second));
    assert!(is_for(&authority, &first, "sms-activate.org", &clock), "the old one still holds");
    clock.advance(Duration::from_secs(4 * DAY));
    assert!(!is_for(&authority, &first, "sms-activate.org", &clock), "it is short-lived");
    // Nobody asked for days, and the clock of the machine was set back too.
    clock.advance(Duration::from_secs(100 * DAY));
    assert!(is_for(&authority, &leaves.leaf(Some("sms-activate.org")).unwrap(), "sms-activate.org", &clock));
    clock.set(SignedDuration::from_hours(-2));
    assert!(is_for(&authority, &leaves.leaf(Some("sms-activate.org")).unwrap(), "sms-activate.org", &clock));
}

#[test]
fn a_ca_that_comes_changes_or_goes_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let clock = MovableClock::standing();
    let leaves = leaves(folder.path(), &clock);
    assert!(leaves.leaf(Some("sms-activate.org")).is_none());
    let first = made(folder.path());
    let shown = leaves.leaf(Some("sms-activate.org")).unwrap();
    assert_eq!(shown.cert.get(1), Some(first.between()));
    let other = [names(), vec!["other.org".to_owned()]].concat();
    let second = Authority::renew(folder.path(), &other, clock.now()).unwrap();
    let shown = leaves.leaf(Some("sms-activate.org")).unwrap();
    assert_eq!(shown.cert.get(1), Some(second.between()));
    assert!(leaves.leaf(Some("other.org")).is_some());
    // In the middle of an exchange the one before is used.
    let whole = std::fs::read(folder.path().join("ca.pem")).unwrap();
    std::fs::write(folder.path().join("ca.pem"), "half").unwrap();
    assert!(leaves.leaf(Some("sms-activate.org")).is_some());
    // It cannot be read for a while, as where too many files are open.
    std::fs::remove_file(folder.path().join("ca.pem")).unwrap();
    std::fs::create_dir(folder.path().join("ca.pem")).unwrap();
    let shown = leaves.leaf(Some("sms-activate.ru")).unwrap();
    assert_eq!(shown.cert.get(1), Some(second.between()));
    std::fs::remove_dir(folder.path().join("ca.pem")).unwrap();
    std::fs::write(folder.path().join("ca.pem"), whole).unwrap();
    std::fs::remove_file(folder.path().join("ca.pem")).unwrap();
    assert!(leaves.leaf(Some("sms-activate.org")).is_none(), "it was taken away");
}

/// Anybody may ask for any name, and the log is not theirs to fill.
#[test]
fn a_name_that_there_is_no_leaf_for_is_told_of_once_a_minute() {
    let folder = tempfile::tempdir().unwrap();
    let clock = MovableClock::standing();
    Authority::init(folder.path(), &names(), clock.now()).unwrap();
    let leaves = leaves(folder.path(), &clock);
    let path = folder.path().join("log");
    let log = Arc::new(std::fs::File::create(&path).unwrap());
    let subscriber = tracing_subscriber::fmt().with_writer(log).finish();
    LazyLock::force(&DEAF);
    tracing::subscriber::with_default(subscriber, || {
        for seconds in [0, 0, 59, 1, 0] {
            clock.advance(Duration::from_secs(seconds));
            assert!(leaves.leaf(Some("google.com")).is_none());
        }
    });
    let said = std::fs::read_to_string(path).unwrap();
    assert_eq!(said.matches("a client asked for `google.com`").count(), 2, "{said}");
}

#[test]
fn the_names_that_are_kept_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let clock = MovableClock::standing();
    Authority::init(folder.path(), &names(), clock.now()).unwrap();
    let leaves = leaves(folder.path(), &clock);
    for number in 0..300 {
        leaves.leaf(Some(&format!("x{number}.sms-activate.org"))).unwrap();
    }
    assert!(leaves.kept() <= 256, "{}", leaves.kept());
}
