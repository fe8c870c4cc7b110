//! Refuses a call of ours that has come back, before anything of it is read: the address of an upstream leads to this
//! server then, and to carry the call out would be to send it once more. Knows neither the dialect nor any upstream.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse;

use crate::provider::via::{CAME_BACK, Passed};

/// What is said to whoever reads it.
const WHY: &str =
    "this call was sent by smsbridge and has come back to it: the address of its upstream leads here";

/// The layer that refuses; of what it lets in it notes which servers it has passed.
pub(super) async fn guard(mut request: Request, next: Next) -> Response<Body> {
    let passed = Passed::of(request.headers());
    if let Some(mark) = passed.came_back() {
        tracing::debug!(status = 508, "a call came back to this server");
        return refusal(mark);
    }
    request.extensions_mut().insert(passed);
    next.run(request).await
}

/// The answer to a call that came back to the server with this mark.
pub(super) fn refusal(mark: &str) -> Response<Body> {
    let mut response = (StatusCode::LOOP_DETECTED, WHY).into_response();
    if let Ok(mark) = HeaderValue::from_str(mark) {
        response.headers_mut().insert(CAME_BACK, mark);
    }
    response
}
