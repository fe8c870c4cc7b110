//! `redirect on`: the parts in their order, so that nothing is led here before it would be trusted. Knows no part's
//! insides.

use std::process::ExitCode;

use super::account::Account;
use super::authority::Trusted;
use super::{authority, names, sights, trust};
use crate::cli::Common;

pub(super) async fn run(common: &Common) -> ExitCode {
    let config = match common.load() {
        Ok(config) => config,
        Err(code) => return code,
    };
    let mut account = Account::open();
    match authority::on(&config, &mut account) {
        Trusted::Ca(certificate) => {
            trust::on(&certificate, &mut account);
            names::on(&config, &mut account);
        }
        Trusted::ReadyMade => names::on(&config, &mut account),
        // Software that still works elsewhere would find nothing here that it trusts.
        Trusted::Nothing => names::left_alone(&account),
    }
    sights::look_around(&config, &mut account).await;
    account.leave(OWN_STORES);
    account.close()
}

const OWN_STORES: &str = "software with a trust store of its own (Python requests, Node, Java, some browsers) needs to be told of the CA: `smsbridge ca env` prints how";
