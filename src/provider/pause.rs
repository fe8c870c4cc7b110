//! The pauses that an upstream asks for with HTTP 429: how long each is, and what its `Retry-After`
//! means. Pure; knows no clock and no other status. Sources: RFC 6585
//! section 4, RFC 9110 section 10.2.3.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// No pause is shorter, whatever is asked for, so that no question is asked again without end.
const SHORTEST: Duration = Duration::from_secs(1);

/// No pause is longer than this, whatever is asked for: one more question then does no harm.
const LONGEST: Duration = Duration::from_secs(60);

/// The longest pause where none is asked for.
const LONGEST_GUESS: Duration = Duration::from_secs(30);

/// Until when an upstream wants to be left alone.
#[derive(Debug, Default)]
pub(super) struct Pause {
    end: Duration,
    /// How often it refused since it last answered anything else; calls under way at once count once.
    refusals: u32,
}

impl Pause {
    /// When it is over; in the past when there is none.
    pub(super) fn end(&self) -> Duration {
        self.end
    }

    /// A call that was sent at `sent` is refused at `now`, with the pause it `asked` for. Says how long
    /// the pause is if this refusal is the first one since the upstream last answered.
    pub(super) fn refused(
        &mut self,
        sent: Duration,
        now: Duration,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        let is_new = sent >= self.end;
        if is_new {
            self.refusals = self.refusals.saturating_add(1);
        }
        let doubled = SHORTEST * 2_u32.saturating_pow(self.refusals.saturating_sub(1));
        let length = asked.map_or(doubled.min(LONGEST_GUESS), |asked| asked.clamp(SHORTEST, LONGEST));
        if is_new || asked.is_some() {
            self.end = self.end.max(now + length);
        }
        (is_new && self.refusals == 1).then_some(length)
    }

    /// A call that was sent at `sent` is answered otherwise.
    pub(super) fn answered(&mut self, sent: Duration) {
        if sent >= self.end {
            self.refusals = 0;
        }
    }
}

/// Reads `Retry-After`, which is seconds or a date; `None` when it is neither.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // So many digits that it is no number is longer than the longest all the same.
        return Some(value.parse().map_or(LONGEST, Duration::from_secs));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    // A date that has passed is a pause that is over.
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn without_a_wish_pauses_double_until_something_is_answered() {
        let mut pause = Pause::default();
        let mut lengths = Vec::new();
        for _ in 0..7 {
            let sent = pause.end();
            pause.refused(sent, sent, None);
            lengths.push((pause.end() - sent).as_secs());
        }
        assert_eq!(lengths, [1, 2, 4, 8, 16, 30, 30]);
        let sent = pause.end();
        pause.answered(sent);
        pause.refused(sent, sent, None);
        assert_eq!(pause.end() - sent, seconds(1));
    }

    #[test]
    fn calls_under_way_at_once_are_one_refusal() {
        let mut pause = Pause::default();
        let first = (0..20).map(|_| pause.refused(seconds(5), seconds(5), None)).collect::<Vec<_>>();
        assert_eq!((pause.end(), first[0], first[1]), (seconds(6), Some(seconds(1)), None));
        // An answer to a call from before says nothing of what comes after.
        pause.answered(seconds(5));
        pause.refused(seconds(6), seconds(6), None);
        assert_eq!(pause.end(), seconds(8));
    }

    #[test]
    fn a_wish_is_followed_within_bounds_and_never_shortens_a_pause() {
        let mut pause = Pause::default();
        pause.refused(seconds(0), seconds(0), Some(seconds(10)));
        assert_eq!(pause.end(), seconds(10));
        pause.refused(seconds(0), seconds(1), Some(seconds(2)));
        assert_eq!(pause.end(), seconds(10));
        pause.refused(seconds(0), seconds(1), Some(seconds(12)));
        assert_eq!(pause.end(), seconds(13));
        pause.refused(seconds(13), seconds(13), Some(seconds(0)));
        assert_eq!(pause.end(), seconds(14));
        pause.refused(seconds(14), seconds(14), Some(seconds(86_400)));
        assert_eq!(pause.end(), seconds(74));
    }

    #[test]
    fn a_wish_is_seconds_or_a_date() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        for (value, right) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(60)),
            ("Thu, 01 Jan 2026 00:00:07 GMT", Some(7)),
            ("Wed, 31 Dec 2025 23:59:00 GMT", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, now), right.map(seconds), "{value}");
        }
    }
}
