//! A request's bytes and what becomes of them. Knows no action's work.
//!
//! The first line of the data is the query, the second one the body's content type, and the rest the body. Where
//! there is no content type, the request is a GET without a body.

use axum::body::Body;
use axum::extract::Request;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use rust_decimal::Decimal;
use tokio::runtime::{Builder, Runtime};

use crate::config::LimitsConfig;
use crate::dialect::code::{Refusal, Word};
use crate::dialect::shape::FLAVOURS;
use crate::dialect::{ACTIONS, Params, turned_away};
use crate::domain::{Country, Operator, Service};
use crate::server::request;

thread_local! {
    static RUNTIME: Option<Runtime> = Builder::new_current_thread().enable_time().build().ok();
}

/// Reads a request, and whatever can be read out of its parameters.
pub fn params(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == b'\n').map(<[u8]>::to_vec);
    let mut part = || parts.next().unwrap_or_default();
    let (query, content_type, body) = (part(), part(), part());
    hold(&Params::of_urlencoded(&query));
    hold(&Params::of_urlencoded(&query).and(Params::of_urlencoded(&body)));
    if let Some(request) = request_of(&query, &content_type, body) {
        let read = RUNTIME.with(|runtime| {
            let Some(runtime) = runtime else { panic!("no runtime") };
            let (asked, body) = request.into_parts();
            runtime.block_on(request::params(&asked, body, &LimitsConfig::default()))
        });
        match read {
            Ok(params) => hold(&params),
            Err((status, why)) => assert!(status.is_client_error(), "{status}: {why}"),
        }
    }
}

/// The request, if a server would get so far as to see one.
fn request_of(query: &[u8], content_type: &[u8], body: Vec<u8>) -> Option<Request> {
    let target = format!("/?{}", std::str::from_utf8(query).ok()?);
    let builder = Request::builder().uri(target);
    if content_type.is_empty() {
        return builder.body(Body::empty()).ok();
    }
    builder.method(Method::POST).header(CONTENT_TYPE, content_type).body(Body::from(body)).ok()
}

/// What holds for all parameters.
fn hold(params: &Params) {
    let kept = params.without_key();
    for (nth, (name, value)) in kept.iter().enumerate() {
        assert!(name != "api_key" && !name.trim().is_empty(), "{name:?} is passed on");
        assert!(!name.contains(char::is_control), "{name:?} is passed on");
        assert!(kept[..nth].iter().all(|(given, _)| given != name), "{name:?} is passed on twice");
        let trimmed = Some(value.trim()).filter(|value| !value.is_empty());
        assert_eq!(params.get(name), trimmed, "the first value of {name:?} is not the one that counts");
    }
    same_when_written_again(&kept);
    hold_values(params);
    hold_shapes(params);
}

/// What is passed on says the same to whoever reads it next.
fn same_when_written_again(kept: &[(String, String)]) {
    let Ok(written) = serde_urlencoded::to_string(kept) else { panic!("it cannot be written again") };
    assert_eq!(Params::of_urlencoded(written.as_bytes()).without_key(), kept, "{written}");
}

fn hold_values(params: &Params) {
    if let Ok(Some(service)) = params.service_if_any() {
        assert_eq!(Service::parse(service.as_str()), Ok(service.clone()));
        assert_eq!(params.service(), Ok(service));
    }
    if let Ok(country) = params.country() {
        assert_eq!(params.country_if_any().map(|read| read.unwrap_or(Country::DEFAULT)), Ok(country));
    }
    if let Ok(operators) = params.operators() {
        for (nth, operator) in operators.iter().enumerate() {
            assert_eq!(Operator::parse(operator.as_str()).as_ref(), Ok(operator));
            assert!(!operators[..nth].contains(operator), "{operator} is asked for twice");
        }
    }
    if let Ok(id) = params.activation_id() {
        assert!(id.get() > 0 && i32::try_from(id.get()).is_ok());
    }
    if let Ok(Some(cap)) = params.max_price() {
        assert!(cap > Decimal::ZERO);
    }
    assert!(params.window(10).1 > 0);
}

/// In every flavour, for every action: it has what it needs, or gets a word.
fn hold_shapes(params: &Params) {
    for flavour in FLAVOURS {
        let params = params.clone().in_shape(flavour.shape);
        assert_eq!(params.shape(), flavour.shape);
        let _ = params.told_currency();
        for action in ACTIONS {
            if let Err(refusal) = flavour.shape.demand(action.name, &params) {
                assert!(!turned_away(&params, refusal).body.is_empty());
            }
        }
        let reply = turned_away(&params, Refusal::new(Word::BadKey, ""));
        assert!(!reply.body.is_empty() && !reply.body.contains(char::is_whitespace));
    }
}
