//! What a question for an activation is answered while its upstream is in trouble: what was last known, and a remark that
//! it is. Clients give up at an error word, and with it a number that is paid. Knows nothing of how a state is printed.

use std::sync::Arc;
use std::time::Duration;

use super::{Caller, Upstream};
use crate::provider::Fault;

/// Turns a failure that may pass into leave to answer from memory; any other one is told.
pub(super) fn or_last_known(
    caller: &Caller,
    seller: Result<&Arc<Upstream>, Fault>,
    fault: Fault,
) -> Result<(), Fault> {
    // One that is no longer configured will never be asked again.
    if seller.is_err() || !fault.may_ask_again() {
        return Err(fault);
    }
    let text = format!("as last known, since the provider cannot be asked: {fault}");
    caller.meter.remark(Duration::ZERO, text);
    Ok(())
}
