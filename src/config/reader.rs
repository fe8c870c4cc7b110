//! Reads single values out of the merged layers: of which type they are and who said them. What is
//! wrong goes to the report. Knows no setting.

use std::collections::BTreeMap;
use std::time::Duration;

use figment::value::{Dict, Value};
use figment::{Figment, Source};

use super::error::{Origin, Problem};
use super::keys;
use super::report::Report;
use crate::domain::Currency;
use crate::provider::OptionKind;

/// Who said `value`.
pub(super) fn origin_of(figment: &Figment, value: &Value) -> Origin {
    let Some(metadata) = figment.get_metadata(value.tag()) else { return Origin::Default };
    match &metadata.source {
        Some(Source::File(path)) => Origin::File(path.clone()),
        Some(Source::Custom(name)) => super::layers::FLAGS
            .into_iter()
            .find(|flag| flag == name)
            .map_or_else(|| Origin::Variable(name.clone()), Origin::Flag),
        _ => Origin::Default,
    }
}

/// A value with its place.
#[derive(Clone)]
pub(super) struct Node<'a> {
    figment: &'a Figment,
    pub(super) key: String,
    pub(super) origin: Origin,
    value: &'a Value,
}

/// A table with its place.
#[derive(Clone)]
pub(super) struct Table<'a> {
    figment: &'a Figment,
    pub(super) key: String,
    pub(super) origin: Origin,
    dict: &'a Dict,
}

impl<'a> Table<'a> {
    /// All of it.
    pub(super) fn root(figment: &'a Figment, dict: &'a Dict) -> Self {
        Self { figment, key: String::new(), origin: Origin::Default, dict }
    }

    /// The place of a setting in this table, whether it is there or not.
    pub(super) fn place(&self, name: &str) -> String {
        if self.key.is_empty() { name.to_owned() } else { format!("{}.{name}", self.key) }
    }

    /// The setting `name`, if it is there.
    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        let value = self.dict.get(name)?;
        let origin = origin_of(self.figment, value);
        Some(Node { figment: self.figment, key: self.place(name), origin, value })
    }

    /// The setting at `path`, if all of it is there, without a word about what is wrong with it.
    pub(super) fn find(&self, path: &[&str]) -> Option<Node<'a>> {
        let (name, deeper) = path.split_first()?;
        let node = self.get(name)?;
        if deeper.is_empty() { Some(node) } else { node.as_table()?.find(deeper) }
    }

    /// The table `name`, if it is there and one.
    pub(super) fn table(&self, name: &str, report: &mut Report) -> Option<Table<'a>> {
        self.get(name)?.table(report)
    }

    /// Every setting with its name.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a, '_> {
        self.dict.keys().filter_map(|name| Some((name.as_str(), self.get(name)?)))
    }

    /// Says of every setting that is not known here that it is not.
    pub(super) fn refuse_unknown(&self, known: &[&str], report: &mut Report) {
        for (name, node) in self.entries().filter(|(name, _)| !known.contains(name)) {
            report.error(&node.origin, &node.key, self.unknown(name, &node.origin, known));
        }
    }

    fn unknown(&self, name: &str, origin: &Origin, known: &[&str]) -> Problem {
        // Whoever mistyped a variable wants to read the variable.
        let shown = |word: &str| match origin {
            Origin::Variable(_) => {
                let path: Vec<&str> =
                    self.key.split('.').filter(|part| !part.is_empty()).chain([word]).collect();
                keys::variable_of(&path)
            }
            _ => word.to_owned(),
        };
        let known_here = known.iter().map(|word| shown(word)).collect::<Vec<_>>().join(", ");
        Problem::UnknownKey { suggestion: keys::nearest(name, known).map(shown), known: known_here }
    }

    /// Who said each leaf.
    pub(super) fn origins(&self) -> BTreeMap<String, Origin> {
        self.entries().flat_map(|(_, node)| node.origins()).collect()
    }
}

impl<'a> Node<'a> {
    pub(super) fn fail(&self, report: &mut Report, problem: Problem) {
        report.error(&self.origin, &self.key, problem);
    }

    pub(super) fn wrong_type(&self, report: &mut Report, right: &str) {
        self.fail(report, Problem::WrongType { found: type_of(self.value), right: right.to_owned() });
    }

    /// A table.
    pub(super) fn table(&self, report: &mut Report) -> Option<Table<'a>> {
        let table = self.as_table();
        if table.is_none() {
            let right = "a table with settings, as [server], [provider.NAME] or [clients.key.NAME]";
            self.wrong_type(report, right);
        }
        table
    }

    /// The table, if it is one.
    pub(super) fn as_table(&self) -> Option<Table<'a>> {
        let Value::Dict(_, dict) = self.value else { return None };
        Some(Table { figment: self.figment, key: self.key.clone(), origin: self.origin.clone(), dict })
    }

    /// The text, if it is one.
    pub(super) fn as_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// Whether it is this very word.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self.value, Value::String(_, text) if text.trim() == word)
    }

    /// A text that is not empty.
    pub(super) fn text(&self, report: &mut Report) -> Option<&'a str> {
        let Value::String(_, text) = self.value else {
            self.wrong_type(report, "a text in quotes");
            return None;
        };
        if text.trim().is_empty() {
            self.fail(report, Problem::Empty);
            return None;
        }
        Some(text.trim())
    }

    /// A list of texts, or a single text that holds one, several between commas, or a TOML array: a
    /// variable has no other way to say several.
    pub(super) fn list(&self, report: &mut Report) -> Option<Vec<String>> {
        let right = "a text in quotes or a list of such, as [\"…\", \"…\"]";
        let items: Option<Vec<String>> = match self.value {
            Value::String(_, text) => split(text),
            Value::Array(_, values) => {
                values.iter().map(|value| value.as_str().map(|text| text.trim().to_owned())).collect()
            }
            _ => None,
        };
        if items.is_none() {
            self.wrong_type(report, right);
        }
        items
    }

    /// A duration between two.
    pub(super) fn duration(&self, least: Duration, most: Duration, report: &mut Report) -> Option<Duration> {
        let text = self.plain(OptionKind::Duration, report)?;
        let given = crate::provider::parse_duration(&text)?;
        if given < least || given > most {
            self.fail(report, Problem::OutOfRange { given, least, most });
            return None;
        }
        Some(given)
    }

    /// The text of a value of the given kind, whether it was written with quotes or without.
    pub(super) fn plain(&self, kind: OptionKind, report: &mut Report) -> Option<String> {
        let text = match (self.value, kind) {
            (Value::String(_, text), _) => text.trim().to_owned(),
            (Value::Bool(_, value), OptionKind::Bool) => value.to_string(),
            // A decimal number without quotes has been through binary floating point; a whole one has not.
            (Value::Num(_, number), OptionKind::Integer | OptionKind::Amount) => match number.to_i128() {
                Some(whole) => whole.to_string(),
                None => {
                    self.wrong_type(report, "a whole number, or a decimal one in quotes, as \"1000.50\"");
                    return None;
                }
            },
            _ => {
                self.wrong_type(
                    report,
                    &kind.complaint("?").unwrap_or_else(|| "a text in quotes".to_owned()),
                );
                return None;
            }
        };
        match kind.complaint(&text) {
            Some(right) => self.fail(report, Problem::Unsuitable(right)),
            None => return Some(text),
        }
        None
    }

    /// A currency by its three letters.
    pub(super) fn currency(&self, report: &mut Report) -> Option<Currency> {
        let currency = Currency::parse(self.text(report)?).ok();
        if currency.is_none() {
            self.fail(report, Problem::Unsuitable("the three letters of a currency, as \"RUB\"".to_owned()));
        }
        currency
    }

    /// A table of texts.
    pub(super) fn texts(&self, report: &mut Report) -> Option<BTreeMap<String, String>> {
        let table = self.table(report)?;
        let read = |(name, node): (&str, Node<'_>)| Some((name.to_owned(), node.text(report)?.to_owned()));
        Some(table.entries().filter_map(read).collect())
    }

    fn origins(&self) -> BTreeMap<String, Origin> {
        match self.as_table() {
            Some(table) => table.origins(),
            None => BTreeMap::from([(self.key.clone(), self.origin.clone())]),
        }
    }
}

/// Reads `a`, `a, b` and `["a", "b"]`; an address as `[::1]:8080` is not the third of them.
fn split(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let parsed: Option<toml::Table> = toml::from_str(&format!("list = {text}")).ok();
    if let Some(values) = parsed.as_ref().and_then(|table| table.get("list")).and_then(toml::Value::as_array)
    {
        return values.iter().map(|value| value.as_str().map(|text| text.trim().to_owned())).collect();
    }
    if text.starts_with("[\"") || text.starts_with("['") {
        return None;
    }
    Some(text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect())
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::String(..) | Value::Char(..) => "a text",
        Value::Bool(..) => "true or false",
        Value::Num(_, number) if number.to_i128().is_some() => "a number",
        Value::Num(..) => "a decimal number",
        Value::Empty(..) => "nothing",
        Value::Dict(..) => "a table",
        Value::Array(..) => "a list",
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_list_may_be_one_several_between_commas_or_an_array() {
        assert_eq!(split("0.0.0.0:8080"), Some(vec!["0.0.0.0:8080".to_owned()]));
        assert_eq!(
            split("[::1]:80, 127.0.0.1:80"),
            Some(vec!["[::1]:80".to_owned(), "127.0.0.1:80".to_owned()])
        );
        assert_eq!(split("[\"a:1\", 'b:2']"), Some(vec!["a:1".to_owned(), "b:2".to_owned()]));
        assert_eq!(split(" [] "), Some(vec![]));
        assert_eq!(split("[1]"), None);
        assert_eq!(split("[\"a:1\""), None);
    }
}
