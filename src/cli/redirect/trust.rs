//! The part that is the trust stores of this machine. Knows none of the other parts.

use super::account::Account;
use crate::ca::Certificate;
use crate::config::Config;

/// Has the CA trusted.
pub(super) fn on(_config: &Config, _certificate: &Certificate, _account: &mut Account) {}

/// Has it trusted no longer.
pub(super) fn off(_config: &Config, _account: &mut Account) {}

/// Says where it is trusted.
pub(super) fn status(_config: &Config, _certificate: &Certificate, _account: &mut Account) {}
