//! What can go wrong on the way to an upstream and back: an answer's bytes, or the fault that there are
//! none. Knows no address, no path and no word of an upstream.

use reqwest::Response;

use super::http::{Answer, Purpose};
use super::{Fault, FaultKind};
use crate::domain::Secret;

/// More than any documented list is long; all countries' prices come to about 5 MB.
const LONGEST_LIST: usize = 16 * 1024 * 1024;

/// More than anything else is long: a purchase, a state, an account's messages.
const LONGEST_ANSWER: usize = 2 * 1024 * 1024;

/// How long an answer to such a request may be, in bytes.
fn longest(purpose: Purpose) -> usize {
    match purpose {
        Purpose::List | Purpose::Ahead => LONGEST_LIST,
        Purpose::Act | Purpose::Poll => LONGEST_ANSWER,
    }
}

/// Why there is no answer.
pub(super) enum Failure {
    /// The client library says so.
    Transport(reqwest::Error),
    /// The answer was under way and broke off.
    CutOff(reqwest::Error),
    /// The answer is longer than so many bytes, which no documented one is.
    TooLong(usize),
    /// The call came back to the server with this mark, which did nothing.
    CameBack(String),
}

/// Reads an answer to its end.
pub(super) async fn read(mut response: Response, purpose: Purpose) -> Result<Answer, Failure> {
    let longest = longest(purpose);
    let status = response.status().as_u16();
    if response.content_length().is_some_and(|length| length > longest as u64) {
        return Err(Failure::TooLong(longest));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Failure::CutOff)? {
        if body.len() + chunk.len() > longest {
            return Err(Failure::TooLong(longest));
        }
        body.extend_from_slice(&chunk);
    }
    let body = String::from_utf8(body)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(Answer { status, body })
}

/// An upstream that repeats the key it was asked with has it struck out: its words reach logs, clients and the
/// ledger, and what is only passed on reaches them whole. A key that is short, or a number, might be part of
/// what was sold.
pub(super) fn masked(answer: Answer, key: &Secret) -> Answer {
    let key = key.expose();
    let is_telling = key.len() >= 8 && !key.bytes().all(|byte| byte.is_ascii_digit());
    if is_telling && answer.body.contains(key) {
        return Answer { body: answer.body.replace(key, "***"), ..answer };
    }
    answer
}

/// Sorts a failure. Before a connection stands nothing was sent; after that nobody can tell. The URL is
/// never printed: it carries the key.
pub(super) fn fault_of(host: &str, failure: Failure) -> Fault {
    let (error, cut_off) = match failure {
        Failure::Transport(error) => (error, false),
        Failure::CutOff(error) => (error, true),
        Failure::TooLong(longest) => {
            let detail = format!("{host} answered more than {longest} bytes");
            return Fault::new(FaultKind::Malformed, detail).in_doubt();
        }
        Failure::CameBack(_) => {
            let detail = format!(
                "the upstream's address leads back to this server: {host} is redirected here for it, too; set resolve in its [provider] section to the service's own IP address, or [dns] servers"
            );
            return Fault::new(FaultKind::CameBack, detail);
        }
    };
    if error.is_builder() {
        return Fault::new(FaultKind::Malformed, "the request could not be built");
    }
    if error.is_connect() && !cut_off {
        let why = root_cause(&error);
        return Fault::new(FaultKind::Unreachable, format!("no connection to {host}: {why}"));
    }
    if error.is_timeout() {
        return Fault::new(FaultKind::TimedOut, format!("no complete answer from {host} in time")).in_doubt();
    }
    let why = root_cause(&error);
    Fault::new(FaultKind::UpstreamFailed, format!("the connection to {host} broke: {why}")).in_doubt()
}

fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if std::ptr::addr_eq(cause, error) { "transport error".to_owned() } else { cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(body: &str, key: &str) -> String {
        masked(Answer { status: 200, body: body.to_owned() }, &Secret::new(key)).body
    }

    #[test]
    fn a_key_that_is_repeated_is_struck_out_and_nothing_else_is() {
        let key = "aB3dE6gH";
        assert_eq!(body("the key aB3dE6gH (aB3dE6gH) is wrong", key), "the key *** (***) is wrong");
        assert_eq!(body("ACCESS_NUMBER:1:79991112233", key), "ACCESS_NUMBER:1:79991112233");
        for part in ["7999", "79991112233", "ACCESS", ""] {
            assert_eq!(body("ACCESS_NUMBER:1:79991112233", part), "ACCESS_NUMBER:1:79991112233", "{part}");
        }
    }
}
