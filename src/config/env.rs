//! The environment as a layer: `SMSBRIDGE_SECTION__KEY=value`, one layer a variable, so that each
//! value knows which variable said it, and always as text, so that a key of digits stays as it is.
//! Knows which names are settings and which were put there by somebody else; judges no value.

use figment::value::{Dict, Map, Value};
use figment::{Error, Metadata, Profile, Provider};

use super::error::{Origin, Problem};
use super::keys::{self, PREFIX};
use super::report::Report;

/// The process's environment, as far as it is about this program. A name or value that is not UTF-8
/// comes out garbled and is then refused like any other wrong value, where the standard library's
/// own iterator would end the process.
pub fn process_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value))
        .filter(|(name, _)| name.starts_with(PREFIX))
        .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
}

/// Names that the file gives, for a variable cannot spell all of them.
pub(super) struct Names<'a> {
    pub(super) providers: &'a [String],
    pub(super) clients: &'a [String],
}

/// One variable that is a setting.
pub(super) struct Variable {
    name: String,
    path: Vec<String>,
    value: String,
}

impl Variable {
    /// The provider that it is about.
    pub(super) fn provider(&self) -> Option<&str> {
        match self.path.as_slice() {
            [section, name, ..] if section == "provider" => Some(name),
            _ => None,
        }
    }
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::from("environment variable", self.name.as_str())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let leaf = Value::from(self.value.as_str());
        let nest = |inner: Value, key: &String| Value::from(Dict::from([(key.clone(), inner)]));
        let nested = self.path.iter().rev().fold(leaf, nest);
        Ok(Profile::Default.collect(nested.into_dict().unwrap_or_default()))
    }
}

/// The variables that are settings, by name. A variable that is nearly one is an error; one that is
/// none (Docker and Kubernetes make `SMSBRIDGE_PORT` and the like for a service of this name) is left alone.
pub(super) fn read(
    env: impl Iterator<Item = (String, String)>,
    names: &Names<'_>,
    report: &mut Report,
) -> Vec<Variable> {
    let mut pairs: Vec<(String, String)> = env.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    pairs.sort_unstable();
    pairs.into_iter().filter_map(|(name, value)| variable(name, value, names, report)).collect()
}

fn variable(name: String, value: String, names: &Names<'_>, report: &mut Report) -> Option<Variable> {
    let rest = name.strip_prefix(PREFIX)?.to_lowercase();
    let Some((section, _)) = rest.split_once("__") else {
        if let Some(meant) = with_two_underscores(&rest) {
            report.warnings.push(format!("{name}: is not a setting and is ignored; did you mean {meant}?"));
        }
        return None;
    };
    if !keys::SECTIONS.contains(&section) {
        refuse_or_ignore(&name, section, report);
        return None;
    }
    let mut path: Vec<String> = rest.split("__").map(str::to_owned).collect();
    if path.iter().any(String::is_empty) {
        report.error(&Origin::Variable(name), "", Problem::EmptyPart);
        return None;
    }
    respell(&mut path, names);
    Some(Variable { name, path, value })
}

fn refuse_or_ignore(name: &str, section: &str, report: &mut Report) {
    match keys::nearest(section, keys::SECTIONS) {
        Some(meant) => {
            let suggestion = Some(name.replacen(&section.to_uppercase(), &meant.to_uppercase(), 1));
            let known = keys::SECTIONS.join(", ");
            let problem = Problem::UnknownKey { suggestion, known };
            report.error(&Origin::Variable(name.to_owned()), section, problem);
        }
        None => {
            let begin = |section: &&str| format!("{PREFIX}{}__", section.to_uppercase());
            let begins = keys::SECTIONS.iter().map(begin).collect::<Vec<_>>().join(", ");
            report
                .warnings
                .push(format!("{name}: is not a setting and is ignored; settings begin with {begins}"));
        }
    }
}

/// Shells do not allow `-` in a variable's name, so `_` may stand for it where the file has such a name.
/// Currencies are in capitals, as in the file.
fn respell(path: &mut [String], names: &Names<'_>) {
    let (known, name) = match path {
        [section, key, currency] if section == "dialect" && key == "rates" => {
            currency.make_ascii_uppercase();
            return;
        }
        [section, name, ..] if section == "provider" => (names.providers, name),
        [section, key, name, ..] if section == "clients" && key == "key" => (names.clients, name),
        _ => return,
    };
    if known.contains(name) {
        return;
    }
    if let Some(spelled) = known.iter().find(|known| known.replace('-', "_") == *name) {
        spelled.clone_into(name);
    }
}

/// The variable that was meant where only single underscores were written, if it is plain which.
fn with_two_underscores(rest: &str) -> Option<String> {
    let (section, key) = rest.split_once('_')?;
    let known = match section {
        "server" => keys::SERVER,
        "admin" => keys::ADMIN,
        "clients" => keys::CLIENTS,
        "webhooks" => keys::WEBHOOKS,
        "limits" => keys::LIMITS,
        "ledger" => keys::LEDGER,
        "dialect" => match key.split_once('_') {
            Some((table @ ("rates" | "shape"), name)) => {
                return Some(keys::variable_of(&[section, table, name]));
            }
            _ => keys::DIALECT,
        },
        "provider" => {
            let ends = |known: &&&str| key.strip_suffix(**known).is_some_and(|name| name.ends_with('_'));
            let setting = keys::PROVIDER.iter().filter(ends).max_by_key(|known| known.len())?;
            let name = key.strip_suffix(setting)?.trim_end_matches('_');
            return Some(keys::variable_of(&[section, name, setting]));
        }
        _ => return None,
    };
    known.contains(&key).then(|| keys::variable_of(&[section, key]))
}
