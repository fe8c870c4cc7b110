//! `redirect off`: the parts the other way round, each whatever came of the others, so that something half done is undone
//! too. Knows no part's insides.

use std::process::ExitCode;

use super::account::Account;
use super::{authority, names, trust};
use crate::cli::Common;

pub(super) fn run(common: &Common) -> ExitCode {
    let mut account = Account::open();
    // Neither needs a configuration, so a wrong one is no hindrance.
    names::off(&mut account);
    trust::off(&mut account);
    let config = match common.load() {
        Ok(config) => config,
        Err(code) => {
            account.close();
            return code;
        }
    };
    // What is trusted still must be recognised the next time.
    if account.is_good() {
        authority::off(&config, &mut account);
    }
    account.close()
}
