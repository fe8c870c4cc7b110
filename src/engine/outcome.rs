//! The three outcomes of a purchase, as types: what is written down of one cannot be mistaken for another. Knows
//! neither what is bought nor the ledger.

use crate::provider::{Effect, Fault};

/// What came of a purchase.
#[derive(Debug)]
pub(super) enum Outcome<T> {
    /// It was made.
    Done(T),
    /// It was certainly not made; its row is released.
    NotDone(NotDone),
    /// Nobody knows whether it was made; its row is kept as unknown, and it is never sent again.
    Unknown(InDoubt),
}

/// Why a purchase was certainly not made.
#[derive(Debug)]
pub(super) struct NotDone(Fault);

/// Why nobody knows whether a purchase was made.
#[derive(Debug)]
pub(super) struct InDoubt(Fault);

impl<T> Outcome<T> {
    /// What an upstream's answer to a purchase comes to.
    pub(super) fn of(answer: Result<T, Fault>) -> Self {
        match answer {
            Ok(bought) => Self::Done(bought),
            Err(fault) => match fault.effect {
                Effect::None => Self::NotDone(NotDone(fault)),
                Effect::Unknown => Self::Unknown(InDoubt(fault)),
            },
        }
    }
}

impl NotDone {
    /// Why.
    pub(super) fn fault(self) -> Fault {
        self.0
    }

    /// Why, for people.
    pub(super) fn reason(&self) -> String {
        self.0.to_string()
    }
}

impl InDoubt {
    /// Why.
    pub(super) fn fault(self) -> Fault {
        self.0
    }

    /// Why, for people.
    pub(super) fn reason(&self) -> String {
        self.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::FaultKind;

    #[test]
    fn an_answer_that_is_in_doubt_is_neither_done_nor_undone() {
        let fault = || Fault::new(FaultKind::TimedOut, "no answer");
        assert!(matches!(Outcome::of(Ok(1)), Outcome::Done(1)));
        assert!(matches!(Outcome::<()>::of(Err(fault())), Outcome::NotDone(_)));
        assert!(matches!(Outcome::<()>::of(Err(fault().in_doubt())), Outcome::Unknown(_)));
    }
}
