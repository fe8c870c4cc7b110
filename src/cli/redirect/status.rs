//! `redirect status`: how each part stands; nothing is changed. Knows no part's insides.

use std::process::ExitCode;

use super::account::Account;
use super::{authority, names, sights, trust};
use crate::cli::Common;

pub(super) async fn run(common: &Common) -> ExitCode {
    let config = match common.load() {
        Ok(config) => config,
        Err(code) => return code,
    };
    let mut account = Account::open();
    if let Some(certificate) = authority::status(&config, &mut account) {
        trust::status(&certificate, &mut account);
    }
    names::status(&config, &mut account);
    sights::look_around(&config, &mut account).await;
    account.close()
}
