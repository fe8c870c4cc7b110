//! The part that is the local CA, or the certificate that is used in its place. Knows none of the other parts.

use super::ON;
use super::account::Account;
use crate::ca::{Authority, CaError, Certificate, Made};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;

const PART: &str = "CA";

/// Makes it, unless it is there. `None` where there is none to be trusted.
pub(super) fn on(config: &Config, account: &mut Account) -> Option<Certificate> {
    if is_ready_made(config, account) {
        return None;
    }
    let folder = &config.tls.folder;
    match Authority::init(folder, &config.redirect.names, SystemClock::new().now()) {
        Ok((authority, made)) => {
            let word = if made == Made::New { "made" } else { "was there" };
            account.line(PART, &format!("{}: {word}", folder.display()));
            let certificate = authority.certificate().clone();
            says_what_it_lacks(&certificate, config, account);
            Some(certificate)
        }
        Err(error) => {
            refused(&error, account);
            None
        }
    }
}

/// Removes it.
pub(super) fn off(config: &Config, account: &mut Account) {
    let folder = &config.tls.folder;
    match crate::ca::remove(folder) {
        Ok(true) => account.line(PART, &format!("{}: removed", folder.display())),
        Ok(false) => account.line(PART, &format!("{}: none was there", folder.display())),
        Err(error) => {
            account.wrong(PART, &error.to_string(), "mend that, then run `smsbridge redirect off` again")
        }
    }
}

/// Says how it stands.
pub(super) fn status(config: &Config, account: &mut Account) -> Option<Certificate> {
    if is_ready_made(config, account) {
        return None;
    }
    let folder = &config.tls.folder;
    match Certificate::load(folder) {
        Ok(certificate) => {
            account.line(PART, &format!("{}: valid until {}", folder.display(), certificate.ends()));
            says_what_it_lacks(&certificate, config, account);
            Some(certificate)
        }
        Err(CaError::Missing { .. }) => {
            account.wrong(PART, &format!("{}: none is there", folder.display()), &format!("run `{ON}`"));
            None
        }
        Err(error) => {
            refused(&error, account);
            None
        }
    }
}

fn is_ready_made(config: &Config, account: &Account) -> bool {
    let Some(pair) = &config.tls.ready else { return false };
    let text =
        format!("{}: this certificate is used, and whoever made it is to be trusted", pair.cert.display());
    account.line(PART, &text);
    true
}

fn says_what_it_lacks(certificate: &Certificate, config: &Config, account: &mut Account) {
    let lacking = certificate.lacking(&config.redirect.names);
    if !lacking.is_empty() {
        let text = format!("it cannot sign for {}", lacking.join(", "));
        account.wrong(PART, &text, &format!("run `smsbridge ca init --renew`, then `{ON}`"));
    }
}

fn refused(error: &CaError, account: &mut Account) {
    account.wrong(PART, &error.to_string(), &format!("mend that, then run `{ON}` again"));
}
