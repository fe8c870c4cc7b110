//! The number under which a client knows an activation. Knows nothing of the upstream's own ids.

use std::fmt;

use serde::{Serialize, Serializer};

/// An activation's id as this server gave it: positive, and small enough for clients that read it
/// into a signed 32-bit integer (WIRE.md section 1, item 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActivationId(i32);

impl ActivationId {
    /// The id, if `raw` is one that this server could have given.
    pub fn new(raw: i64) -> Option<Self> {
        i32::try_from(raw).ok().filter(|id| *id > 0).map(Self)
    }

    /// Reads a client's text: decimal digits, blanks around them allowed.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        text.parse().ok().and_then(Self::new)
    }

    /// The number itself.
    pub fn get(self) -> i64 {
        i64::from(self.0)
    }
}

impl fmt::Display for ActivationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for ActivationId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_positive_decimals_of_31_bits() {
        assert_eq!(ActivationId::parse(" 42 ").map(ActivationId::get), Some(42));
        for bad in ["", "0", "-1", "+1", "1.0", "2147483648", "abc", "١"] {
            assert_eq!(ActivationId::parse(bad), None, "{bad:?}");
        }
        assert!(ActivationId::parse("2147483647").is_some());
    }
}
