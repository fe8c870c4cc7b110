//! What can be wrong with an answer, whoever gave it: it breaks off, is something else altogether, or lies in
//! its status. What can be wrong inside it is in `fields`. Knows no provider.

use super::fields;
use super::tape::{Exchange, Spoiled};
use crate::harness::Draw;

/// A page as gateways and parked domains show it.
const PAGE: &str =
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";

/// More than any answer may be long.
const FLOOD: usize = 16 * 1024 * 1024;

/// How much of an answer's meaning is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// No answer has arrived, or a page of somebody else's: nobody may take it for anything.
    Broken,
    /// It arrived, and no document has such an answer anywhere; it may only be passed on unread.
    Unreadable,
    /// It can be read and says nothing, as an empty list does.
    Hollow,
    /// It still says something, which may be what it said before.
    Altered,
    /// It repeats what must not be repeated.
    Echo,
}

/// A spoiled answer.
#[derive(Debug)]
pub struct Mangled {
    /// What is wrong with it.
    pub name: String,
    pub class: Class,
    pub answer: Spoiled,
}

/// Everything that is made of one answer. `secrets` are the key, the number and the messages.
pub fn mangle(exchange: &Exchange, secrets: &[String], draw: &mut Draw) -> Vec<Mangled> {
    let mut all = cuts(exchange);
    all.extend(statuses(exchange));
    all.extend(echoes(exchange, secrets));
    all.extend(other_bodies(exchange, draw));
    all
}

/// What is made of what an answer says, and not of the way it came.
pub fn other_bodies(exchange: &Exchange, draw: &mut Draw) -> Vec<Mangled> {
    let mut all = others(exchange);
    all.extend(fields::spoiled(&exchange.body, draw).into_iter().map(|(name, class, body)| {
        let answer = Spoiled { body: body.into_bytes(), ..whole(exchange) };
        Mangled { name, class, answer }
    }));
    all.retain(|mangled| mangled.answer != whole(exchange));
    all
}

fn whole(exchange: &Exchange) -> Spoiled {
    Spoiled { status: exchange.status, body: exchange.body.clone(), cut: None, flood: 0 }
}

/// The transfer ends early, or does not end.
fn cuts(exchange: &Exchange) -> Vec<Mangled> {
    let length = exchange.body.len();
    let mut places = vec![0, 1, length / 3, length / 2, length.saturating_sub(1)];
    places.retain(|place| *place < length);
    places.dedup();
    let cut = |place: usize| Mangled {
        name: format!("cut off after {place} of {length} bytes"),
        class: Class::Broken,
        answer: Spoiled { cut: Some(place), ..whole(exchange) },
    };
    let mut all: Vec<_> = places.into_iter().map(cut).collect();
    let answer = Spoiled { flood: FLOOD + 1, ..whole(exchange) };
    all.push(Mangled { name: "endless".into(), class: Class::Broken, answer });
    all
}

/// Something else comes instead.
fn others(exchange: &Exchange) -> Vec<Mangled> {
    let bodies: [(&[u8], Class); 11] = [
        (b"", Class::Unreadable),
        (PAGE.as_bytes(), Class::Broken),
        (b"{", Class::Unreadable),
        (b"\xff\xfe\x00A", Class::Unreadable),
        (b"null", Class::Hollow),
        (b"[]", Class::Hollow),
        (b"{}", Class::Hollow),
        (b"\"x\"", Class::Hollow),
        (b"0", Class::Hollow),
        (b"true", Class::Hollow),
        (b"[[[[[[[[", Class::Unreadable),
    ];
    let other = |(body, class): (&[u8], Class)| Mangled {
        name: format!("instead of it {:?}", String::from_utf8_lossy(body)),
        class,
        answer: Spoiled { body: body.to_vec(), ..whole(exchange) },
    };
    bodies.into_iter().map(other).collect()
}

/// The right body under a wrong status, and a page under it.
fn statuses(exchange: &Exchange) -> Vec<Mangled> {
    let mut all = Vec::new();
    for status in [302, 400, 403, 404, 500, 502] {
        let right = Spoiled { status, ..whole(exchange) };
        all.push(Mangled { name: format!("HTTP {status}"), class: Class::Altered, answer: right });
        let page = Spoiled { status, body: PAGE.into(), ..whole(exchange) };
        all.push(Mangled { name: format!("HTTP {status} and a page"), class: Class::Broken, answer: page });
    }
    all
}

/// An error that says what it was asked with.
fn echoes(exchange: &Exchange, secrets: &[String]) -> Vec<Mangled> {
    let mut bodies = Vec::new();
    for secret in secrets {
        let quoted = serde_json::to_string(secret).unwrap();
        bodies.push(format!("no such thing: {secret}"));
        bodies.push(format!("ERROR_{secret}"));
        bodies.push(secret.clone());
        for field in ["error", "title", "error_code"] {
            bodies.push(format!("{{\"{field}\":{quoted},\"success\":false}}"));
        }
        bodies.push(format!("{{\"status\":\"error\",\"message\":{quoted}}}"));
        bodies.push(format!("{{\"error\":\"Nothing for {secret}\"}}"));
    }
    let echo = |(nth, body): (usize, String)| Mangled {
        name: format!("echo {body:?}"),
        class: Class::Echo,
        answer: Spoiled {
            status: if nth % 2 == 0 { 200 } else { 400 },
            body: body.into_bytes(),
            ..whole(exchange)
        },
    };
    bodies.into_iter().enumerate().map(echo).collect()
}
