//! From a reply to the bytes of a response: status 200 whatever it says, and a content type that suits
//! the client (`WIRE.md` section 1, items 1 and 5). Knows no action.

use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};

use super::packed;
use crate::dialect::Reply;
use crate::dialect::shape::JsonType;

/// Says in plain words why an answer is a refusal, or from when it is.
pub const DETAIL: HeaderName = HeaderName::from_static("x-smsbridge-detail");

/// What the original sent with every answer.
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=UTF-8");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Writes a reply for a client that accepts what `asked` says, packed where that costs little.
pub async fn answer(reply: Reply, asked: &HeaderMap, json_type: JsonType) -> Response<Body> {
    let Some(packed) = packed::packed(&reply, asked).await else { return response(reply, asked, json_type) };
    let mut response = response(Reply { written: None, body: String::new(), ..reply }, asked, json_type);
    *response.body_mut() = Body::from(packed);
    let headers = response.headers_mut();
    headers.insert(CONTENT_ENCODING, GZIP);
    response
}

/// Writes a reply as it is.
pub fn response(reply: Reply, asked: &HeaderMap, json_type: JsonType) -> Response<Body> {
    let called_json = || match json_type {
        JsonType::Auto => accepts_json(asked),
        JsonType::Html => false,
        JsonType::Json => true,
    };
    let content_type = if reply.json && called_json() { JSON } else { HTML };
    let detail = reply.detail.as_deref().and_then(header_text);
    let body = reply.written.map_or_else(|| Body::from(reply.body), |written| Body::from(written.bytes()));
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    if let Some(detail) = detail {
        headers.insert(DETAIL, detail);
    }
    response
}

fn accepts_json(asked: &HeaderMap) -> bool {
    let accepted = asked.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| {
        let kind = range.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    })
}

/// A text as a header can carry it: printable ASCII, not endless.
fn header_text(text: &str) -> Option<HeaderValue> {
    let plain: String =
        text.chars().map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' }).take(400).collect();
    HeaderValue::from_str(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content_type(accept: &[&str], json: bool) -> String {
        let mut asked = HeaderMap::new();
        for value in accept {
            asked.append(ACCEPT, HeaderValue::from_str(value).unwrap());
        }
        let body = if json { "{}" } else { "ACCESS_READY" };
        let reply = Reply { json, ..Reply::text(body, &[]) };
        response(reply, &asked, JsonType::Auto).headers()[CONTENT_TYPE].to_str().unwrap().to_owned()
    }

    #[test]
    fn json_is_called_so_only_to_those_who_name_it() {
        let html = "text/html; charset=UTF-8";
        assert_eq!(content_type(&["application/json, text/plain"], true), "application/json");
        assert_eq!(content_type(&["text/plain", "Application/JSON;q=0.9"], true), "application/json");
        for accept in [&["*/*"][..], &["text/html"], &["application/jsonp"], &[]] {
            assert_eq!(content_type(accept, true), html, "{accept:?}");
        }
        assert_eq!(content_type(&["application/json"], false), html);
    }

    #[test]
    fn a_detail_cannot_break_the_header() {
        assert_eq!(header_text("a\r\nb: ё").unwrap(), "a??b: ?");
    }
}
