//! The words that an answer can begin with, for those who count them. Knows neither who answers nor who counts.

use super::code::Word;

/// The words that are no error's. Those of the document, and two of our own: `OK` for an answer in JSON, and `RELAYED`
/// for one that an upstream wrote and that begins with no word.
const AGREEING: &[&str] = &[
    "ACCESS_ACTIVATION",
    "ACCESS_BALANCE",
    "ACCESS_CANCEL",
    "ACCESS_NUMBER",
    "ACCESS_READY",
    "ACCESS_RETRY_GET",
    "ADDITIONAL",
    "FULL_SMS",
    "OK",
    "RELAYED",
    "STATUS_CANCEL",
    "STATUS_OK",
    "STATUS_WAIT_CODE",
    "STATUS_WAIT_RESEND",
    "STATUS_WAIT_RETRY",
];

/// Every word that an answer of ours can begin with.
pub fn outcomes() -> impl Iterator<Item = &'static str> {
    AGREEING.iter().copied().chain(Word::ALL.iter().map(|word| word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::shape::FLAVOURS;

    #[test]
    fn a_flavour_says_nothing_else() {
        let known: Vec<_> = outcomes().collect();
        for instead in FLAVOURS.iter().flat_map(|flavour| flavour.shape.words) {
            assert!(known.contains(&instead.say), "{}", instead.say);
        }
    }
}
