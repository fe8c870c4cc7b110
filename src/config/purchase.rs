//! `[purchase]`: what becomes of what was bought and not received, or not used. Knows no provider.

use std::time::Duration;

use super::keys;
use super::reader::Table;
use super::report::Report;
use crate::provider::OptionKind;

/// Longer than this nobody asks for an answer again that was lost, and the number costs money meanwhile.
const LONGEST: Duration = Duration::from_secs(600);

/// What becomes of what was bought and not received, or not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurchaseConfig {
    /// For how long a number that its client did not wait for is kept for that client's next identical order; zero
    /// for not at all.
    pub adopt_within: Duration,
    /// Whether a number that nobody asks about is given back before its time is over.
    pub cancel_unused: bool,
}

impl Default for PurchaseConfig {
    fn default() -> Self {
        Self { adopt_within: Duration::from_secs(60), cancel_unused: true }
    }
}

/// Reads `[purchase]`; `None` when it is no table, or lacks what is built in because that was refused.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> Option<PurchaseConfig> {
    let table = root.table("purchase", report)?;
    table.refuse_unknown(keys::PURCHASE, report);
    let adopt_within =
        table.get("adopt_within").and_then(|node| node.duration(Duration::ZERO, LONGEST, report));
    let cancel_unused = table.get("cancel_unused").and_then(|node| node.plain(OptionKind::Bool, report));
    Some(PurchaseConfig { adopt_within: adopt_within?, cancel_unused: cancel_unused? == "true" })
}
