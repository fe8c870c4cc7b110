//! Which path leads where, and the layers around it. Knows neither actions nor providers.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, Method, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use tracing::Instrument;

use super::live::{Current, Live};
use super::log::Line;
use super::request::params;
use super::response::response;
use crate::dialect;
use crate::dialect::Shape;
use crate::dialect::code::{Refusal, Word};

/// Where the original answered.
pub const DIALECT_PATH: &str = "/stubs/handler_api.php";

/// Where it answers as well: one client adds a slash, those of other services leave out `.php`
/// (`WIRE.md` section 1, item 16).
const OTHER_PATHS: [&str; 3] = ["/stubs/handler_api.php/", "/stubs/handler_api", "/stubs/handler_api/"];

struct App {
    live: Live,
    listener: usize,
}

/// Everything that is answered by the listener with this number.
pub fn router(live: Live, listener: usize) -> Router {
    let app = Arc::new(App { live, listener });
    let dialect = OTHER_PATHS
        .iter()
        .fold(Router::new().route(DIALECT_PATH, any(handler_api)), |router, path| {
            router.route(path, any(handler_api))
        })
        .with_state(app);
    // Some clients unpack every answer without looking, so the smallest one is packed as well
    // (WIRE.md section 1, item 4).
    let gzip = CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(0));
    let layers = ServiceBuilder::new().layer(gzip).layer(CatchPanicLayer::custom(panicked));
    dialect.route("/healthz", get(healthz)).fallback(unknown_path).layer(layers)
}

async fn handler_api(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    // Not HEAD either: it would buy a number and drop the answer.
    if ![Method::GET, Method::POST].contains(request.method()) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, POST")], "GET or POST").into_response();
    }
    let asked = request.headers().clone();
    // Taken once, so that no request sees half of one configuration and half of another.
    let current = app.live.now();
    if current.gate.is_open() && comes_from_a_web_page(&asked) {
        return (StatusCode::FORBIDDEN, "a web page may not use this server while it accepts every key")
            .into_response();
    }
    answer(&current, app.listener, request, &asked).instrument(Line::span()).await
}

/// Whether a browser sent this for a page of another site: any page could else spend the owner's money,
/// since the original's API needs no more than a GET.
fn comes_from_a_web_page(asked: &HeaderMap) -> bool {
    let header = |name: &str| asked.get(name).and_then(|value| value.to_str().ok());
    let foreign = |origin: &str| {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        header("host") != Some(host)
    };
    matches!(header("sec-fetch-site"), Some("cross-site" | "same-site"))
        || header("origin").is_some_and(foreign)
}

async fn answer(app: &Current, listener: usize, request: Request, asked: &HeaderMap) -> Response<Body> {
    let tongue = app.tongue(listener);
    let shape = tongue.map(|tongue| tongue.shape(request.uri(), asked)).unwrap_or_default();
    let params = match params(request).await {
        Ok(params) => params.in_shape(shape),
        Err(not_the_dialect) => return not_the_dialect.into_response(),
    };
    let line = Line::start(params.get("action"), app.engine.metrics());
    let admitted = app.gate.admit(&params);
    let reply = match &admitted {
        Ok(caller) => dialect::answer(&app.engine, caller, params).await,
        Err(refusal) => dialect::turned_away(&params, refusal.clone()),
    };
    let main = app.engine.main_upstream().ok().map(|upstream| upstream.name.as_str());
    line.finish(admitted.as_ref().ok(), main, &reply);
    response(reply, asked, shape.json_type)
}

/// Answering means ready: the ledger is open and its activations are in memory before the listener is.
async fn healthz() -> &'static str {
    "ok"
}

async fn unknown_path() -> (StatusCode, String) {
    (StatusCode::NOT_FOUND, format!("smsbridge answers sms-activate's API at {DIALECT_PATH}"))
}

/// A defect of ours must not look like anything that a client would act upon.
fn panicked(_: Box<dyn Any + Send>) -> Response<Body> {
    tracing::error!("a request ended in a defect of this program");
    let reply = Refusal::new(Word::ErrorSql, "a defect of smsbridge; see its log");
    response(reply.into(), &HeaderMap::new(), Shape::default().json_type)
}
