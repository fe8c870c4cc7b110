//! The codes by which the dialect names a service, a country and an operator. Knows the shape of a
//! code, not which codes exist: that is the catalog's.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Invalid;

/// A service's code in the dialect: `tg`, `vk`, `full`.
///
/// It is kept in place, with zeros behind it: price lists hold a hundred thousand of them.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Service([u8; LONGEST_CODE]);

/// How long a service's code is at most.
const LONGEST_CODE: usize = 16;

impl Service {
    /// Reads a code: ASCII letters and digits, at most 16.
    ///
    /// # Errors
    /// When it is empty, too long, or has any other character.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST_CODE || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Invalid("a service code has 1 to 16 letters and digits"));
        }
        Ok(Self::of_code(text))
    }

    /// The service whose code was taken from one before.
    pub(crate) fn of_code(code: &str) -> Self {
        let mut kept = [0; LONGEST_CODE];
        kept.iter_mut().zip(code.bytes()).for_each(|(place, byte)| *place = byte);
        Self(kept)
    }

    /// The code as written.
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(LONGEST_CODE);
        std::str::from_utf8(&self.0[..length]).unwrap_or_default()
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Service").field(&self.as_str()).finish()
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A country's number in the dialect: 0 is Russia, 187 the USA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country(pub u16);

impl Country {
    /// Russia, which the dialect takes where none is named (WIRE.md section 1, item 13).
    pub const DEFAULT: Self = Self(0);

    /// Reads a decimal country number.
    ///
    /// # Errors
    /// When it is not a decimal number of at most 16 bits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if !text.is_empty()
            && text.bytes().all(|b| b.is_ascii_digit())
            && let Ok(number) = text.parse()
        {
            return Ok(Self(number));
        }
        Err(Invalid("a country is a decimal number"))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0)
    }
}

/// A mobile operator's name in the dialect: `megafon`, `tele2`. "Any operator" is not one; it is
/// written as no operator at all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Operator(String);

impl Operator {
    /// Reads a name; lower-cased, since clients write `Yota` and `yota`.
    ///
    /// # Errors
    /// When it is empty, longer than 40 characters, or holds control characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        // Some letters are longer when they are small, so the length counts that the name will have.
        let text = text.trim().to_lowercase();
        if text.is_empty() || text.len() > 40 || text.chars().any(char::is_control) {
            return Err(Invalid("an operator's name has 1 to 40 characters"));
        }
        Ok(Self(text))
    }

    /// The operator whose name was taken from one before.
    pub(crate) fn of_name(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_a_shape() {
        assert!(Service::parse("tg").is_ok());
        for bad in ["", "t g", "tg,vk", "<script>", "aaaaaaaaaaaaaaaaa"] {
            assert!(Service::parse(bad).is_err(), "{bad:?}");
        }
        let longest = Service::parse(" aaaaaaaaaaaaaaaa ").unwrap();
        assert_eq!(
            (longest.as_str(), format!("{longest:?}")),
            ("aaaaaaaaaaaaaaaa", "Service(\"aaaaaaaaaaaaaaaa\")".into())
        );
        let mut codes = ["tg", "t", "wa", "tga", "0"].map(|code| Service::parse(code).unwrap());
        codes.sort();
        assert_eq!(codes.each_ref().map(Service::as_str), ["0", "t", "tg", "tga", "wa"]);
        assert_eq!(Country::parse("187"), Ok(Country(187)));
        for bad in ["", "any", "-1", "+7", "99999"] {
            assert!(Country::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Operator::parse(" Yota ").unwrap().as_str(), "yota");
        let (longest, longer) = ("Ⱥ".repeat(13), "Ⱥ".repeat(20));
        let read = Operator::parse(&longest).unwrap();
        assert_eq!(Operator::parse(read.as_str()), Ok(read));
        assert!(Operator::parse(&longer).is_err());
    }
}
