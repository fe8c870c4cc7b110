//! The part that is the trust stores of this machine. Knows none of the other parts.

use super::account::Account;
use crate::ca::Certificate;
use crate::ca::stores::{self, Line, Machine, Outcome};
use crate::redirect::system;

const PART: &str = "trust";

/// Has the CA trusted wherever that can be done.
pub(super) fn on(certificate: &Certificate, account: &mut Account) {
    tell(&stores::install(certificate, &Machine::this()), super::ON, account);
}

/// Has none of ours trusted any more.
pub(super) fn off(account: &mut Account) {
    tell(&stores::uninstall(&Machine::this()), super::OFF, account);
}

/// Says where it is trusted.
pub(super) fn status(certificate: &Certificate, account: &mut Account) {
    let lines = stores::state(certificate, &Machine::this());
    tell(&lines, super::ON, account);
    if lines.iter().any(|line| line.outcome == Outcome::NotThere) {
        account.leave(&format!("run `{}`, so that every store has it", super::ON));
    }
}

/// A store that cannot be changed is somebody's to see to; whether it matters is for the check to say.
fn tell(lines: &[Line], command: &str, account: &mut Account) {
    for line in lines {
        match (&line.outcome, line.help()) {
            (Outcome::NeedsRights, _) => {
                account.wrong(PART, &line.to_string(), &system::with_rights(command));
            }
            (Outcome::Failed(_), _) => account.wrong(PART, &line.to_string(), &mend(command)),
            (_, Some(help)) => {
                account.line(PART, &line.to_string());
                account.leave(&help);
            }
            _ => account.line(PART, &line.to_string()),
        }
    }
}

fn mend(command: &str) -> String {
    format!("mend that, then run `{command}` again")
}
