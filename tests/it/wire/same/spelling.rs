//! The ways to write a request that real client software has (`WIRE.md` sections 1 and 4): method, place and
//! encoding of the parameters, their order, other names for them, and what stands between them.

use super::wanted::Wanted;
use crate::harness::Draw;
use crate::wire::request;

type Pairs = Vec<(String, String)>;

/// Names that mean the same; the last one only where a number is told what to do.
const ALIASES: [(&str, &str); 4] =
    [("maxPrice", "max_price"), ("id", "activationId"), ("freePrice", "$freePrice"), ("forward", "forwards")];

/// Values that mean the same; the empty ones may be left out as well.
const SYNONYMS: [(&str, &str, &[&str]); 8] = [
    ("country", "0", &["", "any", "ANY", "00"]),
    ("operator", "any", &["", "ANY", ",", "any,mts"]),
    ("forward", "0", &["", "false", "2"]),
    ("forward", "1", &["true", "True", "TRUE"]),
    ("verification", "0", &["", "false"]),
    ("verification", "1", &["true", "True"]),
    ("freePrice", "0", &["", "False"]),
    ("freePrice", "1", &["true", "True"]),
];

/// Actions in which no country is Russia; in the others it is all countries.
const IN_RUSSIA: [&str; 3] = ["getNumber", "getNumberV2", "getNumbersStatus"];

/// `WIRE.md` section 4, "ignored extras".
const EXTRAS: [&str; 14] = [
    "ref", "ref_id", "json", "owner", "userID", "orderId", "random", "act", "noStat", "page", "limit", "url",
    "useless", "Country",
];

const PATHS: [&str; 4] =
    ["/stubs/handler_api.php", "/stubs/handler_api.php/", "/stubs/handler_api", "/stubs/handler_api/"];

/// The request's bytes.
pub fn spelled(wanted: &Wanted, draw: &mut Draw) -> Vec<u8> {
    let mut pairs: Pairs = wanted
        .pairs
        .iter()
        .filter_map(|(name, value)| Some((alias(wanted, name, draw), synonym(wanted, name, value, draw)?)))
        .collect();
    draw.shuffle(&mut pairs);
    let split = match draw.below(3) {
        0 => pairs.len(),
        1 => 0,
        _ => draw.below(pairs.len() + 1),
    };
    // With a POST either half may be empty; a GET has but one.
    let post = split < pairs.len() || draw.once_in(2);
    let split = add_noise(&mut pairs, split, draw);
    let (query, form) = pairs.split_at(split);
    let target = target(query, draw);
    if !post {
        return request("GET", &target, &[], b"");
    }
    let (content_type, body) = body(form, draw);
    let headers: Vec<_> = content_type.iter().map(|kind| ("Content-Type", kind.as_str())).collect();
    request("POST", &target, &headers, body.as_bytes())
}

fn alias(wanted: &Wanted, name: &str, draw: &mut Draw) -> String {
    let known = ALIASES.iter().find(|(given, _)| *given == name && draw.once_in(3)).map(|(_, other)| *other);
    let other = known.filter(|other| *other != "forwards" || wanted.action() == "setStatus");
    other.unwrap_or(name).to_owned()
}

/// The value or one that means the same; `None` to leave it out, which an empty one may always be.
fn synonym(wanted: &Wanted, name: &str, value: &str, draw: &mut Draw) -> Option<String> {
    let means = |(given, plain, _): &&(&str, &str, &[&str])| *given == name && *plain == value;
    let known =
        SYNONYMS.iter().find(means).filter(|_| name != "country" || IN_RUSSIA.contains(&wanted.action()));
    let value = match known {
        Some((.., others)) if draw.once_in(2) => draw.one(others),
        _ => value,
    };
    if value.is_empty() && draw.once_in(2) { None } else { Some(value.to_owned()) }
}

/// Puts in what changes nothing: later values under the same names, parameters that nobody knows, pairs
/// without a name. Gives the place of the split after that.
fn add_noise(pairs: &mut Pairs, mut split: usize, draw: &mut Draw) -> usize {
    for _ in 0..draw.below(4) {
        let end = pairs.len();
        let (place, pair) = match draw.below(3) {
            0 if end > 0 => {
                let first = draw.below(end);
                let other = draw.one(&["", "0", "1", "wrong", "tg", "getBalance", "187"]);
                (first + 1 + draw.below(end - first), (pairs[first].0.clone(), other.to_owned()))
            }
            1 => {
                let value = draw.one(&["", "1", "null", "https://a.b/c?d=e&f", "код"]);
                (draw.below(end + 1), (draw.one(&EXTRAS).to_owned(), value.to_owned()))
            }
            _ => (draw.below(end + 1), (String::new(), draw.one(&["", "x"]).to_owned())),
        };
        pairs.insert(place, pair);
        // What stands at the split belongs to the second half, but for a GET there is none.
        if place < split || split == end {
            split += 1;
        }
    }
    for (name, value) in pairs {
        *name = blanks(name, draw);
        *value = blanks(value, draw);
    }
    split
}

/// Blanks around it, now and then.
fn blanks(text: &str, draw: &mut Draw) -> String {
    match draw.below(8) {
        0 => format!("{text} "),
        1 => format!(" {text}"),
        2 => format!("\t{text}  "),
        _ => text.to_owned(),
    }
}

fn target(query: &[(String, String)], draw: &mut Draw) -> String {
    let path = draw.one(&PATHS);
    if query.is_empty() && draw.once_in(2) {
        path.to_owned()
    } else {
        format!("{path}?{}", urlencoded(query, draw))
    }
}

fn urlencoded(pairs: &[(String, String)], draw: &mut Draw) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        text.push_str(&"&".repeat(draw.below(20) / 19));
        text.push_str(&percent(name, draw));
        if !value.is_empty() || draw.once_in(2) {
            text.push('=');
            text.push_str(&percent(value, draw));
        }
        text.push('&');
    }
    if draw.once_in(2) {
        text.pop();
    }
    text
}

/// Each byte as it is where it may be, or encoded, in capitals or not.
fn percent(text: &str, draw: &mut Draw) -> String {
    let mut written = String::new();
    for byte in text.bytes() {
        let may_stand = byte.is_ascii_alphanumeric() || b"-_.~,$:/?@!*()".contains(&byte);
        match draw.below(6) {
            0 => written.push_str(&format!("%{byte:02X}")),
            1 => written.push_str(&format!("%{byte:02x}")),
            _ if may_stand => written.push(char::from(byte)),
            _ if byte == b' ' => written.push('+'),
            _ => written.push_str(&format!("%{byte:02X}")),
        }
    }
    written
}

/// A form and what it is called.
fn body(form: &[(String, String)], draw: &mut Draw) -> (Option<String>, String) {
    if !form.is_empty() && draw.once_in(3) {
        let boundary = draw.one(&["b", "------------------------d74496d66958873e"]);
        return (Some(format!("multipart/form-data; boundary={boundary}")), multipart(boundary, form));
    }
    let content_type = draw.one(&[
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-8",
        "Application/X-WWW-Form-URLEncoded",
        "application/octet-stream",
        "text/plain",
        "",
    ]);
    (Some(content_type.to_owned()).filter(|kind| !kind.is_empty()), urlencoded(form, draw))
}

fn multipart(boundary: &str, pairs: &[(String, String)]) -> String {
    let part = |(name, value): &(String, String)| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts: String = pairs.iter().map(part).collect();
    parts + &format!("--{boundary}--\r\n")
}
