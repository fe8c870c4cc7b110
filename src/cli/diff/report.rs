//! The differences between two sides, side by side, for people. Knows neither how they were asked nor
//! what the answers mean.

use serde_json::Value;

use super::compare::{Difference, differences};
use super::side::{Question, Side};

/// What was found.
pub struct Report {
    lines: Vec<String>,
    names: (String, String),
    differences: usize,
    gaps: usize,
}

impl Report {
    /// A report on two sides.
    pub fn between(left: &Side, right: &Side) -> Self {
        let name = |side: &Side| format!("{} ({})", side.name, side.kind);
        let names = (name(left), name(right));
        let lines = vec![format!("left:  {}\nright: {}", names.0, names.1)];
        Self { lines, names, differences: 0, gaps: 0 }
    }

    /// Adds what both sides answered to a question.
    pub fn add(&mut self, question: &Question, answers: (Result<Value, String>, Result<Value, String>)) {
        let title = question.title();
        match answers {
            (Ok(left), Ok(right)) => self.compared(&title, &differences(&left, &right)),
            (left, right) => {
                self.gaps += 1;
                self.lines.push(format!("\n{title}: not compared"));
                let gaps = [(&self.names.0, left.err()), (&self.names.1, right.err())];
                let told = gaps.into_iter().filter_map(|(name, why)| Some(format!("  {name}: {}", why?)));
                self.lines.extend(told);
            }
        }
    }

    fn compared(&mut self, title: &str, found: &[Difference]) {
        self.differences += found.len();
        if found.is_empty() {
            self.lines.push(format!("\n{title}: the same"));
            return;
        }
        self.lines.push(format!("\n{title}: {} differ", found.len()));
        self.lines.extend(side_by_side(found));
        let only = |left: bool| {
            found.iter().filter_map(move |one| match one {
                Difference::OnlyLeft(path) if left => Some(path.as_str()),
                Difference::OnlyRight(path) if !left => Some(path.as_str()),
                _ => None,
            })
        };
        for (side, paths) in [("left", only(true).collect::<Vec<_>>()), ("right", only(false).collect())] {
            if !paths.is_empty() {
                self.lines.push(format!("  only {side} ({}): {}", paths.len(), paths.join(", ")));
            }
        }
    }

    /// Whether anything differs.
    pub fn has_differences(&self) -> bool {
        self.differences > 0
    }

    /// Whether a question stayed without an answer.
    pub fn has_gaps(&self) -> bool {
        self.gaps > 0
    }

    /// All of it.
    pub fn text(&self) -> String {
        let sum = match (self.differences, self.gaps) {
            (0, 0) => "both say the same".to_owned(),
            (differences, 0) => format!("{differences} differ"),
            (differences, gaps) => format!("{differences} differ, and {gaps} could not be compared"),
        };
        format!("{}\n\n{sum}", self.lines.join("\n"))
    }
}

/// The places where both have something, in columns.
fn side_by_side(found: &[Difference]) -> Vec<String> {
    let rows: Vec<_> = found
        .iter()
        .filter_map(|one| match one {
            Difference::Differs { path, left, right } => Some([path.as_str(), left, right]),
            _ => None,
        })
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let head = ["", "left", "right"];
    let all: Vec<_> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| all.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let (first, second) = (width(0), width(1));
    let line = |[path, left, right]: &[&str; 3]| format!("  {path:first$}  {left:>second$}  {right}");
    all.iter().map(line).collect()
}
