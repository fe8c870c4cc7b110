//! `[ledger] keep`: for how long what is over stays in the ledger. Knows no other setting.

use std::time::Duration;

use super::reader::Node;
use super::report::Report;

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
    node.duration(SHORTEST, LONGEST, report).map(Some)
}

/// It as it would be written.
pub(crate) fn text(keep: Option<Duration>) -> String {
    match keep {
        None => FOREVER.to_owned(),
        Some(keep) => super::duration_text(keep),
    }
}
