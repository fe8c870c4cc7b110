//! The mark by which a receiver knows that a message is from here: HMAC-SHA256 over the body's bytes. Knows no
//! header's meaning beyond its own.

use std::fmt::Write;

use ring::hmac;

use crate::domain::Secret;

/// The header that carries it.
pub(super) const HEADER: &str = "x-smsbridge-signature";

/// Makes signatures with one secret.
#[derive(Clone)]
pub(super) struct Signer(hmac::Key);

impl Signer {
    pub(super) fn new(secret: &Secret) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes()))
    }

    /// `sha256=` and the signature in lower-case hexadecimal digits.
    pub(super) fn sign(&self, body: &[u8]) -> String {
        hmac::sign(&self.0, body).as_ref().iter().fold("sha256=".to_owned(), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_rfc_4231() {
        // Test case 2: the key "Jefe".
        let signed = Signer::new(&Secret::new("Jefe")).sign(b"what do ya want for nothing?");
        let right = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signed, right);
    }
}
