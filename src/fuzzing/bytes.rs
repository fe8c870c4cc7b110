//! Facts made of any bytes whatever: numbers, amounts, codes, texts. When the bytes are used up, everything is
//! zero, empty or the first of its kind. Knows no answer.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::sample::KEY;
use crate::domain::{ActivationId, Country, Operator, Phone, Service};

/// What is left of the bytes.
pub(super) struct Bytes<'a>(pub &'a [u8]);

impl Bytes<'_> {
    /// The next byte.
    pub(super) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// One of these.
    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.byte()) % all.len()]
    }

    /// Yes or no.
    pub(super) fn flip(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// A number that is small more often than not.
    pub(super) fn number(&mut self) -> u64 {
        let length = self.byte() % 9;
        (0..length).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }

    /// So many of something, `most` at most.
    pub(super) fn several<T>(&mut self, most: u8, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.byte() % (most + 1);
        (0..count).map(|_| make(self)).collect()
    }

    /// A text of 1 to 12 of these characters.
    fn word(&mut self, from: &[u8]) -> String {
        let length = self.byte() % 12 + 1;
        (0..length).map(|_| char::from(self.one_of(from))).collect()
    }

    /// A text as people write it, in any script, that neither begins nor ends with a blank.
    pub(super) fn text(&mut self) -> String {
        let length = usize::from(self.byte() % 40);
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        let text = String::from_utf8_lossy(taken).trim().to_owned();
        // The key would be struck out, and a fuzzer that sees what is compared finds it.
        if text.is_empty() || text.to_lowercase().contains(KEY) { "-".to_owned() } else { text }
    }

    /// A code as a message has it, with blanks, colons and dashes inside it and none around it.
    pub(super) fn code(&mut self) -> String {
        let inner = self.word(b"0123456789 :-abcXYZ'\"{}[]<>,");
        format!("{}{inner}0", self.byte() % 10)
    }

    /// An amount of up to 28 digits, with up to 10 of them behind the point.
    pub(super) fn amount(&mut self) -> Decimal {
        let (digits, scale) = (self.number(), u32::from(self.byte() % 11));
        Decimal::try_from_i128_with_scale(i128::from(digits), scale).unwrap_or_default()
    }

    /// A number as it is bought.
    pub(super) fn phone(&mut self) -> Phone {
        let digits = self.word(b"0123456789");
        Phone::parse(&digits).unwrap_or_else(|_| super::sample::phone())
    }

    /// A service's code, short as they are.
    pub(super) fn service(&mut self) -> Service {
        let letters = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let code: String = (0..2).map(|_| char::from(self.one_of(letters))).collect();
        Service::parse(&code).unwrap_or_else(|_| super::sample::service())
    }

    /// A country.
    pub(super) fn country(&mut self) -> Country {
        Country(u16::from(self.byte()))
    }

    /// An operator's name, which is not that of any operator.
    pub(super) fn operator(&mut self) -> Option<Operator> {
        Operator::parse(&self.text()).ok().filter(|name| name.as_str() != "any")
    }

    /// An id as this server gives it.
    pub(super) fn id(&mut self) -> ActivationId {
        let raw = i64::try_from(self.number() % 0x7fff_ffff).unwrap_or_default();
        ActivationId::new(raw + 1).unwrap_or_else(super::sample::id)
    }

    /// A time in whole seconds, of the years that clients know.
    pub(super) fn time(&mut self) -> Timestamp {
        let second = i64::try_from(self.number() % 4_000_000_000).unwrap_or_default();
        Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}
