//! How often an upstream may be asked, as it is written in the configuration: `10/s burst 20`. Knows
//! neither time nor who asks.
//!
//! A part without `burst` is strict: never more than so many within any second, minute or hour. With
//! `burst` it is an average: so many at once after a pause, and then one after another.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// What is asked for where nothing is configured: less than any known service allows.
pub const DEFAULT: &str = "10/s burst 20";

/// What would be right, for an error message.
pub const RIGHT: &str =
    "calls a unit of time (s, min or h) as \"10/s burst 20\", several as \"10/s 300/min\", or \"off\"";

/// More makes no sense, and a strict part remembers as many calls.
const MOST: u32 = 100_000;

/// How often an upstream may be asked: within all of these parts. Without any it is not limited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace(Vec<Part>);

/// So many calls a unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How many.
    pub calls: NonZeroU32,
    /// In which time.
    pub unit: Unit,
    /// How many at once after a pause, where `calls` is an average; `None` where it is strict.
    pub burst: Option<NonZeroU32>,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `s`
    Second,
    /// `min`
    Minute,
    /// `h`
    Hour,
}

impl Unit {
    const ALL: [Self; 3] = [Self::Second, Self::Minute, Self::Hour];

    /// How it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hour => "h",
        }
    }

    /// How long it is.
    pub fn length(self) -> Duration {
        Duration::from_secs(match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3600,
        })
    }
}

impl Pace {
    /// Not limited.
    pub fn off() -> Self {
        Self(Vec::new())
    }

    /// Reads `off`, or parts with blanks between them; `None` when `text` is neither.
    pub fn parse(text: &str) -> Option<Self> {
        if text.trim() == "off" {
            return Some(Self::off());
        }
        let mut words = text.split_whitespace().peekable();
        let mut parts = Vec::new();
        while let Some(word) = words.next() {
            let (calls, unit) = word.split_once('/')?;
            let calls = count(calls)?;
            let unit = Unit::ALL.into_iter().find(|known| known.word() == unit)?;
            let burst = match words.next_if_eq(&"burst") {
                Some(_) => Some(count(words.next()?)?),
                None => None,
            };
            parts.push(Part { calls, unit, burst });
        }
        (!parts.is_empty()).then_some(Self(parts))
    }

    /// Its parts; none when it is off.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Whether nothing is limited.
    pub fn is_off(&self) -> bool {
        self.0.is_empty()
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::parse(DEFAULT).unwrap_or_else(Self::off)
    }
}

fn count(text: &str) -> Option<NonZeroU32> {
    text.parse().ok().filter(|count: &NonZeroU32| count.get() <= MOST)
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_off() {
            return f.write_str("off");
        }
        for (nth, Part { calls, unit, burst }) in self.0.iter().enumerate() {
            let blank = if nth > 0 { " " } else { "" };
            write!(f, "{blank}{calls}/{}", unit.word())?;
            if let Some(burst) = burst {
                write!(f, " burst {burst}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shown_as_it_is_written() {
        for text in ["off", DEFAULT, "10/s", "10/s 300/min", "3/s burst 1 100/min 2000/h burst 50"] {
            assert_eq!(Pace::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Pace::parse("  10/s \t 300/min ").unwrap().to_string(), "10/s 300/min");
        assert_eq!(Pace::default().to_string(), DEFAULT);
    }

    #[test]
    fn what_is_something_else_is_refused() {
        for text in [
            "",
            " ",
            "10",
            "10/",
            "/s",
            "0/s",
            "-1/s",
            "1.5/s",
            "10/m",
            "10/sec",
            "10 / s",
            "10/s,300/min",
            "10/s burst",
            "10/s burst 0",
            "10/s burst x",
            "burst 20",
            "10/s burst 20 burst 20",
            "off 10/s",
            "OFF",
            "100001/h",
            "99999999999/s",
        ] {
            assert_eq!(Pace::parse(text), None, "{text}");
        }
    }
}
