//! `proxy.toml` at the top of the repository is the documentation; it must say neither more nor
//! less than the program knows.

use std::path::Path;

use super::super::{Config, Overrides, check, keys, layers::File};
use crate::cli::check::render;
use crate::dialect::shape::{FLAVOURS, KEYS};
use crate::provider::PROVIDERS;

const TEXT: &str = include_str!("../../../proxy.toml");

/// A setting that the file documents.
#[derive(Debug, Clone)]
struct Documented {
    /// The section's header, as `[provider.vak]`.
    header: String,
    /// As `timeout = "15s"`.
    line: String,
    /// Whether the file has it behind a `#`.
    off: bool,
    /// The comment above it.
    comment: String,
}

impl Documented {
    fn key(&self) -> &str {
        self.line.split(" = ").next().unwrap()
    }

    fn is(&self, other: &Self) -> bool {
        (&self.header, &self.line) == (&other.header, &other.line)
    }
}

fn documented() -> Vec<Documented> {
    let mut found = Vec::new();
    let (mut header, mut comment) = (String::new(), String::new());
    for raw in TEXT.lines() {
        let (line, off) = raw.strip_prefix("# ").map_or((raw, false), |line| (line, true));
        if line.starts_with('[') && line.ends_with(']') {
            line.clone_into(&mut header);
        } else if line.split_once(" = ").is_some_and(|(key, _)| is_key(key)) {
            let comment = std::mem::take(&mut comment);
            found.push(Documented { header: header.clone(), line: line.to_owned(), off, comment });
        } else if raw.is_empty() {
            comment.clear();
        } else {
            comment.push_str(raw);
            comment.push('\n');
        }
    }
    found
}

fn is_key(text: &str) -> bool {
    // Currencies are in capitals, addresses and hosts in quotes.
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let good = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_';
    quoted.is_some_and(|text| !text.contains('"')) || text.bytes().all(good)
}

fn load(text: &str) -> Config {
    let file = File::parse(Path::new("proxy.toml"), text.as_bytes().to_vec()).unwrap();
    match check(PROVIDERS, Some(file), std::iter::empty(), &Overrides::default()) {
        Ok(config) => config,
        Err(errors) => panic!("{errors}\n{text}"),
    }
}

/// The file with one more setting switched on, and with what its section cannot do without.
fn with(setting: &Documented, all: &[Documented]) -> String {
    let mut headers: Vec<&str> = all.iter().map(|other| other.header.as_str()).collect();
    headers.dedup();
    let mut text = String::new();
    for header in headers {
        let section: Vec<&Documented> = all.iter().filter(|other| other.header == header).collect();
        let chosen = section.iter().any(|other| other.is(setting));
        let asleep = section.iter().any(|other| other.key() == "kind" && other.off);
        // A client needs its key, unless that is what is switched on.
        let client = header.starts_with("[clients.key.") && !setting.key().starts_with("api_key");
        let pair = |one: &Documented| header == "[tls]" && PAIR.contains(&one.key());
        let needed = |other: &Documented| {
            chosen && (asleep || client) && NEEDED.contains(&other.key())
                || chosen && pair(setting) && pair(other)
        };
        let on = |other: &&&Documented| !other.off || other.is(setting) || needed(other);
        let lines: Vec<&str> = section.iter().filter(on).map(|other| other.line.as_str()).collect();
        if !lines.is_empty() {
            text.push_str(&format!("{header}\n{}\n", lines.join("\n")));
        }
    }
    text
}

/// What an upstream that costs money cannot do without.
const NEEDED: [&str; 3] = ["kind", "base_url", "api_key"];
/// What stands together or not at all.
const PAIR: [&str; 2] = ["cert", "key"];

#[test]
fn as_it_stands_it_says_what_is_built_in() {
    let nothing = check(PROVIDERS, None, std::iter::empty(), &Overrides::default()).unwrap();
    assert_eq!(values(&load(TEXT)), values(&nothing));
}

fn values(config: &Config) -> toml::Table {
    toml::from_str(&render(config)).unwrap()
}

#[test]
fn every_line_can_be_switched_on() {
    let all = documented();
    assert!(all.len() > 20, "{all:#?}");
    let folder = tempfile::tempdir().unwrap();
    let key_file = folder.path().join("key");
    std::fs::write(&key_file, "sample").unwrap();
    let made = rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap();
    std::fs::write(folder.path().join("fullchain.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.path().join("privkey.pem"), made.signing_key.serialize_pem()).unwrap();
    let pair_folder = folder.path().display().to_string();
    for setting in all.iter().filter(|setting| setting.off) {
        let named = format!("_file = \"{}\"", key_file.display());
        let text = with(setting, &all).replace("_file = \"…\"", &named).replace('…', "sample");
        load(&text.replace("/etc/smsbridge", &pair_folder));
    }
}

#[test]
fn what_it_calls_a_default_is_the_default() {
    let all = documented();
    let effect = |setting: &Documented| values(&load(&with(setting, &all).replace('…', "sample")));
    let mut compared = 0;
    for setting in &all {
        let Some(default) = line_of(setting, "# default: ").and_then(value_in) else { continue };
        assert!(setting.line.ends_with(&format!(" = {default}")), "{setting:?}");
        // A section that is switched off as a whole is compared with itself without the line.
        let section = all.iter().find(|other| other.header == setting.header && other.key() == "kind");
        assert_eq!(effect(setting), effect(section.unwrap_or(&all[0])), "{setting:?}");
        compared += 1;
    }
    assert!(compared >= 8, "{compared}");
}

/// The value that a text begins with, as it would be written; `None` when it begins with a word.
fn value_in(text: &str) -> Option<String> {
    match text.chars().next()? {
        '"' => Some(format!("\"{}\"", text.split('"').nth(1)?)),
        first if first == '[' || first.is_ascii_digit() => text.split(' ').next().map(str::to_owned),
        _ => ["true", "false"].into_iter().find(|word| text.starts_with(word)).map(str::to_owned),
    }
}

fn line_of<'a>(setting: &'a Documented, begin: &str) -> Option<&'a str> {
    setting.comment.lines().find_map(|line| line.strip_prefix(begin))
}

#[test]
fn every_setting_is_explained_with_its_variable() {
    for setting in documented().iter().filter(|setting| !setting.comment.is_empty()) {
        let header = setting.header.trim_matches(['[', ']']);
        let path: Vec<&str> = header.split('.').chain([setting.key().trim_matches('"')]).collect();
        let variable = keys::variable_of(&path);
        let named = line_of(setting, "# env: ").unwrap_or_default().split([' ', ';']).next();
        assert_eq!(named, Some(variable.as_str()), "{setting:?}");
        assert!(line_of(setting, "# default: ").is_some(), "{setting:?}");
        assert!(setting.comment.lines().count() >= 3, "no meaning: {setting:?}");
    }
}

#[test]
fn everything_that_exists_is_in_it() {
    let all = documented();
    let has = |begin: &str, key: &str| {
        let table = format!("{begin}.{key}]");
        all.iter().any(|one| {
            let header = one.header.as_str();
            header.starts_with(begin) && (one.key() == key || header.starts_with(&table))
                || header.contains(&format!(".{key}"))
        })
    };
    for (begin, known) in [
        ("[server", keys::SERVER),
        ("[admin", keys::ADMIN),
        ("[clients", keys::CLIENTS),
        ("[clients.key", keys::CLIENT_KEY),
        ("[webhooks", keys::WEBHOOKS),
        ("[purchase", keys::PURCHASE),
        ("[spending", keys::SPENDING),
        ("[spending.each_client", keys::SPENDING_LIMITS),
        ("[dialect", keys::DIALECT),
        ("[dialect.shape", &forms()),
        ("[redirect", keys::REDIRECT),
        ("[provider", keys::PROVIDER),
        ("[dns", keys::DNS),
        ("[limits", keys::LIMITS),
        ("[tls", keys::TLS),
        ("[ledger", keys::LEDGER),
    ] {
        for key in known {
            assert!(has(begin, key), "{begin}: {key} is not documented in proxy.toml");
        }
    }
}

fn forms() -> Vec<&'static str> {
    KEYS.iter().map(|key| key.name).collect()
}

#[test]
fn what_it_says_of_forms_is_what_the_flavours_have() {
    let all = documented();
    let sections: Vec<_> = all.iter().filter(|one| one.header == "[dialect.shape]").collect();
    assert_eq!(sections.len(), KEYS.len());
    for (key, setting) in KEYS.iter().zip(sections) {
        assert_eq!(setting.key(), key.name);
        let default = line_of(setting, "# default: as the flavour has it").unwrap();
        for word in key.words {
            assert!(setting.comment.contains(&format!("\"{word}\"")), "{}: {word}", key.name);
        }
        for flavour in FLAVOURS {
            let named = default.split_once(&format!("at {} ", flavour.name)).map(|(_, word)| word);
            let said = value_in(named.unwrap_or(default.trim_start_matches([':', ' ', ','])))
                .or_else(|| value_in(default.split_once("all have ")?.1))
                .unwrap_or_else(|| panic!("{}: {default}", key.name));
            let chosen = flavour.shape.with(key.name, said.trim_matches('"'));
            assert_eq!(chosen, flavour.shape, "{}: {}: {said}", key.name, flavour.name);
        }
    }
}

#[test]
fn the_settings_of_each_kind_are_those_it_lists() {
    let all = documented();
    for spec in PROVIDERS {
        let kind_line = format!("kind = \"{}\"", spec.kind);
        let header = all.iter().find(|one| one.line == kind_line).map(|one| one.header.as_str());
        let header = header.unwrap_or_else(|| panic!("proxy.toml has no section with {kind_line}"));
        let here: Vec<&str> = all.iter().filter(|one| one.header == header).map(Documented::key).collect();
        for option in spec.options {
            let name = option.name;
            let path: Vec<&str> = header.trim_matches(['[', ']']).split('.').chain([name]).collect();
            let variable = keys::variable_of(&path);
            let default = if option.default.is_empty() { "none" } else { option.default };
            assert!(
                here.contains(&name),
                "proxy.toml lacks this below {header}:\n\n# {}\n# default: {default}\n# env: {variable}\n# {name} = {default:?}\n",
                option.doc,
            );
        }
        for name in here.iter().filter(|name| !keys::PROVIDER.contains(name)) {
            assert!(spec.options.iter().any(|option| option.name == *name), "{header}: there is no {name}");
        }
    }
}
