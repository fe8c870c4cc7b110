//! Where two JSON values differ, as paths with what stands there on either side. Knows nothing of what
//! they mean.

use serde_json::Value;

/// A place where two values differ.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// Only the left one has something there.
    OnlyLeft(String),
    /// Only the right one has something there.
    OnlyRight(String),
    /// Both have, and not the same.
    Differs {
        /// Where.
        path: String,
        /// What the left one has.
        left: String,
        /// What the right one has.
        right: String,
    },
}

/// Every place where `left` and `right` differ, in the order of their keys.
pub fn differences(left: &Value, right: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", left, right, &mut found);
    found
}

fn compare(path: &str, left: &Value, right: &Value, found: &mut Vec<Difference>) {
    let (Value::Object(ours), Value::Object(theirs)) = (left, right) else {
        if left != right {
            found.push(Difference::Differs {
                path: path.to_owned(),
                left: written(left),
                right: written(right),
            });
        }
        return;
    };
    for (key, value) in ours {
        let path = below(path, key);
        match theirs.get(key) {
            Some(other) => compare(&path, value, other, found),
            None => found.push(Difference::OnlyLeft(path)),
        }
    }
    for key in theirs.keys().filter(|key| !ours.contains_key(*key)) {
        found.push(Difference::OnlyRight(below(path, key)));
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A text without its quotes; anything else as JSON.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_the_same_is_not_mentioned_whatever_its_order() {
        let one = json!({"0": {"tg": {"cost": 15.5, "count": 3}, "vk": {"cost": 1, "count": 2}}});
        let two = json!({"0": {"vk": {"count": 2, "cost": 1}, "tg": {"count": 3, "cost": 15.5}}});
        assert_eq!(differences(&one, &two), []);
    }

    #[test]
    fn a_difference_is_told_with_its_place_and_both_sides() {
        let one = json!({"0": {"tg": {"cost": 15.5, "count": 3}, "vk": {}}});
        let two = json!({"0": {"tg": {"cost": "16", "count": 3}, "ok": {}}});
        let differs =
            Difference::Differs { path: "0.tg.cost".into(), left: "15.5".into(), right: "16".into() };
        let expected = [differs, Difference::OnlyLeft("0.vk".into()), Difference::OnlyRight("0.ok".into())];
        assert_eq!(differences(&one, &two), expected);
    }

    #[test]
    fn words_are_compared_as_a_whole() {
        let found = differences(&json!("STATUS_OK:1"), &json!({"a": 1}));
        let expected = Difference::Differs {
            path: String::new(),
            left: "STATUS_OK:1".into(),
            right: r#"{"a":1}"#.into(),
        };
        assert_eq!(found, [expected]);
    }
}
