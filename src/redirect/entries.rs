//! Reads a hosts file: which line leads which names to which address (hosts(5)). Knows nothing of who wrote a line.

use std::net::IpAddr;

/// A line that leads names somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its number, from 1.
    pub(super) line: usize,
    /// Where it leads.
    pub(super) address: IpAddr,
    /// Its names, in small letters.
    pub(super) names: Vec<String>,
}

/// The lines that lead names somewhere; what cannot be read is none.
pub(super) fn entries(bytes: &[u8]) -> Vec<Entry> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    lines.filter_map(|(index, line)| entry(index + 1, line)).collect()
}

fn entry(line: usize, bytes: &[u8]) -> Option<Entry> {
    let text = String::from_utf8_lossy(bytes);
    let mut words = text.trim_start_matches('\u{feff}').split('#').next()?.split_whitespace();
    // An address of one link has its interface behind a %.
    let address = words.next()?.split('%').next()?.parse().ok()?;
    let names: Vec<String> = words.map(|name| name.trim_end_matches('.').to_ascii_lowercase()).collect();
    (!names.is_empty()).then_some(Entry { line, address, names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_the_system_reads_them() {
        let text = b"\xef\xbb\xbf127.0.0.1\tlocalhost Local.\r\n# 1.2.3.4 a\n\n  ::1 b # c d\nfe80::1%lo0 e\n10.0.0.1\nnot an entry\n\xff\xfe x\n10.0.0.2 f";
        let found = entries(text);
        let seen: Vec<_> =
            found.iter().map(|one| (one.line, one.address.to_string(), one.names.join(" "))).collect();
        let right =
            [(1, "127.0.0.1", "localhost local"), (4, "::1", "b"), (5, "fe80::1", "e"), (9, "10.0.0.2", "f")];
        let right: Vec<_> = right.map(|(line, ip, names)| (line, ip.to_owned(), names.to_owned())).into();
        assert_eq!(seen, right);
    }
}
