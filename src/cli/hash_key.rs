//! `smsbridge hash-key`: a client's key as the configuration may keep it, by its hash. Reads the key from standard
//! input, since what stands on a command line is seen by all. Knows no configuration.

use std::fmt::Write;
use std::io::{self, Read};
use std::process::ExitCode;

use ring::rand::{SecureRandom, SystemRandom};

use super::fail;
use super::say::say;
use crate::domain::{KeyDigest, Secret};

/// No key is longer.
const MAX_BYTES: u64 = 4096;

/// Below this many characters a key may be found by trying.
const LONG: usize = 20;

/// Of which key.
#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// Make a new random key, and print it before its hash
    #[arg(long)]
    new: bool,
}

/// Prints the line for `[clients.key.NAME]`.
pub(super) fn run(which: &Which) -> ExitCode {
    if which.new {
        return match random() {
            Ok(key) => {
                let line = line(&key);
                say(&format!("# for the client, and nobody else: {}\n{line}", key.expose()));
                ExitCode::SUCCESS
            }
            Err(()) => fail("the system has no random numbers to make a key of"),
        };
    }
    match read(io::stdin().lock()) {
        Ok(key) => {
            if key.expose().chars().count() < LONG {
                super::say::complain(
                    "this key is short: who has the hash can find it by trying; `smsbridge hash-key --new` makes a better one",
                );
            }
            say(&line(&key));
            ExitCode::SUCCESS
        }
        Err(complaint) => fail(complaint),
    }
}

fn line(key: &Secret) -> String {
    format!("api_key_sha256 = \"{}\"", KeyDigest::of(key).hex())
}

fn read(input: impl Read) -> Result<Secret, &'static str> {
    let mut text = String::new();
    if input.take(MAX_BYTES + 1).read_to_string(&mut text).is_err() {
        return Err("standard input is not text; write the key and nothing else to it");
    }
    let key = Secret::new(text.trim_start_matches('\u{feff}'));
    if key.is_empty() {
        return Err("standard input is empty; write the key to it, as: smsbridge hash-key < client.key");
    }
    let one_word = !key.expose().chars().any(|letter| letter.is_whitespace() || letter.is_control());
    let whole = text.len() as u64 <= MAX_BYTES;
    if one_word && whole { Ok(key) } else { Err("standard input holds more than a key; a key is one word") }
}

/// 32 hexadecimal digits, as the original's keys: one client refuses any other length (`WIRE.md` section 1, item 18).
fn random() -> Result<Secret, ()> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| ())?;
    let text = bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    Ok(Secret::new(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_word() {
        assert_eq!(read(&b"\xef\xbb\xbf abc\r\n"[..]), Ok(Secret::new("abc")));
        let long = [b'k'; 5000];
        for bytes in [&b""[..], b" \n", b"two words\n", b"two\nlines\n", b"\xff", &long] {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn random_keys_are_32_digits_and_differ() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert_eq!(one.expose().len(), 32);
        assert!(one.expose().bytes().all(|digit| digit.is_ascii_hexdigit()));
        assert_ne!(one, other);
    }
}
