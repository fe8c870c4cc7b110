//! What can be wrong inside an answer: a field that is missing, empty or of another type, a word in other
//! letters, an end that did not come. Knows no provider.

use serde_json::Value;

use super::mangle::Class;
use crate::harness::Draw;

/// How many places of one JSON answer are spoiled at most.
const PLACES: usize = 8;

/// How many other values each of them gets.
const VALUES: usize = 4;

/// Bodies made of this one: what is wrong with each, and what is left of its meaning.
pub fn spoiled(body: &[u8], draw: &mut Draw) -> Vec<(String, Class, String)> {
    let Ok(text) = std::str::from_utf8(body) else { return Vec::new() };
    match serde_json::from_str::<Value>(text) {
        Ok(value) if value.is_object() || value.is_array() => json(text, &value, draw),
        _ => words(text),
    }
}

/// A step from a JSON value to one inside it.
#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Index(usize),
}

fn json(text: &str, value: &Value, draw: &mut Draw) -> Vec<(String, Class, String)> {
    let mut all = Vec::new();
    for part in [1, 2, 3] {
        let end = text.floor_char_boundary(text.len() * part / 4);
        all.push((format!("JSON that ends after {end} bytes"), Class::Unreadable, text[..end].to_owned()));
    }
    let mut paths = Vec::new();
    walk(value, &mut Vec::new(), &mut paths);
    // Long answers are lists of like rows, and slow to read.
    let most = if text.len() > 8_000 { PLACES / 2 } else { PLACES };
    while paths.len() > most {
        paths.swap_remove(draw.below(paths.len()));
    }
    let others = ["null", "\"\"", "[]", "{}", "true", "-1", "1e999"];
    for path in paths {
        let place = format!("{path:?}");
        for _ in 0..VALUES {
            let other = others[draw.below(others.len())];
            let mut changed = value.clone();
            if let Some(found) = at(&mut changed, &path) {
                *found = serde_json::from_str(other).unwrap();
            }
            all.push((format!("{other} at {place}"), Class::Altered, changed.to_string()));
        }
        let mut changed = value.clone();
        remove(&mut changed, &path);
        all.push((format!("nothing at {place}"), Class::Altered, changed.to_string()));
    }
    all
}

/// Every place below `value`.
fn walk(value: &Value, here: &mut Vec<Step>, paths: &mut Vec<Vec<Step>>) {
    let mut visit = |step: Step, inner: &Value| {
        here.push(step);
        paths.push(here.clone());
        walk(inner, here, paths);
        here.pop();
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, inner)| visit(Step::Key(key.clone()), inner)),
        Value::Array(rows) => rows.iter().enumerate().for_each(|(nth, inner)| visit(Step::Index(nth), inner)),
        _ => {}
    }
}

fn at<'value>(value: &'value mut Value, path: &[Step]) -> Option<&'value mut Value> {
    path.iter().try_fold(value, |inner, step| match step {
        Step::Key(key) => inner.get_mut(key),
        Step::Index(nth) => inner.get_mut(nth),
    })
}

fn remove(value: &mut Value, path: &[Step]) {
    let Some((last, outer)) = path.split_last() else { return };
    match (at(value, outer), last) {
        (Some(Value::Object(fields)), Step::Key(key)) => drop(fields.shift_remove(key)),
        (Some(Value::Array(rows)), Step::Index(nth)) => drop(rows.remove(*nth)),
        _ => {}
    }
}

/// An answer in words: `ACCESS_NUMBER:id:number`, or a bare amount.
fn words(text: &str) -> Vec<(String, Class, String)> {
    let fields: Vec<_> = text.split(':').collect();
    let mut all = vec![
        ("an unknown word".to_owned(), Class::Unreadable, "SOMETHING_ELSE".to_owned()),
        ("in small letters".to_owned(), Class::Unreadable, text.to_lowercase()),
    ];
    for nth in 0..fields.len() {
        let mut emptied = fields.clone();
        emptied[nth] = "";
        all.push((format!("field {nth} is empty"), Class::Altered, emptied.join(":")));
        all.push((format!("it ends before field {nth}"), Class::Altered, fields[..nth].join(":")));
    }
    if let [word, rest @ ..] = &fields[..]
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
    {
        let rest = rest.iter().map(|field| format!(":{field}")).collect::<String>();
        all.push(("another word".to_owned(), Class::Unreadable, format!("SOMETHING_ELSE{rest}")));
        all.push(("half a word".to_owned(), Class::Unreadable, word[..word.len() / 2].to_owned()));
    }
    all
}
