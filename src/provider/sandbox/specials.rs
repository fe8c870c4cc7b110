//! What always ends in one way, so that software can rehearse each. Knows no market.

use std::time::Duration;

use crate::mock::Special;

/// What always ends badly: the dialect's code, and how. The README lists them.
pub static SPECIALS: &[(&str, Ending)] = &[
    ("nn", Ending::NoNumbers),
    ("nb", Ending::NoBalance),
    ("zz", Ending::NoCode),
    ("204", Ending::NoNumbers),
    ("180", Ending::NoBalance),
    ("181", Ending::NoCode),
    ("193", Ending::LateCode),
];

/// How the sandbox lets an order end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Never a number.
    NoNumbers,
    /// Never enough money.
    NoBalance,
    /// Never a message.
    NoCode,
    /// The first message comes after a minute and a half.
    LateCode,
}

impl Ending {
    /// What the market is told of it.
    pub(super) fn special(self) -> Special {
        match self {
            Self::NoNumbers => Special::OutOfStock,
            Self::NoBalance => Special::NoFunds,
            Self::NoCode => Special::NoMessage,
            Self::LateCode => Special::FirstAfter(Duration::from_secs(90)),
        }
    }
}
