//! Refuses a call of ours that has come back, before anything of it is read: the address of an upstream leads to this
//! server then, and to carry the call out would be to send it once more. Knows neither the dialect nor any upstream.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;

use crate::provider::via::CAME_BACK;

/// What is said to whoever reads it.
const WHY: &str =
    "this call was sent by smsbridge and has come back to it: the address of its upstream leads here";

/// The answer to a call that came back to the server with this mark.
pub(super) fn refusal(mark: &str) -> Response<Body> {
    let mut response = (StatusCode::LOOP_DETECTED, WHY).into_response();
    if let Ok(mark) = HeaderValue::from_str(mark) {
        response.headers_mut().insert(CAME_BACK, mark);
    }
    response
}
