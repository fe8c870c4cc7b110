//! The parameter `lang`, which selects the currency of the balance and of prices. Knows no action.

use rust_decimal::Decimal;

/// What a ruble is in dollars here: the market keeps rubles, and 80 of them are a dollar. Any amount of
/// kopecks stays an exact decimal.
const DOLLARS: Decimal = Decimal::from_parts(125, 0, 0, false, 4);

/// "Localization ru or en".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lang {
    /// Rubles, the market's own amounts.
    Ru,
    /// Dollars.
    En,
}

impl Lang {
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// An amount of the market in this currency.
    pub(super) fn amount(self, rubles: Decimal) -> Decimal {
        match self {
            Self::Ru => rubles,
            Self::En => (rubles * DOLLARS).normalize(),
        }
    }
}
