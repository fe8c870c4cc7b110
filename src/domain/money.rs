//! Amounts: decimals with a currency, never floats. Knows no exchange rate.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Number, Value};

use super::Invalid;

/// A currency by its three letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Russian rubles: the currency of VAK-SMS ("Баланс пользователя, в рублях") and of sms-activate's prices.
    pub const RUB: Self = Self(*b"RUB");
    /// United States dollars.
    pub const USD: Self = Self(*b"USD");

    /// Reads three ASCII letters, upper-casing them.
    ///
    /// # Errors
    /// When there are not exactly three letters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text.trim().to_ascii_uppercase().as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(Invalid("a currency has three letters, as RUB")),
        }
    }

    /// The letters as bytes.
    pub(crate) fn letters(self) -> [u8; 3] {
        self.0
    }

    /// The currency whose letters were taken from one before.
    pub(crate) fn of_letters(letters: [u8; 3]) -> Self {
        Self(letters)
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Its number by ISO 4217, list one ("Current currency & funds code list"); `None` for those that are
    /// not in the table here.
    pub fn number(&self) -> Option<u16> {
        let found = NUMBERS.iter().find(|(letters, _)| *letters == self.as_str());
        found.map(|(_, number)| *number)
    }
}

/// ISO 4217, list one.
const NUMBERS: [(&str, u16); 20] = [
    ("AED", 784),
    ("AMD", 51),
    ("AZN", 944),
    ("BRL", 986),
    ("BYN", 933),
    ("CNY", 156),
    ("EUR", 978),
    ("GBP", 826),
    ("GEL", 981),
    ("IDR", 360),
    ("INR", 356),
    ("KGS", 417),
    ("KZT", 398),
    ("PLN", 985),
    ("RUB", 643),
    ("TRY", 949),
    ("UAH", 980),
    ("USD", 840),
    ("UZS", 860),
    ("VND", 704),
];

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An amount in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// How much.
    pub amount: Decimal,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// An amount in rubles.
    pub const fn rub(amount: Decimal) -> Self {
        Self { amount, currency: Currency::RUB }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", two_decimals(self.amount), self.currency.as_str())
    }
}

/// An amount with exactly two decimals, half a kopeck rounded away from zero: `100` is `100.00`.
/// A balance needs its decimal point (WIRE.md section 1, item 9).
pub fn two_decimals(amount: Decimal) -> String {
    format!("{:.2}", amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
}

/// An amount to the last digit, with two decimals at least: what a client takes for a cap must not be less.
pub fn exact(amount: Decimal) -> String {
    let amount = amount.normalize();
    if amount.scale() > 2 { amount.to_string() } else { two_decimals(amount) }
}

/// An amount as a JSON number without needless zeros: `15.50` is `15.5`, `20.00` is `20`.
pub fn json_number(amount: Decimal) -> Value {
    let text = amount.normalize().to_string();
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

/// Reads an amount that an upstream wrote as a JSON number or as a string (`15.5`, `"15"`).
pub fn amount_of_json(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    Decimal::from_str_exact(&text).ok().or_else(|| Decimal::from_scientific(&text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_have_their_numbers() {
        let number = |text: &str| Currency::parse(text).unwrap().number();
        assert_eq!((number("RUB"), number("usd"), number("EUR")), (Some(643), Some(840), Some(978)));
        assert_eq!(number("XAU"), None);
        assert!(NUMBERS.is_sorted_by(|one, next| one.0 < next.0));
    }

    #[test]
    fn decimals_survive_exactly() {
        let read = |text: &str| amount_of_json(&serde_json::from_str(text).unwrap());
        assert_eq!(read("0.1").unwrap() + read("0.2").unwrap(), "0.3".parse().unwrap());
        assert_eq!(read("\"15\""), Some(Decimal::from(15)));
        assert_eq!(read("1e2"), Some(Decimal::from(100)));
        assert_eq!(read("\"BAD_KEY\""), None);
        assert_eq!(read("null"), None);
        assert_eq!(two_decimals("463.025".parse().unwrap()), "463.03");
        assert_eq!(two_decimals(Decimal::from(100)), "100.00");
        assert_eq!(json_number("15.50".parse().unwrap()).to_string(), "15.5");
        assert_eq!(json_number("20.00".parse().unwrap()).to_string(), "20");
    }
}
