//! What was counted, as a table. Knows nothing of what is allowed.

use crate::stored::Stored;
use crate::valgrind::Counts;

/// A line for everything that was counted now, or is stored where all was counted.
pub fn of(now: &Counts, stored: &Stored, all: bool) -> String {
    let gone = stored.instructions.keys().filter(|name| all && !now.contains_key(*name));
    let mut names: Vec<&String> = now.keys().chain(gone).collect();
    names.sort();
    let width = names.iter().map(|name| name.len()).max().unwrap_or_default();
    let shown = |count: Option<&u64>| count.map_or("-".to_owned(), |count| grouped(*count));
    let row = |name: &&String| {
        let (before, after) = (stored.instructions.get(*name), now.get(*name));
        let change = before.zip(after).map_or(String::new(), |(before, after)| change(*before, *after));
        format!("{name:width$}  {:>13}  {:>13}  {change:>8}", shown(before), shown(after))
    };
    let head = format!("{:width$}  {:>13}  {:>13}  {:>8}", "instructions", "stored", "now", "change");
    [head].into_iter().chain(names.iter().map(row)).collect::<Vec<_>>().join("\n")
}

fn change(before: u64, after: u64) -> String {
    let (before, after) = (i128::from(before.max(1)), i128::from(after));
    let thousandths = (after - before) * 1000 / before;
    let sign = if thousandths < 0 { '-' } else { '+' };
    format!("{sign}{}.{} %", thousandths.abs() / 10, thousandths.abs() % 10)
}

/// With a blank before each three digits.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
