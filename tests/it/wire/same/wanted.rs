//! What is asked for, before it is written in any way: an action and parameters by their documented names.

use crate::harness::Draw;

/// The only key that is let in.
pub const KEY: &str = "0123456789abcdef0123456789abcdef";

/// A request by its meaning.
pub struct Wanted {
    /// Names and values, each name once.
    pub pairs: Vec<(&'static str, String)>,
}

/// An action, and parameters it may have, each with values to choose from; the first of them says nothing
/// that the action would not assume.
type Sort = (&'static str, &'static [(&'static str, &'static [&'static str])]);

const SERVICE: (&str, &[&str]) = ("service", &["tg", "wa", "go", "ig", "vk", "tg", "nn", "nosuch", "тг", ""]);
const COUNTRY: (&str, &[&str]) = ("country", &["0", "6", "12", "187", "999", "x"]);
const OPERATOR: (&str, &[&str]) = ("operator", &["any", "mts", "tele2,mts", "nosuch"]);
const ORDER: &[(&str, &[&str])] = &[
    SERVICE,
    COUNTRY,
    OPERATOR,
    ("maxPrice", &["500", "0.01", "12,5", "abc", "-1"]),
    ("phoneException", &["7999,7918", "799", "7 918"]),
    ("forward", &["0", "1"]),
    ("verification", &["0", "1"]),
    ("freePrice", &["0", "1"]),
];
/// An activation's id is put in for `ID`.
const ACTIVATION: (&str, &[&str]) = ("id", &["ID", "ID", "ID", "ID", "1", "x", ""]);

/// Orders stand here several times, so that there is something to ask about.
const SORTS: &[Sort] = &[
    ("getNumber", ORDER),
    ("getNumber", &[SERVICE, COUNTRY]),
    ("getNumber", &[("service", &["tg"]), COUNTRY]),
    ("getNumberV2", ORDER),
    ("getNumberV2", &[SERVICE, OPERATOR]),
    ("setStatus", &[ACTIVATION, ("status", &["1", "3", "6", "8", "-1", "5", ""]), ("forward", &["0", "1"])]),
    ("setStatus", &[ACTIVATION, ("status", &["1", "3", "6", "8"])]),
    ("getStatus", &[ACTIVATION]),
    ("getStatus", &[ACTIVATION]),
    ("getStatusV2", &[ACTIVATION]),
    ("getFullSms", &[ACTIVATION]),
    ("getActiveActivations", &[]),
    ("getHistory", &[("start", &["0", "1767225600", "x"]), ("end", &["1767225700", "99999999999"])]),
    ("getBalance", &[]),
    ("getBalanceAndCashBack", &[]),
    ("getNumbersStatus", &[COUNTRY, OPERATOR]),
    ("getPrices", &[("service", &["tg", "nosuch"]), COUNTRY]),
    ("getTopCountriesByService", &[("service", &["tg", "wa"]), ("freePrice", &["0", "1"])]),
    ("getOperators", &[("country", &["0", "3", "12", "x"])]),
    ("getMultiServiceNumber", &[("multiService", &["tg,vk"])]),
    ("nonsense", &[COUNTRY]),
    ("", &[]),
];

impl Wanted {
    /// Something, perhaps about one of these numbers.
    pub fn drawn(numbers: &[String], draw: &mut Draw) -> Self {
        let (action, parameters) = SORTS[draw.below(SORTS.len())];
        let mut pairs = vec![("api_key", KEY.to_owned()), ("action", action.to_owned())];
        if draw.once_in(40) {
            pairs[0].1 = "wrong".to_owned();
        }
        for (name, values) in parameters {
            // What an order cannot do without is left out now and then only, and of lists never: those of
            // everything take long.
            let needed = ["service", "id", "status"].contains(name);
            let listed = action.starts_with("getPrices") || action.starts_with("getTop");
            if draw.once_in(if needed { 12 } else { 2 }) && !(needed && listed) {
                continue;
            }
            let value = match draw.one(values) {
                "ID" => numbers.get(draw.below(numbers.len().max(1))).map_or("7", String::as_str),
                value => value,
            };
            pairs.push((name, value.to_owned()));
        }
        Self { pairs }
    }

    /// The action's name.
    pub fn action(&self) -> &str {
        &self.pairs[1].1
    }

    /// The plainest form of it: a query.
    pub fn query(&self) -> String {
        let written = self.pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        written.collect::<Vec<_>>().join("&")
    }
}

/// What is no letter, digit or comma is encoded.
fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b',' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(one).collect()
}
