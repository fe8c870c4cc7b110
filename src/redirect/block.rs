//! Our lines in a hosts file, between two marker lines: put in, exchanged, and taken out so that not a byte of anything
//! else changes. Knows bytes, not files.

use std::net::IpAddr;
use std::ops::Range;

/// What the first of our lines begins with.
const BEGIN: &str = "# smsbridge begin";
/// The last of our lines.
const END: &str = "# smsbridge end";
/// Where the file had no end of line before ours.
const NO_LINE_END: &str = ", after a line without an end";
/// Where there was no file before.
const NEW_FILE: &str = ", in a file of its own";
const MEANING: &str = ": legacy names lead to smsbridge; `smsbridge hosts remove` takes these lines out";

/// Which names are to lead where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The names.
    pub names: Vec<String>,
    /// Where each of them leads: one address of a family at most is of use.
    pub addresses: Vec<IpAddr>,
}

impl Lines {
    /// The lines with their markers, as they stand at the end of a file.
    pub fn text(&self) -> String {
        self.block("", "\n")
    }

    /// One line for each name: some systems read no more than a few names of one.
    fn block(&self, note: &str, end: &str) -> String {
        let mut text = format!("{BEGIN}{note}{MEANING}{end}");
        for address in &self.addresses {
            for name in &self.names {
                text.push_str(&format!("{address} {name}{end}"));
            }
        }
        text + END + end
    }
}

/// Why our lines cannot be told from others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// It begins and does not end.
    #[error("line {0} begins smsbridge's lines and no line ends them; remove them by hand, the line too")]
    NoEnd(usize),
    /// It ends and has not begun.
    #[error("line {0} ends smsbridge's lines and no line begins them; remove what is left of them by hand")]
    NoBegin(usize),
    /// There are two of them.
    #[error("line {0} begins smsbridge's lines a second time; remove one of the two by hand")]
    Twice(usize),
    /// A line of somebody else's stands between.
    #[error(
        "line {0} stands between smsbridge's lines and is none of them; move it behind the line that ends them"
    )]
    Foreign(usize),
    /// It is not in an encoding whose lines can be told.
    #[error("it is not plain text (UTF-16?); save it as UTF-8 or ASCII")]
    NotText,
}

/// Where our lines stand, if they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// From the first marker's first byte to the end of the last marker's line.
    pub(super) range: Range<usize>,
    /// What the first marker says about what was there before.
    before: Before,
}

/// What was there before our lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Lines,
    LineWithoutEnd,
    NoFile,
}

/// Finds our lines.
pub(super) fn find(bytes: &[u8]) -> Result<Option<Place>, Damage> {
    if bytes.contains(&0) {
        return Err(Damage::NotText);
    }
    let mut begun: Option<(usize, usize, Before)> = None;
    let mut found = None;
    let mut start = 0;
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let number = index + 1;
        let text = line.trim_ascii();
        if let Some(rest) = text.strip_prefix(BEGIN.as_bytes()).filter(|rest| is_no_other_word(rest)) {
            if begun.is_some() || found.is_some() {
                return Err(Damage::Twice(number));
            }
            begun = Some((start, number, before(rest)));
        } else if text == END.as_bytes() {
            let (from, first, before) = begun.take().ok_or(Damage::NoBegin(number))?;
            only_ours(&bytes[from..start], first)?;
            found = Some(Place { range: from..start + line.len(), before });
        }
        start += line.len();
    }
    match begun {
        Some((_, number, _)) => Err(Damage::NoEnd(number)),
        None => Ok(found),
    }
}

/// Whether a first marker ends here, as far as it is the same in all of them.
fn is_no_other_word(rest: &[u8]) -> bool {
    rest.first().is_none_or(|byte| matches!(byte, b':' | b','))
}

/// Whether nothing stands behind the first marker, the line with this number, but what may be ours: each line an address
/// and a name, and further addresses for names that the first address has. What an older version wrote is so as well.
fn only_ours(bytes: &[u8], first: usize) -> Result<(), Damage> {
    let mut lead: Option<IpAddr> = None;
    let mut led: Vec<&str> = Vec::new();
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate().skip(1) {
        let foreign = Damage::Foreign(first + index);
        let text = std::str::from_utf8(line.trim_ascii()).map_err(|_| foreign.clone())?;
        let pair = text.split_once(' ').and_then(|(ip, name)| Some((ip.parse::<IpAddr>().ok()?, name)));
        let Some((ip, name)) = pair.filter(|(_, name)| !name.contains([' ', '\t', '#'])) else {
            return Err(foreign);
        };
        if *lead.get_or_insert(ip) == ip {
            led.push(name);
        } else if !led.contains(&name) {
            return Err(foreign);
        }
    }
    Ok(())
}

fn before(rest: &[u8]) -> Before {
    match rest {
        rest if rest.starts_with(NO_LINE_END.as_bytes()) => Before::LineWithoutEnd,
        rest if rest.starts_with(NEW_FILE.as_bytes()) => Before::NoFile,
        _ => Before::Lines,
    }
}

/// The file with our lines: in the place of those that are there, else at its end. `None` stands for no file.
pub(super) fn with(file: Option<&[u8]>, lines: &Lines) -> Result<Vec<u8>, Damage> {
    let bytes = file.unwrap_or_default();
    if let Some(place) = find(bytes)? {
        let end = line_end(&bytes[place.range.start..], false);
        let block = lines.block(note(place.before), end);
        return Ok([&bytes[..place.range.start], block.as_bytes(), &bytes[place.range.end..]].concat());
    }
    let end = line_end(bytes, file.is_none());
    let before = match bytes.last() {
        None if file.is_none() => Before::NoFile,
        None | Some(b'\n') => Before::Lines,
        Some(_) => Before::LineWithoutEnd,
    };
    let gap = if before == Before::LineWithoutEnd { end } else { "" };
    Ok([bytes, gap.as_bytes(), lines.block(note(before), end).as_bytes()].concat())
}

fn note(before: Before) -> &'static str {
    match before {
        Before::Lines => "",
        Before::LineWithoutEnd => NO_LINE_END,
        Before::NoFile => NEW_FILE,
    }
}

/// The file without our lines; `None` where nothing remains of a file that was made for them.
pub(super) fn without(bytes: &[u8]) -> Result<Option<Vec<u8>>, Damage> {
    let Some(Place { range, before }) = find(bytes)? else { return Ok(Some(bytes.to_vec())) };
    let (mut head, tail) = (&bytes[..range.start], &bytes[range.end..]);
    if before == Before::NoFile && head.is_empty() && tail.is_empty() {
        return Ok(None);
    }
    // Whoever has added lines since then wants the end of the one before them.
    if before == Before::LineWithoutEnd && tail.is_empty() {
        let end = line_end(&bytes[range.start..], false);
        head = head.strip_suffix(end.as_bytes()).unwrap_or(head);
    }
    Ok(Some([head, tail].concat()))
}

/// How the file ends its lines.
fn line_end(bytes: &[u8], is_new: bool) -> &'static str {
    let windows = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(at) => at > 0 && bytes[at - 1] == b'\r',
        None => is_new && cfg!(windows),
    };
    if windows { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(names: &[&str]) -> Lines {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Lines { names, addresses: vec!["127.0.0.1".parse().unwrap(), "::1".parse().unwrap()] }
    }

    const FILES: [&[u8]; 10] = [
        b"",
        b"\n",
        b"127.0.0.1 localhost\n",
        b"127.0.0.1 localhost",
        b"127.0.0.1 localhost\r\n::1 localhost\r\n",
        b"127.0.0.1 localhost\r\n::1 localhost",
        b"one\r\ntwo\nthree",
        b"odd\r",
        b"\xff\xfe odd bytes \x80\n",
        b"1.2.3.4 api.sms-activate.org\n\n\n",
    ];

    #[test]
    fn put_in_and_taken_out_is_the_same_to_the_byte() {
        for file in FILES {
            let text = String::from_utf8_lossy(file);
            let once = with(Some(file), &lines(&["a.b", "c.d"])).unwrap();
            assert!(once.starts_with(file) && once.len() > file.len(), "{text}");
            assert_eq!(with(Some(&once), &lines(&["a.b", "c.d"])).unwrap(), once, "twice is once: {text}");
            assert_eq!(without(&once).unwrap().as_deref(), Some(file), "{text}");
            assert_eq!(without(file).unwrap().as_deref(), Some(file), "nothing to take out: {text}");
            let more = with(Some(&once), &lines(&["a.b", "c.d", "e.f"])).unwrap();
            assert_eq!(without(&more).unwrap().as_deref(), Some(file), "{text}");
            assert_eq!(with(Some(&more), &lines(&["a.b", "c.d"])).unwrap(), once, "{text}");
        }
    }

    #[test]
    fn a_file_that_was_not_there_is_not_there_afterwards() {
        let made = with(None, &lines(&["a.b"])).unwrap();
        assert_eq!(without(&made).unwrap(), None);
        let more = [&made[..], b"10.0.0.1 x\n"].concat();
        assert_eq!(without(&more).unwrap().as_deref(), Some(&b"10.0.0.1 x\n"[..]));
    }

    #[test]
    fn every_name_has_its_line_and_ends_it_as_the_file_does() {
        let right = "127.0.0.1 a.b\r\n127.0.0.1 c.d\r\n::1 a.b\r\n::1 c.d\r\n# smsbridge end\r\n";
        let made = with(Some(b"x\r\ny"), &lines(&["a.b", "c.d"])).unwrap();
        assert!(made.starts_with(b"x\r\ny\r\n# smsbridge begin"), "{}", String::from_utf8_lossy(&made));
        assert!(made.ends_with(right.as_bytes()));
        let begin = made.windows(2).filter(|two| *two == b"\r\n").count();
        assert_eq!(begin, made.iter().filter(|byte| **byte == b'\n').count());
    }

    #[test]
    fn what_others_added_behind_stays() {
        let once = with(Some(b"first"), &lines(&["a.b"])).unwrap();
        let more = [&once[..], b"10.0.0.1 x\n"].concat();
        assert_eq!(without(&more).unwrap().unwrap(), b"first\n10.0.0.1 x\n");
        let changed = with(Some(&more), &lines(&["c.d"])).unwrap();
        assert!(changed.ends_with(b"# smsbridge end\n10.0.0.1 x\n"));
        // An editor has taken the last end of line away.
        let cut = once.strip_suffix(b"\n").unwrap();
        assert_eq!(without(cut).unwrap().unwrap(), b"first");
    }

    #[test]
    fn what_only_begins_like_a_marker_is_somebodys_comment() {
        let file = b"# smsbridge beginning of a note\n# smsbridge ends here\n";
        let once = with(Some(file), &lines(&["a.b"])).unwrap();
        assert_eq!(without(&once).unwrap().as_deref(), Some(&file[..]));
    }

    /// Somebody took a name out by hand, and an older version had others.
    #[test]
    fn fewer_of_ours_are_ours_still() {
        let file = b"x\n# smsbridge begin: as it was said once\r\n127.0.0.1 a.b\r\n127.0.0.1 c.d\r\n::1 c.d\r\n# smsbridge end\r\n";
        assert_eq!(without(file).unwrap().as_deref(), Some(&b"x\n"[..]));
        assert_eq!(without(b"# smsbridge begin\n# smsbridge end\n").unwrap().as_deref(), Some(&b""[..]));
    }

    #[test]
    fn half_a_pair_is_refused_with_its_line() {
        for (file, damage) in [
            ("a\n# smsbridge begin\n", Damage::NoEnd(2)),
            ("a\n# smsbridge end\n", Damage::NoBegin(2)),
            ("# smsbridge end\n# smsbridge begin\n", Damage::NoBegin(1)),
            ("# smsbridge begin\n# smsbridge begin\n# smsbridge end\n", Damage::Twice(2)),
            (
                "# smsbridge begin\n# smsbridge end\n# smsbridge begin: more\n# smsbridge end\n",
                Damage::Twice(3),
            ),
            ("a\0b\0", Damage::NotText),
            ("# smsbridge begin\n127.0.0.1 a.b\n10.0.0.7 nas.lan\n# smsbridge end\n", Damage::Foreign(3)),
            ("x\n# smsbridge begin\n# mine\n127.0.0.1 a.b\n# smsbridge end\n", Damage::Foreign(3)),
            ("# smsbridge begin\n127.0.0.1 a.b\n127.0.0.1 c.d e.f\n# smsbridge end\n", Damage::Foreign(3)),
            ("# smsbridge begin\n127.0.0.1 a.b # mine\n# smsbridge end\n", Damage::Foreign(2)),
            ("# smsbridge begin\n\n127.0.0.1 a.b\n# smsbridge end\n", Damage::Foreign(2)),
        ] {
            assert_eq!(with(Some(file.as_bytes()), &lines(&["a.b"])), Err(damage.clone()), "{file}");
            assert_eq!(without(file.as_bytes()), Err(damage), "{file}");
        }
    }
}
