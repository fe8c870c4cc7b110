//! `[dialect]`, `flavour`, `listeners`, `hosts` and `shape`: which variant of the dialect is spoken where.
//! Knows the names of flavours and forms, not what they change.

use std::net::SocketAddr;

use super::error::Problem;
use super::reader::{Node, Table};
use super::report::Report;
use super::{DialectConfig, Server, keys, server};
use crate::dialect::Shape;
use crate::dialect::shape::{self, FLAVOURS, Flavour, KEYS, Lang};
use crate::domain::Currency;

/// Which variants of the dialect are spoken where: a host's goes above a listener's, and that above the
/// default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flavours {
    /// The one that is spoken where no other is.
    pub default: &'static Flavour,
    /// Those of single listeners; each of them is one of [`Server::addresses`].
    pub listeners: Vec<Listener>,
    /// Those of single hosts, by the name in the request's `Host`, as it was written; no name occurs twice,
    /// whatever its capitals.
    pub hosts: Vec<(String, &'static Flavour)>,
    /// The forms that are chosen whatever the flavour says, by the names in
    /// [`crate::dialect::shape::KEYS`].
    pub forms: Vec<(&'static str, &'static str)>,
}

/// A listener with a flavour of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Its address as it was written.
    pub text: String,
    /// Its address.
    pub address: SocketAddr,
    /// Its flavour.
    pub flavour: &'static Flavour,
}

impl Flavours {
    /// This one everywhere, as it is.
    pub fn only(flavour: &'static Flavour) -> Self {
        Self { default: flavour, listeners: Vec::new(), hosts: Vec::new(), forms: Vec::new() }
    }

    /// A flavour's shape, with the forms that are chosen above it.
    pub fn shape(&self, flavour: &Flavour) -> Shape {
        self.forms.iter().fold(flavour.shape, |shape, (key, word)| shape.with(key, word))
    }

    /// The shape at the listener with this address, as it was configured, where no host has its own.
    pub fn at(&self, address: SocketAddr) -> Shape {
        let own = self.listeners.iter().find(|listener| listener.address == address);
        self.shape(own.map_or(self.default, |listener| listener.flavour))
    }

    /// Every flavour that somebody may be spoken to in, some more than once.
    fn spoken(&self) -> impl Iterator<Item = &'static Flavour> {
        let listeners = self.listeners.iter().map(|listener| listener.flavour);
        std::iter::once(self.default).chain(listeners).chain(self.hosts.iter().map(|(_, flavour)| *flavour))
    }
}

const QUOTE: &str = "a flavour's name in quotes; the name before the = stands in quotes too, as \"api.sms-man.ru\" = \"sms-man\"";

/// Reads them; `None` when the flavour cannot be told. What is wrong in the tables is left out.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> Option<Flavours> {
    let table = root.table("dialect", report)?;
    let default = flavour(&table.get("flavour")?, report);
    let listeners = table.table("listeners", report).map(|table| listeners(&table, report));
    let hosts = table.table("hosts", report).map(|table| hosts(&table, report));
    let forms = table.table("shape", report).map(|table| forms(&table, report));
    Some(Flavours {
        default: default?,
        listeners: listeners.unwrap_or_default(),
        hosts: hosts.unwrap_or_default(),
        forms: forms.unwrap_or_default(),
    })
}

fn flavour(node: &Node<'_>, report: &mut Report) -> Option<&'static Flavour> {
    let text = node.text(report)?;
    let names: Vec<&str> = FLAVOURS.iter().map(|flavour| flavour.name).collect();
    shape::flavour(one_of(node, text, &names, report)?)
}

/// One of several words.
fn one_of<'a>(node: &Node<'_>, text: &str, words: &[&'a str], report: &mut Report) -> Option<&'a str> {
    let found = words.iter().copied().find(|word| *word == text);
    if found.is_none() {
        let suggestion = keys::nearest(text, words).map(str::to_owned);
        let known = words.join(", ");
        node.fail(report, Problem::UnknownWord { text: text.to_owned(), suggestion, known });
    }
    found
}

fn listeners(table: &Table<'_>, report: &mut Report) -> Vec<Listener> {
    let mut found: Vec<Listener> = Vec::new();
    for (text, node) in table.entries() {
        let Some(flavour) = named(&node, report) else { continue };
        match server::address(text) {
            Err(right) => node.fail(report, Problem::BadAddress { text: text.to_owned(), right }),
            Ok(address) if found.iter().any(|other| other.address == address) => {
                node.fail(report, Problem::SameAddress(text.to_owned()));
            }
            Ok(address) => found.push(Listener { text: text.to_owned(), address, flavour }),
        }
    }
    found
}

fn hosts(table: &Table<'_>, report: &mut Report) -> Vec<(String, &'static Flavour)> {
    let mut found: Vec<(String, &'static Flavour)> = Vec::new();
    for (host, node) in table.entries() {
        let Some(flavour) = named(&node, report) else { continue };
        if found.iter().any(|(other, _)| other.eq_ignore_ascii_case(host)) {
            node.fail(report, Problem::SameHost(host.to_owned()));
        } else if is_host(host) {
            found.push((host.to_owned(), flavour));
        } else {
            node.fail(report, Problem::BadHost);
        }
    }
    found
}

/// The flavour that an entry names. A name with dots but without quotes is a table to TOML.
fn named(node: &Node<'_>, report: &mut Report) -> Option<&'static Flavour> {
    if node.as_text().is_none() {
        node.wrong_type(report, QUOTE);
        return None;
    }
    flavour(node, report)
}

/// A name or an IPv4 address, without a port, as `Host` has it.
pub(super) fn is_host(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !text.is_empty() && !text.ends_with('.') && text.bytes().all(good)
}

fn forms(table: &Table<'_>, report: &mut Report) -> Vec<(&'static str, &'static str)> {
    let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    table.refuse_unknown(&names, report);
    let chosen = KEYS.iter().filter_map(|key| {
        let node = table.get(key.name)?;
        let text = node.text(report)?;
        Some((key.name, one_of(&node, text, key.words, report)?))
    });
    chosen.collect()
}

/// Says which listeners are none, since nobody could speak to them.
pub(super) fn check_listeners(flavours: &Flavours, server: &Server, root: &Table<'_>, report: &mut Report) {
    let listened: Vec<String> = server.addresses().map(SocketAddr::to_string).collect();
    for listener in &flavours.listeners {
        if server.addresses().any(|address| *address == listener.address) {
            continue;
        }
        if let Some(said) = root.find(&["dialect", "listeners", &listener.text]) {
            said.fail(report, Problem::NotListenedAt(listened.join(", ")));
        }
    }
}

/// Warns where a flavour's `lang` would ask for a currency that nobody can tell.
pub(super) fn check_language(
    flavours: &Flavours,
    dialect: &DialectConfig,
    root: &Table<'_>,
    report: &mut Report,
) {
    if !flavours.spoken().any(|flavour| flavours.shape(flavour).lang == Lang::Required) {
        return;
    }
    let Some(said) = root.find(&["dialect", "flavour"]) else { return };
    for (lang, currency) in [("ru", Currency::RUB), ("en", Currency::USD)] {
        if currency != dialect.currency && !dialect.rates.contains_key(&currency) {
            let text = format!(
                "lang={lang} asks for amounts in {currency}, which has no rate in [dialect.rates]; such questions are answered BAD_LANG"
            );
            report.warn(&said.origin, &said.key, text);
        }
    }
}
