//! What is kept of a client's key: enough to know it again, not enough to use it. Knows nothing of whose key
//! it is.

use std::fmt::{self, Write};
use std::hint::black_box;

use super::Secret;

/// The SHA-256 of a key. A long random key cannot be had from it, and whoever can make guesses at the digest
/// itself learns nothing of the key by how long a comparison takes; comparing takes the same time all the same,
/// whatever the two have in common.
#[derive(Clone, Copy)]
pub struct KeyDigest([u8; 32]);

impl KeyDigest {
    /// That of a key.
    pub fn of(key: &Secret) -> Self {
        Self(key.digest())
    }

    /// Reads 64 hexadecimal digits, small or capital.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// 64 small hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

impl PartialEq for KeyDigest {
    fn eq(&self, other: &Self) -> bool {
        let differing = self.0.iter().zip(&other.0).fold(0, |bits, (a, b)| black_box(bits | (a ^ b)));
        differing == 0
    }
}

impl Eq for KeyDigest {}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4's own example.
    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn it_is_the_sha_256_of_the_key() {
        assert_eq!(KeyDigest::of(&Secret::new("abc\n")).hex(), OF_ABC);
        for text in [OF_ABC.to_owned(), OF_ABC.to_uppercase()] {
            assert_eq!(KeyDigest::parse(&text), Some(KeyDigest::of(&Secret::new("abc"))), "{text}");
        }
        assert_ne!(KeyDigest::of(&Secret::new("abc")), KeyDigest::of(&Secret::new("abd")));
    }

    #[test]
    fn what_is_no_digest_is_refused() {
        let signed = format!("+a{}", &OF_ABC[2..]);
        for text in ["", "abc", &OF_ABC[1..], &format!("{OF_ABC}0"), &OF_ABC.replace('b', "g"), &signed] {
            assert_eq!(KeyDigest::parse(text), None, "{text}");
        }
    }
}
