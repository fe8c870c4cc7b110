//! Whether a rent's messages may be sent to an address of the client's. Knows no way to send them.

use crate::provider::{Fault, FaultKind, Side};

/// Refuses every address: a rent that was to tell of its messages and does not is not what was ordered.
///
/// # Errors
/// Always, for now: nothing here sends webhooks.
pub(super) fn allowed_webhook(url: &str) -> Result<(), Fault> {
    let _ = url;
    let detail = "this server sends no webhooks; order without url, and ask with getRentStatus";
    Err(Fault { side: Side::Client, ..Fault::new(FaultKind::NoStock, detail) })
}
