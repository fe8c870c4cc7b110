//! What a request says, however it was written: query and form, GET or POST, urlencoded or multipart.
//! Lenient, as the original was. Knows no action.

use std::ops::Range;

use rust_decimal::Decimal;

use super::Shape;
use super::code::{Refusal, Word};
use crate::domain::{ActivationId, Country, Invalid, Operator, Service};

/// The parameters of a request, and the shape in which it is answered; where a parameter is given twice,
/// the first value wins.
#[derive(Clone, Default)]
pub struct Params {
    /// All names and values, and what is between them: a poll has three of each, which would be six strings.
    text: String,
    pairs: Vec<Pair>,
    shape: Shape,
}

/// Where a name stands in the text, and where its value does.
#[derive(Clone)]
struct Pair {
    name: Range<usize>,
    value: Range<usize>,
}

impl Params {
    /// The parameters of a query string or a urlencoded form. Stray blanks around names are dropped
    /// (clients send `country ` and `time `), and pairs without a name passed over.
    pub fn of_urlencoded(text: &[u8]) -> Self {
        match unencoded(text) {
            Some(plain) => Self::of_plain(plain),
            // Whatever is not UTF-8 or not percent-encoding is kept as it is.
            None => Self::of(text.len(), form_urlencoded::parse(text)),
        }
    }

    /// The same of a text in which nothing is encoded, which therefore is kept as it stands.
    fn of_plain(text: &str) -> Self {
        let mut params = Self { text: text.to_owned(), pairs: Vec::with_capacity(4), ..Self::default() };
        let mut start = 0;
        for pair in text.as_bytes().split(|byte| *byte == b'&') {
            let end = start + pair.len();
            let middle = pair.iter().position(|byte| *byte == b'=').map_or(end, |at| start + at);
            let written = &text[start..middle];
            let name = trimmed(written);
            if !name.is_empty() {
                let blanks =
                    if name.len() == written.len() { 0 } else { written.len() - written.trim_start().len() };
                let from = start + blanks;
                params.pairs.push(Pair { name: from..from + name.len(), value: end.min(middle + 1)..end });
            }
            start = end + 1;
        }
        params
    }

    /// The parameters of any other form.
    pub fn of_pairs(pairs: Vec<(String, String)>) -> Self {
        Self::of(0, pairs.into_iter())
    }

    /// The parameters of these pairs, whose text is no longer than `room` if that is known.
    fn of<T: AsRef<str>>(room: usize, pairs: impl Iterator<Item = (T, T)>) -> Self {
        let mut params = Self { text: String::with_capacity(room), ..Self::default() };
        for (name, value) in pairs {
            params.push(trimmed(name.as_ref()), value.as_ref());
        }
        params
    }

    fn push(&mut self, name: &str, value: &str) {
        if name.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(name);
        let middle = self.text.len();
        self.text.push_str(value);
        self.pairs.push(Pair { name: start..middle, value: middle..self.text.len() });
    }

    /// The names and values, in the order in which they were given.
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|pair| (&self.text[pair.name.clone()], &self.text[pair.value.clone()]))
    }

    /// The same, to be answered in this shape.
    #[must_use]
    pub fn in_shape(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }

    /// The shape in which it is to be answered.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// These, then those: for a POST with both query and body.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        for (name, value) in more.pairs() {
            self.push(name, value);
        }
        self
    }

    /// The value of a parameter, blanks around it dropped; `None` when it is absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.pairs().find(|(given, _)| *given == name).map(|(_, value)| trimmed(value))?;
        Some(value).filter(|value| !value.is_empty())
    }

    /// The value under the first of several spellings that is there.
    pub fn get_any(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The names of all parameters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs().map(|(name, _)| name)
    }

    /// Every parameter but the key, first values only. A name with a control character is no name: who reads it
    /// only up to there would take it for one that was given already.
    pub fn without_key(&self) -> Vec<(String, String)> {
        let mut kept: Vec<(String, String)> = Vec::new();
        for (name, value) in self.pairs() {
            let is_name = !name.contains(char::is_control);
            if is_name && name != "api_key" && kept.iter().all(|(given, _)| given != name) {
                kept.push((name.to_owned(), value.to_owned()));
            }
        }
        kept
    }

    /// Whether a switch is on: `1`, `true`, `True` (`WIRE.md` section 4).
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true"))
    }

    /// The service that must be named.
    pub fn service(&self) -> Result<Service, Refusal> {
        self.service_if_any()?
            .ok_or_else(|| Refusal::new(Word::BadService, "the parameter service is missing"))
    }

    /// The service, where it may be left out.
    pub fn service_if_any(&self) -> Result<Option<Service>, Refusal> {
        let parse =
            |text| Service::parse(text).map_err(|error| Refusal::new(Word::BadService, error.to_string()));
        self.get("service").map(parse).transpose()
    }

    /// The country; Russia where none is named (`WIRE.md` section 1, item 13).
    pub fn country(&self) -> Result<Country, Refusal> {
        Ok(self.country_if_any()?.unwrap_or(Country::DEFAULT))
    }

    /// The country, where it may be left out: absent, empty, or `any`.
    pub fn country_if_any(&self) -> Result<Option<Country>, Refusal> {
        // The document has no word for it; the real server failed in its database, but only where it
        // was no number: one that no country has, however long, had no numbers (UPSTREAMS.md section 8).
        let parse = |text: &str| match Country::parse(text) {
            Err(_) if text.bytes().all(|b| b.is_ascii_digit()) => Ok(Country(u16::MAX)),
            read => read.map_err(|error| Refusal::new(Word::ErrorSql, error.to_string())),
        };
        self.get("country").filter(|text| !text.eq_ignore_ascii_case("any")).map(parse).transpose()
    }

    /// The acceptable operators; none for any. A name that no operator can have is none of them, but a
    /// client that wrote nothing else did not ask for any operator.
    pub fn operators(&self) -> Result<Vec<Operator>, Refusal> {
        let names = self.get("operator").unwrap_or_default().split(',');
        let mut found: Vec<Operator> = Vec::new();
        let mut unreadable = None;
        for name in names.filter(|name| !name.trim().is_empty()) {
            match Operator::parse(name) {
                Ok(operator) if operator.as_str() == "any" => return Ok(Vec::new()),
                Ok(operator) if found.contains(&operator) => {}
                Ok(operator) => found.push(operator),
                Err(error) => unreadable = Some(error),
            }
        }
        match unreadable {
            Some(error) if found.is_empty() => Err(Refusal::new(Word::NoNumbers, error.to_string())),
            _ => Ok(found),
        }
    }

    /// An activation's id. Anything that is no id is an activation that does not exist.
    pub fn activation_id(&self) -> Result<ActivationId, Refusal> {
        let unknown =
            || Refusal::new(Word::NoActivation, "the parameter id is missing or no activation's id");
        self.get_any(&["activationId", "id"]).and_then(ActivationId::parse).ok_or_else(unknown)
    }

    /// The same at an action that has a word of its own for it.
    pub fn activation_id_or(&self, word: Word) -> Result<ActivationId, Refusal> {
        self.activation_id().map_err(|refusal| Refusal::new(word, refusal.detail))
    }

    /// Which part of a list is asked for, as the place of its first row and its length: `start` or `offset`, or a
    /// `page` that counts from 1, and `length`, `size` or `limit` (`WIRE.md` section 4). What is no number is as
    /// if it were not there, so that a slip of the client's does not hide its rows.
    pub fn window(&self, usual_length: usize) -> (usize, usize) {
        let number = |names: &[&str]| self.get_any(names).and_then(|text| text.parse::<usize>().ok());
        let length =
            number(&["length", "size", "limit"]).filter(|length| *length > 0).unwrap_or(usual_length);
        let page = number(&["page"]).unwrap_or(1).saturating_sub(1);
        (number(&["start", "offset"]).unwrap_or_else(|| page.saturating_mul(length)), length)
    }

    /// The price cap as given: `None` when there is none, an error when it is no positive amount.
    pub fn max_price(&self) -> Result<Option<Decimal>, Invalid> {
        let Some(text) = self.get_any(&["maxPrice", "max_price"]) else { return Ok(None) };
        match Decimal::from_str_exact(&text.replace(',', ".")) {
            Ok(price) if price > Decimal::ZERO => Ok(Some(price)),
            _ => Err(Invalid("maxPrice is a positive amount")),
        }
    }
}

/// A text in which nothing is encoded, as nearly every query is: there is nothing to be decoded then.
fn unencoded(text: &[u8]) -> Option<&str> {
    let is_plain = text.is_ascii() && !text.contains(&b'%') && !text.contains(&b'+');
    std::str::from_utf8(text).ok().filter(|_| is_plain)
}

/// Without the blanks around it; nearly always there are none.
fn trimmed(text: &str) -> &str {
    let is_bare = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if is_bare(bytes.first()) && is_bare(bytes.last()) { text } else { text.trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Params {
        Params::of_urlencoded(text.as_bytes())
    }

    #[test]
    fn odd_queries_are_read() {
        let params =
            of("&action=getNumber&country =6&service=tg&service=vk&x&=y&operator=a%2Cb&q=100%&t=a+b");
        assert_eq!(params.get("action"), Some("getNumber"));
        assert_eq!(params.country(), Ok(Country(6)));
        assert_eq!(params.get("service"), Some("tg"));
        assert_eq!(params.get("x"), None);
        assert_eq!(params.get("q"), Some("100%"));
        assert_eq!(params.get("t"), Some("a b"));
        assert_eq!(params.operators().unwrap().len(), 2);
    }

    #[test]
    fn what_is_not_encoded_is_read_as_if_it_might_be() {
        for text in ["", "&", "=", "a", "a=", "=a", "a=1", "&&a=1&&b==2&", " a =\u{b} 1 &a=2", "a=1=2&c&\t=3"]
        {
            assert!(unencoded(text.as_bytes()).is_some(), "{text:?}");
            let slow = Params::of(0, form_urlencoded::parse(text.as_bytes()));
            assert!(of(text).pairs().eq(slow.pairs()), "{text:?}");
        }
        for text in ["a=%31", "a+b=1", "a=\u{e9}"] {
            assert_eq!(unencoded(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn a_missing_country_is_russia() {
        for text in ["", "country=", "country=any", "country=ANY"] {
            assert_eq!(of(text).country(), Ok(Country(0)), "{text}");
        }
        assert_eq!(of("country=ru").country().unwrap_err().text, "ERROR_SQL");
        assert_eq!(of("country=123456").country(), Ok(Country(u16::MAX)));
    }

    #[test]
    fn any_operator_is_no_operator() {
        for text in ["", "operator=", "operator=,", "operator=any", "operator=mts,any"] {
            assert_eq!(of(text).operators(), Ok(Vec::new()), "{text}");
        }
        assert_eq!(of("operator=MTS, mts,tele2,%00").operators().unwrap().len(), 2);
        assert_eq!(of("operator=%00").operators().unwrap_err().text, "NO_NUMBERS");
    }

    #[test]
    fn a_part_of_a_list_is_asked_for_in_several_ways() {
        for (text, window) in [
            ("", (0, 10)),
            ("start=5", (5, 10)),
            ("start=5&length=2", (5, 2)),
            ("page=3&size=4", (8, 4)),
            ("offset=7&limit=1", (7, 1)),
            ("page=0&length=0", (0, 10)),
            ("start=0}&length=-1&page=x", (0, 10)),
            ("page=99999999999999999999", (0, 10)),
        ] {
            assert_eq!(of(text).window(10), window, "{text}");
        }
    }

    #[test]
    fn switches_have_several_spellings() {
        for on in ["1", "true", "True", "TRUE"] {
            assert!(of(&format!("forward={on}")).is_on("forward"), "{on}");
        }
        for off in ["0", "false", "", "2"] {
            assert!(!of(&format!("forward={off}")).is_on("forward"), "{off}");
        }
    }

    #[test]
    fn a_cap_that_is_no_amount_is_never_ignored() {
        assert_eq!(of("maxPrice=").max_price(), Ok(None));
        assert_eq!(of("max_price=1.5").max_price(), Ok(Some("1.5".parse().unwrap())));
        for bad in ["abc", "-1", "0", "1e3", "NaN"] {
            assert!(of(&format!("maxPrice={bad}")).max_price().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_passed_on_has_no_key_and_first_values_only() {
        let kept = of("api_key=k&action=a&id=1&id=2").without_key();
        let expected = [("action".to_owned(), "a".to_owned()), ("id".to_owned(), "1".to_owned())];
        assert_eq!(kept, expected);
        assert_eq!(of("action=a&id=1&id%00x=2&id%0A=3&%1Fid=4").without_key(), expected);
    }
}
