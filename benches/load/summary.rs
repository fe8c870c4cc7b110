//! Several measurements of one thing in one figure: their median, and how far the middle half of them lies apart.

use serde_json::{Value, json};

/// The median with the quartiles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// In the middle.
    pub median: f64,
    /// A quarter of them is below this.
    pub low: f64,
    /// A quarter of them is above this.
    pub high: f64,
}

impl Summary {
    /// Of these; zero where there are none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        Self { median: at(&sorted, 0.5), low: at(&sorted, 0.25), high: at(&sorted, 0.75) }
    }

    /// Of the values here over those there, round by round, so that what slowed a round down as a whole is in
    /// neither.
    pub fn of_ratios(here: &[f64], there: &[f64]) -> Self {
        let pairs = here.iter().zip(there).filter(|(_, below)| **below > 0.0);
        Self::of(pairs.map(|(above, below)| above / below))
    }

    /// Of the values here less those there, round by round.
    pub fn of_differences(here: &[f64], there: &[f64]) -> Self {
        Self::of(here.iter().zip(there).map(|(more, less)| more - less))
    }

    /// As JSON.
    pub fn json(self) -> Value {
        json!({ "median": self.median, "low": self.low, "high": self.high })
    }

    /// The median, and in brackets the quartiles, with so many decimals.
    pub fn written(self, decimals: usize) -> String {
        let Self { median, low, high } = self;
        format!("{median:.decimals$} ({low:.decimals$}–{high:.decimals$})")
    }
}

/// The value below which this share lies, between two values in proportion.
fn at(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share * super::load::as_float(last as u64);
    let below = sorted.iter().take(last + 1).nth(whole(place)).copied().unwrap_or(0.0);
    let above = sorted.get((whole(place) + 1).min(last)).copied().unwrap_or(below);
    below + (above - below) * place.fract()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(place: f64) -> usize {
    place as usize
}
