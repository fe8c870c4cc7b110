//! A phone number as the dialect writes it: digits only. Knows no numbering plan.

use std::fmt;

use super::Invalid;

/// A number in international form without its plus sign. Its `Debug` form shows the last two digits
/// only, so that a number cannot reach a log by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Keeps the digits of what an upstream printed (`+7 999…`, `7999…`).
    ///
    /// # Errors
    /// When there is no digit, or anything but digits, `+`, blanks, dashes and brackets.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let plain = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')');
        // A dash stands between digits; before them it makes a number that is none.
        if !text.chars().all(plain) || text.trim_start().starts_with('-') {
            return Err(Invalid("a phone number holds digits only"));
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Err(Invalid("a phone number needs digits"));
        }
        Ok(Self(digits))
    }

    /// The number whose digits were taken from one before.
    pub(crate) fn of_digits(digits: &str) -> Self {
        Self(digits.to_owned())
    }

    /// The digits, for the wire and the upstream.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// What may stand in a log: the last two digits.
    pub fn masked(&self) -> String {
        let tail = self.0.len().saturating_sub(2);
        format!("*{}", &self.0[tail..])
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_digits_and_hides_them_in_debug() {
        let phone = Phone::parse("+7 (999) 111-22-33").unwrap();
        assert_eq!(phone.digits(), "79991112233");
        assert_eq!(format!("{phone:?}"), "*33");
        assert!(Phone::parse("").is_err());
        assert!(Phone::parse("7999x").is_err());
        assert!(Phone::parse("-1").is_err());
    }
}
