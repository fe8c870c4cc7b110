//! How a call is known again that comes back to this server: each carries the marks of the servers it has passed,
//! ours too. Knows neither where calls go nor what is answered.
//!
//! HTTP has `Via` for this (RFC 9110, section 7.6.3), but web servers take it for the mark of a proxy: some do not
//! compress for one, some do not answer at all. So the header has a name that nobody else reads.

use std::sync::OnceLock;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use ring::rand::{SecureRandom, SystemRandom};

/// The marks of the servers that a request has passed, with commas between, the first first.
pub const PASSED: HeaderName = HeaderName::from_static("x-smsbridge-via");

/// In a refusal: the mark of the server that the request has come back to.
pub const CAME_BACK: HeaderName = HeaderName::from_static("x-smsbridge-loop");

/// The status of a refusal, "Loop Detected" (RFC 5842, section 7.2).
pub const LOOP_DETECTED: u16 = 508;

/// No chain of servers that somebody means to build is longer.
const MOST: usize = 8;

/// The letters of a mark.
const LENGTH: usize = 16;

/// The servers that a request has passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passed(Vec<String>);

impl Passed {
    /// Those that a request names. What is no mark is passed over.
    pub fn of(headers: &HeaderMap) -> Self {
        let named = headers.get_all(PASSED).iter().filter_map(|value| value.to_str().ok());
        let marks = named.flat_map(|text| text.split(',')).map(str::trim).filter(|text| is_mark(text));
        Self(marks.take(MOST + 1).map(str::to_owned).collect())
    }

    /// Whether there is none: no server of this kind has sent the request.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The mark of the server that the request has come back to, if it has: this one, or any after a way too long.
    pub fn came_back(&self) -> Option<&str> {
        let ours = self.0.iter().find(|mark| mark.as_str() == own());
        ours.or_else(|| self.0.first().filter(|_| self.0.len() > MOST)).map(String::as_str)
    }

    /// The same with this server behind them, as a call to an upstream carries it.
    pub fn onwards(&self) -> HeaderValue {
        let marks: Vec<&str> = self.0.iter().map(String::as_str).chain([own()]).collect();
        // Marks are letters and digits.
        HeaderValue::from_str(&marks.join(", ")).unwrap_or(HeaderValue::from_static(""))
    }

    /// Whether an answer to a call that was sent onwards says that it has come back, and to whom: to one of those that
    /// it has passed, since nobody else can know their marks.
    pub fn refusal(&self, status: u16, headers: &HeaderMap) -> Option<String> {
        let mark = headers.get(CAME_BACK)?.to_str().ok()?;
        let known = mark == own() || self.0.iter().any(|passed| passed == mark);
        (status == LOOP_DETECTED && known).then(|| mark.to_owned())
    }
}

fn is_mark(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|letter| letter.is_ascii_hexdigit())
}

/// The mark of this process: drawn when it is first wanted, so that it says nothing of it.
fn own() -> &'static str {
    static OWN: OnceLock<String> = OnceLock::new();
    OWN.get_or_init(|| {
        let mut bytes = [0; LENGTH / 2];
        // Without randomness the number of the process has to do: two on one machine have not the same.
        if SystemRandom::new().fill(&mut bytes).is_err() {
            bytes = std::process::id().to_be_bytes().repeat(2).try_into().unwrap_or(bytes);
        }
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHER: &str = "00112233445566ff";

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn a_call_that_was_sent_on_is_known_again() {
        let fresh = Passed::default();
        assert_eq!((fresh.came_back(), fresh.is_empty()), (None, true));
        let from_elsewhere = Passed::of(&headers(&PASSED, &[OTHER]));
        assert_eq!(from_elsewhere.came_back(), None, "a chain of servers is legal");
        let sent = from_elsewhere.onwards();
        assert_eq!(sent.to_str().unwrap(), format!("{OTHER}, {}", own()));
        let back = Passed::of(&headers(&PASSED, &[sent.to_str().unwrap()]));
        assert_eq!(back.came_back(), Some(own()));
        // A proxy may have split the list.
        let split = Passed::of(&headers(&PASSED, &[own(), OTHER]));
        assert_eq!(split.came_back(), Some(own()));
    }

    #[test]
    fn no_way_is_endless_even_when_nobody_knows_it_again() {
        let many = |count: usize| Passed::of(&headers(&PASSED, &vec![OTHER; count]));
        assert_eq!(many(MOST).came_back(), None);
        assert_eq!(many(MOST + 1).came_back(), Some(OTHER));
        assert_eq!(many(1000).0.len(), MOST + 1);
    }

    #[test]
    fn what_is_no_mark_is_passed_over() {
        let odd = Passed::of(&headers(&PASSED, &["", "1.1 proxy, zz112233445566ff", "0011"]));
        assert_eq!(odd, Passed::default());
    }

    #[test]
    fn only_who_was_passed_can_say_that_a_call_came_back() {
        let passed = Passed(vec![OTHER.to_owned()]);
        let said = |status, mark: &str| passed.refusal(status, &headers(&CAME_BACK, &[mark]));
        assert_eq!(said(508, own()).as_deref(), Some(own()));
        assert_eq!(said(508, OTHER).as_deref(), Some(OTHER));
        assert_eq!(said(508, "00112233445566ee"), None);
        assert_eq!(said(500, own()), None);
        assert_eq!(passed.refusal(508, &HeaderMap::new()), None);
    }
}
