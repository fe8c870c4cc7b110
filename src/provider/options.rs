//! Settings that only one kind of provider has: what they are called, what they hold, and their
//! values once read. Knows neither the configuration file nor what a setting does.

use std::collections::BTreeMap;
use std::time::Duration;

use rust_decimal::Decimal;

/// One setting of a kind of provider, as `proxy.toml` documents it.
#[derive(Debug)]
pub struct OptionKey {
    /// Its key in `[provider.NAME]`.
    pub name: &'static str,
    /// What it holds.
    pub kind: OptionKind,
    /// Its value when it is not set, as it would be written; empty for none.
    pub default: &'static str,
    /// What it is for.
    pub doc: &'static str,
}

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// Any text.
    Text,
    /// A whole number, 0 or more.
    Integer,
    /// A duration: `5s`, `2m`.
    Duration,
    /// A decimal amount.
    Amount,
    /// `true` or `false`.
    Bool,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Any of these words, with commas between them.
    Words(&'static [&'static str]),
}

impl OptionKind {
    /// What would be right, for an error message; `None` when `text` is.
    pub fn complaint(self, text: &str) -> Option<String> {
        if let Self::Choice(words) = self {
            return (!words.contains(&text)).then(|| format!("one of {}", words.join(", ")));
        }
        if let Self::Words(words) = self {
            let bad = split(text).any(|word| !words.contains(&word));
            return bad.then(|| format!("any of {}, with commas between them", words.join(", ")));
        }
        let (good, right) = match self {
            Self::Text | Self::Choice(_) | Self::Words(_) => (true, "a text"),
            Self::Integer => (text.parse::<u64>().is_ok(), "a whole number, 0 or more"),
            Self::Duration => (parse_duration(text).is_some(), "a duration as \"5s\", \"2m\" or \"1h 30m\""),
            Self::Amount => (Decimal::from_str_exact(text).is_ok(), "a decimal amount as \"1000.00\""),
            Self::Bool => (matches!(text, "true" | "false"), "true or false"),
        };
        (!good).then(|| right.to_owned())
    }
}

/// The words of a list with commas between them.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// Reads `15s`, `2m`, `1h 30m`, `250ms`, `90d`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let (days, rest) = days_of(text.trim());
    let rest = match rest {
        "" if days > 0 => jiff::SignedDuration::ZERO,
        rest => rest.parse().ok()?,
    };
    Duration::from_secs(days.checked_mul(24 * 3600)?).checked_add(Duration::try_from(rest).ok()?)
}

/// The days that a duration begins with, as "90d", and what follows them.
fn days_of(text: &str) -> (u64, &str) {
    let split = text.split_once('d').map(|(days, rest)| (days.trim_end().parse(), rest));
    match split {
        // Of another word that begins with a d nothing is known.
        Some((Ok(days), rest)) if !rest.starts_with(char::is_alphabetic) => (days, rest.trim_start()),
        _ => (0, text),
    }
}

/// The settings of one provider, complete and well-formed: the configuration has checked them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options(BTreeMap<&'static str, String>);

impl Options {
    /// The defaults of a kind, with those of a variant and then `given` over them.
    pub fn new(
        keys: &'static [OptionKey],
        variant: &[(&str, &str)],
        given: &BTreeMap<String, String>,
    ) -> Self {
        let value = |key: &OptionKey| {
            let default =
                variant.iter().find(|(name, _)| *name == key.name).map_or(key.default, |(_, text)| text);
            given.get(key.name).cloned().unwrap_or_else(|| default.to_owned())
        };
        Self(keys.iter().map(|key| (key.name, value(key))).collect())
    }

    /// A text; `None` when it is empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    /// A duration; zero when it is not set.
    pub fn duration(&self, name: &str) -> Duration {
        self.text(name).and_then(parse_duration).unwrap_or_default()
    }

    /// An amount.
    pub fn amount(&self, name: &str) -> Option<Decimal> {
        Decimal::from_str_exact(self.text(name)?).ok()
    }

    /// The words of a list; none when it is not set.
    pub fn words(&self, name: &str) -> impl Iterator<Item = &str> {
        split(self.text(name).unwrap_or_default())
    }

    /// A switch; off when it is not set.
    pub fn is_on(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// Every setting with its value, for `check`.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_may_have_days() {
        let day = 24 * 3600;
        for (text, seconds) in
            [("90d", 90 * day), (" 1 d ", day), ("1d 12h", day + 12 * 3600), ("2m", 120), ("3 seconds", 3)]
        {
            assert_eq!(parse_duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "d", "-1d", "0.5d", "90", "1d12", "1 d and more", "99999999999999999d", "1dozen"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_list_of_words_has_only_those_that_there_are() {
        let kind = OptionKind::Words(&["one", "two"]);
        for good in ["", "one", "two, one", "one,,two,"] {
            assert_eq!(kind.complaint(good), None, "{good}");
        }
        for bad in ["three", "one two", "one,three"] {
            assert_eq!(
                kind.complaint(bad).as_deref(),
                Some("any of one, two, with commas between them"),
                "{bad}"
            );
        }
    }
}
