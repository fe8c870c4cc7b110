//! Whether an answer has a given form: a word with its fields, or JSON like a sample. Knows no action.

use serde_json::Value;

/// What a field must be.
pub type Field = fn(&str) -> bool;

/// Digits only, and some.
pub fn digits(field: &str) -> bool {
    !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit())
}

/// Anything but nothing.
pub fn text(field: &str) -> bool {
    !field.is_empty()
}

/// Two decimals.
pub fn amount(field: &str) -> bool {
    let parts = field.split_once('.');
    parts.is_some_and(|(whole, rest)| digits(whole) && digits(rest) && rest.len() == 2)
}

/// A word and its fields, each after a colon; the last may hold colons of its own.
pub fn words(answer: &str, word: &str, fields: &[Field]) -> Result<(), String> {
    let mut parts = answer.splitn(fields.len() + 1, ':');
    if parts.next() != Some(word) {
        return Err(format!("no {word}"));
    }
    let given: Vec<_> = parts.collect();
    let fit = given.len() == fields.len() && given.iter().zip(fields).all(|(part, field)| field(part));
    if fit { Ok(()) } else { Err(format!("the fields {given:?}")) }
}

/// JSON like a sample: objects with the same keys in the same order, which others may follow, and where the one
/// key `*` stands for any and at least one; lists of at least one, all like the sample's first; a number for a
/// number, null for null, true for true; a text for `text`, digits for `digits`, and exactly this for `=this`.
pub fn like(answer: &str, sample: Value) -> Result<(), String> {
    let answer = serde_json::from_str(answer).map_err(|error| error.to_string())?;
    compare(&answer, &sample, "the answer")
}

fn compare(value: &Value, sample: &Value, place: &str) -> Result<(), String> {
    let fits = match (value, sample) {
        (Value::Object(object), Value::Object(fields)) => match fields.get("*") {
            Some(any) if !object.is_empty() => {
                return object.iter().try_for_each(|(key, value)| compare(value, any, key));
            }
            Some(_) => false,
            None if object.keys().take(fields.len()).eq(fields.keys()) => {
                return fields.iter().try_for_each(|(key, field)| compare(&object[key], field, key));
            }
            None => false,
        },
        (Value::Array(values), Value::Array(samples)) if !values.is_empty() => {
            return values.iter().try_for_each(|value| compare(value, &samples[0], place));
        }
        (Value::String(given), Value::String(kind)) => match kind.as_str() {
            "text" => true,
            "digits" => digits(given),
            exact => exact.strip_prefix('=') == Some(given),
        },
        (Value::Number(_), Value::Number(_)) | (Value::Null, Value::Null) => true,
        (Value::Bool(given), Value::Bool(meant)) => given == meant,
        _ => false,
    };
    if fits { Ok(()) } else { Err(format!("{place} is {value} where {sample} is meant")) }
}
