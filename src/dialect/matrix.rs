//! The matrix of actions and kinds of providers, computed from what each action needs and each kind
//! can do, as text, Markdown and JSON. Knows no action and no provider in particular.

use serde::Serialize;

use super::{ACTIONS, Support};
use crate::provider::PROVIDERS;

#[derive(Serialize)]
struct Cell {
    provider: &'static str,
    support: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    word: Option<&'static str>,
}

#[derive(Serialize)]
struct Row {
    action: &'static str,
    providers: Vec<Cell>,
}

fn rows() -> Vec<Row> {
    let cell = |action: &super::Action, spec: &'static crate::provider::Spec| {
        let (support, word) = match action.support(spec) {
            Support::Native => ("native", None),
            Support::Emulated => ("emulated", None),
            Support::Refused(word) => ("refused", Some(word.as_str())),
        };
        Cell { provider: spec.kind, support, word }
    };
    ACTIONS
        .iter()
        .map(|action| Row {
            action: action.name,
            providers: PROVIDERS.iter().map(|spec| cell(action, spec)).collect(),
        })
        .collect()
}

impl Cell {
    fn label(&self, word: impl Fn(&str) -> String) -> String {
        match self.word {
            Some(refusal) => format!("{} {}", self.support, word(refusal)),
            None => self.support.to_owned(),
        }
    }
}

fn table(word: impl Fn(&str) -> String, action: impl Fn(&str) -> String) -> Vec<Vec<String>> {
    let mut head = vec!["action".to_owned()];
    head.extend(PROVIDERS.iter().map(|spec| spec.kind.to_owned()));
    let mut lines = vec![head];
    for row in rows() {
        let mut line = vec![action(row.action)];
        line.extend(row.providers.iter().map(|cell| cell.label(&word)));
        lines.push(line);
    }
    lines
}

fn widths(lines: &[Vec<String>]) -> Vec<usize> {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    (0..columns).map(width).collect()
}

/// As aligned text.
pub fn text() -> String {
    let lines = table(str::to_owned, str::to_owned);
    let widths = widths(&lines);
    let written = lines.iter().map(|line| {
        let cells: Vec<_> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    });
    written.collect::<Vec<_>>().join("\n")
}

/// As a Markdown table.
pub fn markdown() -> String {
    let code = |word: &str| format!("`{word}`");
    let lines = table(code, code);
    let widths = widths(&lines);
    let mut written = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let cells: Vec<_> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        written.push(format!("| {} |", cells.join(" | ")));
        if index == 0 {
            let rule: Vec<_> = widths.iter().map(|width| "-".repeat(*width)).collect();
            written.push(format!("| {} |", rule.join(" | ")));
        }
    }
    written.join("\n")
}

/// As JSON: a list of actions, each with a list of providers.
pub fn json() -> String {
    serde_json::to_string_pretty(&rows()).unwrap_or_default()
}
