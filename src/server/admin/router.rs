//! What is answered to those who watch. Knows no metric.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::watch;

use super::guard::refusal;
use crate::metrics::MEDIA_TYPE;
use crate::server::{Live, Status};

struct App {
    live: Live,
    status: Arc<Status>,
    stopped: watch::Receiver<bool>,
    /// Whether only this machine can reach it.
    is_local: bool,
}

/// Everything that is answered at `addr`.
pub(super) fn router(
    live: Live,
    status: Arc<Status>,
    stopped: watch::Receiver<bool>,
    addr: SocketAddr,
) -> Router {
    let app = Arc::new(App { live, status, stopped, is_local: addr.ip().to_canonical().is_loopback() });
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/status", get(how_it_stands))
        .fallback(unknown_path)
        .layer(from_fn_with_state(Arc::clone(&app), guard))
        .with_state(app)
}

async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match refusal(request.headers(), request.uri(), app.is_local) {
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    }
}

async fn metrics(State(app): State<Arc<App>>) -> Response {
    ([(CONTENT_TYPE, MEDIA_TYPE)], app.live.engine().measures().await).into_response()
}

/// What the server says of itself, for `smsbridge status`.
async fn how_it_stands(State(app): State<Arc<App>>) -> Response {
    let said = app.status.json(&app.live).await;
    ([(CONTENT_TYPE, "application/json")], said.to_string()).into_response()
}

/// That this is answered is all it says.
async fn healthz() -> &'static str {
    "ok"
}

async fn readyz(State(app): State<Arc<App>>) -> Response {
    if *app.stopped.borrow() {
        return unready("the server is shutting down");
    }
    match app.live.engine().ready().await {
        Ok(()) => "ok".into_response(),
        Err(why) => unready(&why),
    }
}

fn unready(why: &str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, why.to_owned()).into_response()
}

async fn unknown_path() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "there are /metrics, /healthz, /readyz and /status")
}
