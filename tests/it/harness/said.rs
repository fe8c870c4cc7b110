//! Everything that is said while the tests run, by servers in this process and by children: each is held against
//! the secrets of its own test as soon as it ends, and all of it is kept, to be looked through once more for the
//! secrets of all tests (`tests/secrets`).

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{LazyLock, Mutex, Once};

use tracing_subscriber::fmt::MakeWriter;

use super::secrets;

/// A file of this run, in the folder that Cargo has for such.
fn file(name: &str) -> Mutex<File> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("said");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{}.{name}", std::process::id()));
    Mutex::new(OpenOptions::new().create(true).append(true).open(path).unwrap())
}

static LOG: LazyLock<Mutex<File>> = LazyLock::new(|| file("log"));
static SECRETS: LazyLock<Mutex<File>> = LazyLock::new(|| file("secrets"));

thread_local! {
    static HERE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Notes what somebody said in this thread.
pub fn note(bytes: &[u8]) {
    LOG.lock().unwrap().write_all(bytes).unwrap();
    // A thread that ends has nobody left to hold it to anything.
    let _ = HERE.try_with(|here| here.borrow_mut().extend_from_slice(bytes));
}

/// Notes what must not be found in any of it. A text of several lines is as many.
pub fn also_secret(text: &str) {
    for line in text.lines().filter(|line| line.len() >= 8) {
        writeln!(SECRETS.lock().unwrap(), "{line}").unwrap();
    }
}

/// Listens to whatever servers in this process say, down to the finest level.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let all =
            tracing_subscriber::fmt().with_writer(Noted).with_env_filter("smsbridge=trace").with_ansi(false);
        tracing::subscriber::set_global_default(all.finish()).unwrap();
    });
}

/// Holds what was said in this thread against what is secret in it.
pub fn hold_this_thread() {
    let said = HERE.with_borrow_mut(std::mem::take);
    hold("the log", &String::from_utf8_lossy(&said));
}

/// Holds all that a child said against the same, and keeps it.
pub fn hold_child(said: &str) {
    LOG.lock().unwrap().write_all(said.as_bytes()).unwrap();
    hold("the program", said);
}

fn hold(who: &str, said: &str) {
    let found = first_secret(&secrets::all(), said);
    // A test that fails already has something to say that matters more.
    assert!(found.is_none() || std::thread::panicking(), "{who} says {found:?}");
}

/// The first of the secrets that is said, with its line. There may be thousands of both after a long test, so the text
/// is gone through once, and only where a secret could begin is anything compared.
fn first_secret<'a>(secrets: &BTreeSet<String>, said: &'a str) -> Option<(String, &'a str)> {
    let mut by_beginning: HashMap<&[u8], Vec<&str>> = HashMap::new();
    for secret in secrets {
        by_beginning.entry(&secret.as_bytes()[..secrets::TELLING]).or_default().push(secret);
    }
    said.lines().find_map(|line| {
        let windows = line.as_bytes().windows(secrets::TELLING).enumerate();
        let mut candidates =
            windows.filter_map(|(at, window)| Some((&line.as_bytes()[at..], by_beginning.get(window)?)));
        candidates.find_map(|(rest, secrets)| {
            let secret = secrets.iter().find(|secret| rest.starts_with(secret.as_bytes()))?;
            Some(((*secret).to_owned(), line))
        })
    })
}

struct Noted;

impl<'a> MakeWriter<'a> for Noted {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl Write for Noted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        note(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
#[should_panic(expected = "the program says Some((\"QXZW-never-said\"")]
fn what_is_secret_is_found_where_it_is_said() {
    secrets::keep("QXZW-never-said");
    hold("the program", "one line\nanother with QXZW-never-said in it\n");
}
