//! An activation folded into a few dozen bytes: what is in an [`Outline`] is left out, the rest stands one after the
//! other, each text behind its length. As a struct it takes ten times as much, most of it in a dozen small allocations,
//! and a hundred thousand of them are in memory at a time. Knows neither the book nor the ledger.
//!
//! The bytes never leave the process that made them, so there is no format to keep and nothing to distrust.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::domain::{
    Activation, ActivationId, Country, Currency, Extra, Money, Operator, Outline, Phone, Rent, Service, Sms,
    Standing,
};

/// What an outline does not say of an activation.
#[derive(Debug)]
pub struct Folded(Box<[u8]>);

impl Folded {
    /// Folds it.
    pub fn of(activation: &Activation) -> Self {
        let mut bytes = Writer(Vec::with_capacity(160));
        // What a poll shows comes first.
        bytes.number(activation.asked_at as u64);
        bytes.number(activation.messages.len() as u64);
        activation.messages.iter().for_each(|sms| bytes.sms(sms));
        bytes.text(&activation.upstream_id);
        bytes.text(activation.phone.digits());
        bytes.text(activation.service.as_str());
        bytes.number(activation.country.0.into());
        bytes.option(activation.operator.as_ref(), |bytes, operator| bytes.text(operator.as_str()));
        bytes.option(activation.price.as_ref(), Writer::money);
        let extra = Some(&activation.extra).filter(|extra| !extra.is_empty());
        bytes.option(extra, |bytes, extra| bytes.text(&serde_json::to_string(extra).unwrap_or_default()));
        bytes.option(activation.rent.as_ref(), Writer::rent);
        // Copied, since what is left over of a larger piece of memory is of little use to others.
        Self(Box::from(bytes.0.as_slice()))
    }

    /// The whole activation again.
    pub fn unfold(&self, outline: &Outline) -> Activation {
        let mut bytes = Reader(&self.0);
        let (asked_at, messages) = (bytes.count(), bytes.messages());
        Activation {
            id: outline.id,
            owner: outline.owner.as_ref().clone(),
            provider: outline.provider.as_ref().clone(),
            upstream_id: bytes.text().to_owned(),
            phone: Phone::of_digits(bytes.text()),
            service: Service::of_code(bytes.text()),
            country: Country(u16::try_from(bytes.number()).unwrap_or_default()),
            operator: bytes.option(|bytes| Operator::of_name(bytes.text())),
            price: bytes.option(Reader::money),
            bought_at: outline.bought_at,
            expires_at: outline.expires_at,
            state: outline.state,
            asked_at,
            messages,
            extra: bytes
                .option(|bytes| serde_json::from_str(bytes.text()).unwrap_or_default())
                .unwrap_or_else(Extra::new),
            rent: bytes.option(Reader::rent),
            unwanted: outline.unwanted,
        }
    }

    /// Where it stands: the same as of the whole, without making it.
    pub fn standing(&self, outline: &Outline) -> Standing<'_> {
        let mut bytes = Reader(&self.0);
        let (asked_at, messages) = (bytes.count(), bytes.count());
        let code = (0..messages).fold("", |_, _| bytes.code());
        Standing { state: outline.state, code, asked_in_vain: asked_at == messages }
    }
}

/// How many bytes a time takes.
const TIME: usize = 12;

struct Writer(Vec<u8>);

impl Writer {
    /// Seven bits a byte, the lowest first; the eighth says that more follow.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.0.push(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn money(&mut self, money: &Money) {
        self.0.extend_from_slice(&money.amount.serialize());
        self.0.extend_from_slice(&money.currency.letters());
    }

    fn time(&mut self, time: Timestamp) {
        self.0.extend_from_slice(&time.as_second().to_le_bytes());
        self.0.extend_from_slice(&time.subsec_nanosecond().to_le_bytes());
    }

    fn sms(&mut self, sms: &Sms) {
        self.text(&sms.code);
        self.option(sms.text.as_deref(), Self::text);
        self.option(sms.sender.as_deref(), Self::text);
        self.option(sms.service.as_ref(), |bytes, service| bytes.text(service.as_str()));
        self.time(sms.received_at);
    }

    fn rent(&mut self, rent: &Rent) {
        self.number(rent.hours.into());
        self.option(rent.webhook.as_deref(), Self::text);
        self.number(rent.prolongs.map_or(0, |parent| parent.get().unsigned_abs()));
    }
}

/// Reads what a [`Writer`] wrote. What were not there would read as nothing.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.take(N).try_into().unwrap_or([0; N])
    }

    fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let [byte] = self.array();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    fn count(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or_default()
    }

    fn text(&mut self) -> &'a str {
        let length = self.count();
        std::str::from_utf8(self.take(length)).unwrap_or_default()
    }

    /// Passes a text over.
    fn skip(&mut self) {
        let length = self.count();
        self.take(length);
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.array() == [1]).then(|| read(self))
    }

    fn money(&mut self) -> Money {
        Money { amount: Decimal::deserialize(self.array()), currency: Currency::of_letters(self.array()) }
    }

    fn time(&mut self) -> Timestamp {
        let (seconds, nanos) = (i64::from_le_bytes(self.array()), i32::from_le_bytes(self.array()));
        Timestamp::new(seconds, nanos).unwrap_or_default()
    }

    fn messages(&mut self) -> Vec<Sms> {
        (0..self.count()).map(|_| self.sms()).collect()
    }

    fn sms(&mut self) -> Sms {
        Sms {
            code: self.text().to_owned(),
            text: self.option(|bytes| bytes.text().to_owned()),
            sender: self.option(|bytes| bytes.text().to_owned()),
            service: self.option(|bytes| Service::of_code(bytes.text())),
            received_at: self.time(),
        }
    }

    /// The code of a message, of which all else is passed over.
    fn code(&mut self) -> &'a str {
        let code = self.text();
        (0..3).for_each(|_| {
            self.option(Self::skip);
        });
        self.take(TIME);
        code
    }

    fn rent(&mut self) -> Rent {
        Rent {
            hours: u32::try_from(self.number()).unwrap_or_default(),
            webhook: self.option(|bytes| bytes.text().to_owned()),
            prolongs: i64::try_from(self.number()).ok().and_then(ActivationId::new),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Owner, State};

    fn plain() -> Activation {
        Activation {
            id: ActivationId::new(217_469_337).unwrap(),
            owner: Owner("anna".into()),
            provider: "main/vak-sms".into(),
            upstream_id: "3adb61376b8f4adb90d6e758cf8084fd".into(),
            phone: Phone::parse("79991112233").unwrap(),
            service: Service::parse("tg").unwrap(),
            country: Country(187),
            operator: None,
            price: None,
            bought_at: "2026-01-01T00:00:00.123456789Z".parse().unwrap(),
            expires_at: Timestamp::MAX,
            state: State::Retry,
            asked_at: 1,
            messages: Vec::new(),
            extra: Extra::new(),
            rent: None,
            unwanted: false,
        }
    }

    /// Everything that can be there is there.
    fn full() -> Activation {
        let bare = Sms::of_code("", Timestamp::MIN);
        let rich = Sms {
            text: Some("Код: 1234 — никому не говорите".repeat(40)),
            sender: Some("Telegram".into()),
            service: Some(Service::parse("wa").unwrap()),
            ..Sms::of_code("1234", "1969-12-31T23:59:59.5Z".parse().unwrap())
        };
        let extra = r#"{"z":1.10,"a":{"b":[null,"x"]}}"#;
        Activation {
            operator: Some(Operator::parse("мтс").unwrap()),
            price: Some(Money { amount: "-0.1200".parse().unwrap(), currency: Currency::USD }),
            asked_at: 300,
            messages: vec![bare, rich],
            extra: serde_json::from_str(extra).unwrap(),
            rent: Some(Rent {
                hours: 1344,
                webhook: Some("https://a.example/".into()),
                prolongs: ActivationId::new(7),
            }),
            unwanted: true,
            ..plain()
        }
    }

    #[test]
    fn what_is_unfolded_is_what_was_folded() {
        for activation in [plain(), full()] {
            let again = Folded::of(&activation).unfold(&Outline::of(&activation));
            assert_eq!(again, activation);
            let text = |one: &Activation| {
                json!([one.extra, one.price.map(|price| price.amount.to_string())]).to_string()
            };
            assert_eq!(text(&again), text(&activation));
            assert_eq!(Folded::of(&activation).standing(&Outline::of(&activation)), activation.standing());
        }
    }

    #[test]
    fn an_ordinary_one_takes_few_bytes() {
        let received =
            Sms { text: Some("Your code is 123456".into()), ..Sms::of_code("123456", Timestamp::MIN) };
        let ordinary =
            Activation { messages: vec![received], price: Some(Money::rub(Decimal::TEN)), ..plain() };
        assert!(Folded::of(&ordinary).0.len() <= 128, "{}", Folded::of(&ordinary).0.len());
    }

    #[test]
    fn a_reader_at_its_end_finds_nothing() {
        let nothing = Folded(Box::default()).unfold(&Outline::of(&plain()));
        assert!(nothing.messages.is_empty() && nothing.upstream_id.is_empty() && nothing.price.is_none());
    }
}
