//! From the bytes of a request to its parameters: query, urlencoded form, multipart form, or query and
//! form together (`WIRE.md` section 1, item 3). Knows no parameter.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};

use crate::config::LimitsConfig;
use crate::dialect::Params;

/// What is wrong with a request that is not even the dialect.
pub type NotTheDialect = (StatusCode, &'static str);

/// The parameters of a request, whose body must come within the limits.
pub async fn params(asked: &Parts, body: Body, limits: &LimitsConfig) -> Result<Params, NotTheDialect> {
    let query = Params::of_urlencoded(asked.uri.query().unwrap_or_default().as_bytes());
    if asked.method != Method::POST {
        return Ok(query);
    }
    // Boxed, so that those who send none need not carry its place along.
    let form = Box::pin(form(&asked.headers, body, limits.max_body));
    let form = tokio::time::timeout(limits.body_timeout, form).await;
    let form = form.map_err(|_| (StatusCode::REQUEST_TIMEOUT, "the body took too long to come"))?;
    Ok(query.and(form?))
}

async fn form(asked: &HeaderMap, body: Body, most: usize) -> Result<Params, NotTheDialect> {
    match media_type(asked).as_str() {
        "multipart/form-data" => multipart(asked, body, most).await,
        // Old clients send a form without saying so, or an empty body as whatever their library likes.
        "" | "application/x-www-form-urlencoded" | "application/octet-stream" | "text/plain" => {
            let bytes = read(body, most).await?;
            Ok(Params::of_urlencoded(&bytes))
        }
        _ => Ok(Params::default()),
    }
}

fn media_type(headers: &HeaderMap) -> String {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn read(body: Body, most: usize) -> Result<Vec<u8>, NotTheDialect> {
    match to_bytes(body, most).await {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(_) => Err((StatusCode::PAYLOAD_TOO_LARGE, "the body is too large or was cut off")),
    }
}

async fn multipart(asked: &HeaderMap, body: Body, most: usize) -> Result<Params, NotTheDialect> {
    let malformed = (StatusCode::BAD_REQUEST, "the multipart form cannot be read");
    let mut whole = Request::new(Body::from(read(body, most).await?));
    if let Some(kind) = asked.get(CONTENT_TYPE) {
        whole.headers_mut().insert(CONTENT_TYPE, kind.clone());
    }
    let mut fields = Multipart::from_request(whole, &()).await.map_err(|_| malformed)?;
    let mut pairs = Vec::new();
    while let Some(field) = fields.next_field().await.map_err(|_| malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        let value = field.bytes().await.map_err(|_| malformed)?;
        pairs.push((name, String::from_utf8_lossy(&value).into_owned()));
    }
    Ok(Params::of_pairs(pairs))
}
