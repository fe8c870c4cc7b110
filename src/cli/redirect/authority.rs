//! The part that is the local CA, or the certificate that is used in its place. Knows none of the other parts.

use super::ON;
use super::account::Account;
use crate::ca::{Authority, CaError, Certificate, Made};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;

const PART: &str = "CA";

/// What a system has to trust.
pub(super) enum Trusted {
    /// This CA.
    Ca(Certificate),
    /// What it trusts already: whoever made the certificate that is used.
    ReadyMade,
    /// There is nothing that it should trust.
    Nothing,
}

/// Makes it, unless it is there.
pub(super) fn on(config: &Config, account: &mut Account) -> Trusted {
    if is_ready_made(config, account) {
        return Trusted::ReadyMade;
    }
    let folder = &config.tls.folder;
    match Authority::init(folder, &config.redirect.names, SystemClock::new().now()) {
        Ok((authority, made)) => {
            let word = if made == Made::New { "made" } else { "was there" };
            account.line(PART, &format!("{}: {word}", folder.display()));
            let certificate = authority.certificate().clone();
            says_what_it_lacks(&certificate, config, account);
            if goes_beyond(&certificate, config, account) {
                return Trusted::Nothing;
            }
            Trusted::Ca(certificate)
        }
        Err(error) => {
            refused(&error, account);
            Trusted::Nothing
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
            goes_beyond(&certificate, config, account);
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

/// Whether it can sign for what nobody has asked to trust it for: a name was taken away since, or somebody else made it.
fn goes_beyond(certificate: &Certificate, config: &Config, account: &mut Account) -> bool {
    let beyond = certificate.beyond(&config.redirect.names);
    if !beyond.is_empty() {
        let text = format!("it can sign for {}, which [redirect] hosts does not name", beyond.join(", "));
        account.wrong(PART, &text, &format!("run `smsbridge ca init --renew`, then `{ON}`"));
    }
    !beyond.is_empty()
}

fn refused(error: &CaError, account: &mut Account) {
    account.wrong(PART, &error.to_string(), &format!("mend that, then run `{ON}` again"));
}
