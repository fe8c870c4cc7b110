//! The log's lines without colours: the same as the library's own, letter for letter, without the machinery that is there
//! for colours and for every kind of value. A poll that is answered from memory takes less work than its line would.
//! Knows nothing of what is logged.

use std::fmt::{self, Debug};

use jiff::Timestamp;
use jiff::tz::Offset;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::field::{RecordFields, VisitOutput};
use tracing_subscriber::fmt::format::{DefaultVisitor, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// How a line is written: when, how grave, within what, and what happened.
pub(super) struct Lines;

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut to: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        to.write_str(&time(Timestamp::now()))?;
        to.write_str(grade(*event.metadata().level()))?;
        let mut spans = context.event_scope().into_iter().flat_map(|scope| scope.from_root()).peekable();
        let is_within = spans.peek().is_some();
        for span in spans {
            to.write_str(span.metadata().name())?;
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>().filter(|it| !it.is_empty()) {
                to.write_char('{')?;
                to.write_str(&fields.fields)?;
                to.write_char('}')?;
            }
            to.write_char(':')?;
        }
        if is_within {
            to.write_char(' ')?;
        }
        context.format_fields(to.by_ref(), event)?;
        to.write_char('\n')
    }
}

/// Such as `2026-01-01T12:00:00.000000Z`.
fn time(at: Timestamp) -> String {
    let at = Offset::UTC.to_datetime(at);
    let (date, time) = (at.date(), at.time());
    let mut text = String::with_capacity(27);
    let micros = time.subsec_nanosecond() / 1000;
    for (number, digits, behind) in [
        (i32::from(date.year()), 4, '-'),
        (date.month().into(), 2, '-'),
        (date.day().into(), 2, 'T'),
        (time.hour().into(), 2, ':'),
        (time.minute().into(), 2, ':'),
        (time.second().into(), 2, '.'),
        (micros, 6, 'Z'),
    ] {
        for place in (0..digits).rev() {
            text.push(digit(number / 10_i32.pow(place)));
        }
        text.push(behind);
    }
    text
}

/// The last digit of a number.
fn digit(number: i32) -> char {
    char::from_digit(number.unsigned_abs() % 10, 10).unwrap_or('0')
}

fn grade(level: Level) -> &'static str {
    match level {
        Level::ERROR => " ERROR ",
        Level::WARN => "  WARN ",
        Level::INFO => "  INFO ",
        Level::DEBUG => " DEBUG ",
        Level::TRACE => " TRACE ",
    }
}

/// How what belongs to a line or to a span is written.
pub(super) struct Fields;

impl<'w> FormatFields<'w> for Fields {
    fn format_fields<R: RecordFields>(&self, to: Writer<'w>, fields: R) -> fmt::Result {
        let mut visitor = Visitor { to, is_first: true, result: Ok(()) };
        fields.record(&mut visitor);
        visitor.result
    }
}

/// Writes the commonest values itself, and has the library's own write all others.
struct Visitor<'w> {
    to: Writer<'w>,
    is_first: bool,
    result: fmt::Result,
}

impl Visitor<'_> {
    /// Writes a name, and then a value.
    fn pair(&mut self, field: &Field, value: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        let name = field.name();
        let blank = if self.is_first { "" } else { " " };
        self.is_first = false;
        let write = || {
            self.to.write_str(blank)?;
            self.to.write_str(name)?;
            self.to.write_char('=')?;
            value(&mut self.to)
        };
        self.result = self.result.and_then(|()| write());
    }

    /// Has the library write it.
    fn other(&mut self, write: impl FnOnce(&mut DefaultVisitor<'_>)) {
        let mut visitor = DefaultVisitor::new(self.to.by_ref(), self.is_first);
        write(&mut visitor);
        let done = visitor.finish();
        self.is_first = false;
        self.result = self.result.and(done);
    }
}

/// Whether a text needs nothing but quotes around it, and its field is one whose name is written as it is.
fn is_plain(field: &Field, text: &str) -> bool {
    let plain = |byte: u8| (byte.is_ascii_graphic() || byte == b' ') && byte != b'"' && byte != b'\\';
    is_named(field) && text.bytes().all(plain)
}

/// Whether a field's name is written as it is.
fn is_named(field: &Field) -> bool {
    field.name() != "message" && !field.name().starts_with("r#") && !field.name().starts_with("log.")
}

impl Visit for Visitor<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if !is_plain(field, value) {
            return self.other(|visitor| visitor.record_str(field, value));
        }
        self.pair(field, |to| {
            to.write_char('"')?;
            to.write_str(value)?;
            to.write_char('"')
        });
    }

    /// Times are whole tenths of milliseconds, for which the general way is long.
    fn record_f64(&mut self, field: &Field, value: f64) {
        let tenths = value * 10.0;
        let small = (0.0..1e9).contains(&tenths) && tenths.fract() == 0.0;
        if !small || value.is_sign_negative() || !is_named(field) {
            return self.other(|visitor| visitor.record_f64(field, value));
        }
        // Below 1e9 and whole.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let tenths = tenths as u32;
        self.pair(field, |to| write!(to, "{}.{}", tenths / 10, tenths % 10));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if !is_named(field) {
            return self.other(|visitor| visitor.record_u64(field, value));
        }
        self.pair(field, |to| write!(to, "{value}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.other(|visitor| visitor.record_error(field, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.other(|visitor| visitor.record_debug(field, value));
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::EnvFilter;

    use super::super::log;
    use super::*;
    use crate::cli::LogForm;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written of everything that a line can hold, without the times.
    fn written(log: impl FnOnce(Kept) -> tracing::Dispatch) -> Vec<String> {
        let kept = Kept::default();
        tracing::dispatcher::with_default(&log(kept.clone()), || {
            tracing::info!("alone");
            tracing::warn!(name = "a \"b\"\n\u{1b}[31m ё", ms = 0.1, of = 12.0, none = 0.0, "said");
            let outer = tracing::info_span!("request", id = 7_u64).entered();
            let _inner = tracing::info_span!("bare").entered();
            let (text, nothing) = (Some("text"), None::<&str>);
            tracing::error!(
                id = 3,
                below = -1.5,
                much = 1e300,
                odd = 0.05,
                nan = f64::NAN,
                is = true,
                text,
                nothing,
                "in both"
            );
            tracing::info!(r#type = "x", outer_id = %5, list = ?[1, 2], "{}", "made\u{7} of parts");
            tracing::info!(only = "fields");
            drop(outer);
        });
        let bytes = kept.0.lock().unwrap().clone();
        String::from_utf8(bytes)
            .unwrap()
            .lines()
            .map(|line| line.get(27..).unwrap_or(line).to_owned())
            .collect()
    }

    #[test]
    fn lines_are_those_of_the_library() {
        let to = |kept: Kept| move || kept.clone();
        let own = written(|kept| log(LogForm::Human, EnvFilter::new("info"), false, to(kept)));
        let library = written(|kept| {
            let log = tracing_subscriber::fmt().with_env_filter(EnvFilter::new("info")).with_writer(to(kept));
            log.with_target(false).with_ansi(false).finish().into()
        });
        assert_eq!(own, library);
        assert!(own.len() >= 5, "{own:?}");
    }

    #[test]
    fn times_are_written_to_the_microsecond() {
        let written = |text: &str| time(text.parse().unwrap());
        assert_eq!(written("2026-01-02T03:04:05.000067899Z"), "2026-01-02T03:04:05.000067Z");
        assert_eq!(written("1999-12-31T23:59:59.999999Z"), "1999-12-31T23:59:59.999999Z");
    }
}
