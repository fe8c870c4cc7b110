//! `[ledger] keep`: for how long what is over stays in the ledger. Knows no other setting.

use std::time::Duration;

use super::error::Problem;
use super::reader::Node;
use super::report::Report;
use crate::provider::parse_duration;

/// What is written where nothing that was bought is ever let go.
pub(crate) const FOREVER: &str = "forever";

/// The guards of spending count what was bought within a day.
const SHORTEST: Duration = Duration::from_secs(2 * 24 * 3600);
const LONGEST: Duration = Duration::from_secs(3650 * 24 * 3600);

/// Reads it; the inner `None` is for ever.
pub(super) fn read(node: &Node<'_>, report: &mut Report) -> Option<Option<Duration>> {
    if node.is(FOREVER) {
        return Some(None);
    }
    if parse_duration(node.text(report)?).is_none() {
        node.fail(report, Problem::Unsuitable("\"forever\", or a duration as \"90d\"".to_owned()));
        return None;
    }
    node.duration(SHORTEST, LONGEST, report).map(Some)
}

/// It as it would be written.
pub(crate) fn text(keep: Option<Duration>) -> String {
    match keep {
        None => FOREVER.to_owned(),
        Some(keep) => super::duration_text(keep),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_would_be_written() {
        for (written, keep) in [
            ("forever", None),
            ("90d", Some(Duration::from_secs(90 * 24 * 3600))),
            ("49h", Some(Duration::from_secs(49 * 3600))),
        ] {
            assert_eq!(text(keep), written);
            assert_eq!(parse_duration(written), keep, "{written}");
        }
    }
}
