//! A page of TOML that is written line by line, each with who said it. Knows no setting.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use crate::config::{Origin, duration_text};

const MASK: &str = "\"***\"";

/// What is written so far.
pub(super) struct Page<'a> {
    pub(super) text: String,
    origins: &'a BTreeMap<String, Origin>,
}

impl<'a> Page<'a> {
    /// An empty one, with who said what.
    pub(super) fn with(origins: &'a BTreeMap<String, Origin>) -> Self {
        Self { text: String::new(), origins }
    }
}

impl Page<'_> {
    pub(super) fn comment(&mut self, text: &str) {
        self.push(&format!("# {}", text.replace(['\n', '\r'], " ")));
    }

    pub(super) fn push(&mut self, line: &str) {
        // Writing to a String does not fail.
        let _ = writeln!(self.text, "{line}");
    }

    pub(super) fn table(&mut self, name: &str) {
        self.push(&format!("\n[{name}]"));
    }

    /// One setting. Who said it stands behind it, unless it was the file.
    pub(super) fn line(&mut self, table: &str, name: &str, value: &str) {
        let said = match self.origins.get(&format!("{table}.{name}")) {
            Some(Origin::File(_)) => String::new(),
            None | Some(Origin::Default) => "  # default".to_owned(),
            Some(other) => format!("  # {other}"),
        };
        self.push(&format!("{} = {value}{said}", word(name)));
    }

    pub(super) fn words(&mut self, table: &str, name: &str, words: &[String]) {
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        self.line(table, name, &list(&words));
    }

    pub(super) fn duration(&mut self, table: &str, name: &str, value: Duration) {
        self.line(table, name, &quoted(&duration_text(value)));
    }

    /// A table of texts, unless it is empty.
    pub(super) fn texts<N: AsRef<str>, T: AsRef<str>>(
        &mut self,
        table: &str,
        texts: impl IntoIterator<Item = (N, T)>,
    ) {
        let mut texts = texts.into_iter().peekable();
        if texts.peek().is_some() {
            self.table(table);
        }
        for (name, text) in texts {
            self.line(table, name.as_ref(), &quoted(text.as_ref()));
        }
    }

    /// A key, with what it was read from, if it does not stand there itself.
    pub(super) fn key(&mut self, table: &str) {
        match self.origins.get(&format!("{table}.api_key_sha256")) {
            Some(origin) => self.push(&format!("api_key = {MASK}  # api_key_sha256, {origin}")),
            None => self.secret(table, "api_key"),
        }
    }

    pub(super) fn secret(&mut self, table: &str, name: &str) {
        let file = self.origins.get(&format!("{table}.{name}_file"));
        match file {
            Some(origin) => self.push(&format!("{name} = {MASK}  # {name}_file, {origin}")),
            None => self.line(table, name, MASK),
        }
    }
}

/// A list of what is written already.
pub(super) fn list(items: &[String]) -> String {
    format!("[{}]", items.join(", "))
}

/// A key of TOML, in quotes where it needs them.
fn word(name: &str) -> String {
    let bare = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-');
    if !name.is_empty() && name.bytes().all(bare) { name.to_owned() } else { quoted(name) }
}

/// A text of TOML on one line, which a key must be.
pub(super) fn quoted(text: &str) -> String {
    let escaped: String = text.chars().map(escaped).collect();
    format!("\"{escaped}\"")
}

fn escaped(letter: char) -> String {
    match letter {
        '"' | '\\' => format!("\\{letter}"),
        control if control.is_control() => format!("\\u{:04X}", u32::from(control)),
        other => other.to_string(),
    }
}
