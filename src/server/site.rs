//! What is answered at one listener, and what every request goes through on its way, in this order: whether it is a call
//! of ours that has come back, whether its sender may ask at all, who answers it, what stands above every answer, and
//! gzip. Knows neither actions nor providers.
//!
//! These are functions, called one after the other, and no layers around a router: a layer costs a poll more than what
//! it does.

use std::any::Any;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, VARY};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use axum::routing::get;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tower::{Layer, Service};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

use super::ca_page;
use super::circle;
use super::limits::Limits;
use super::live::{Current, Live};
use super::response::response;
use super::router::{App, handler_api};
use crate::dialect::Shape;
use crate::dialect::code::{Refusal, Word};
use crate::provider::via::Passed;

/// Where the original answered.
pub const DIALECT_PATH: &str = "/stubs/handler_api.php";

/// Where it answers as well: one client adds a slash, those of other services leave out `.php`
/// (`WIRE.md` section 1, item 16).
const OTHER_PATHS: [&str; 3] = ["/stubs/handler_api.php/", "/stubs/handler_api", "/stubs/handler_api/"];

/// Everything that is answered to the visitors of one listener.
#[derive(Clone)]
pub struct Site(Arc<Parts>);

struct Parts {
    live: Live,
    /// The listener's number.
    listener: usize,
    limits: Arc<Limits>,
    /// Who answers under the other paths.
    others: Router,
}

impl Site {
    /// That of the listener with this number.
    pub(super) fn new(live: Live, listener: usize, limits: Arc<Limits>) -> Self {
        let others = Router::new().route("/healthz", get(healthz)).fallback(unknown_path);
        let others = others.merge(ca_page::routes(live.clone()));
        Self(Arc::new(Parts { live, listener, limits, others }))
    }

    async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let passed = Passed::of(request.headers());
        // This is told first: under the name of an upstream nobody would be let in.
        if let Some(mark) = passed.came_back() {
            tracing::debug!(status = 508, "a call came back to this server");
            return circle::refusal(mark);
        }
        let current = self.0.live.now();
        let Some(stand) = current.stand(self.0.listener) else {
            return self.carry_on(&current, passed, request).await;
        };
        let page = match stand.visitors.admit(&request) {
            Ok(page) => page,
            Err(refused) => {
                self.0.limits.note(refused.reason());
                return refused.answer();
            }
        };
        let mut response = self.carry_on(&current, passed, request).await;
        page.head(response.headers_mut());
        response
    }

    /// A defect of ours must not look like anything that a client would act upon.
    async fn carry_on(
        &self,
        current: &Arc<Current>,
        passed: Passed,
        request: Request<Body>,
    ) -> Response<Body> {
        AssertUnwindSafe(self.route(current, passed, request)).catch_unwind().await.unwrap_or_else(panicked)
    }

    async fn route(&self, current: &Arc<Current>, passed: Passed, request: Request<Body>) -> Response<Body> {
        let path = request.uri().path();
        if path == DIALECT_PATH || OTHER_PATHS.contains(&path) {
            let app = App {
                current: Arc::clone(current),
                listener: self.0.listener,
                limits: Arc::clone(&self.0.limits),
                passed,
            };
            return handler_api(&app, request).await;
        }
        match Box::pin(self.0.others.clone().call(request)).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

impl Service<Request<Body>> for Site {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let site = self.clone();
        if request.headers().contains_key(ACCEPT_ENCODING) {
            return Box::pin(packing(site, request));
        }
        Box::pin(async move {
            let mut response = site.answer(request).await;
            // Another one might have been packed.
            response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
            Ok(response)
        })
    }
}

/// Answers somebody who says which codings are welcome. Some clients unpack every answer without looking, so the
/// smallest one is packed as well (`WIRE.md` section 1, item 4).
async fn packing(site: Site, request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let answer = tower::service_fn(move |request| {
        let site = site.clone();
        async move { Ok::<_, Infallible>(site.answer(request).await) }
    });
    let gzip = CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(0));
    Ok(gzip.layer(answer).call(request).await?.map(Body::new))
}

/// Answering means ready: the ledger is open and its activations are in memory before the listener is.
async fn healthz() -> &'static str {
    "ok"
}

async fn unknown_path() -> (StatusCode, String) {
    tracing::debug!(status = 404, "not the dialect: no such path");
    (StatusCode::NOT_FOUND, format!("smsbridge answers sms-activate's API at {DIALECT_PATH}"))
}

fn panicked(_: Box<dyn Any + Send>) -> Response<Body> {
    tracing::error!("a request ended in a defect of this program");
    let reply = Refusal::new(Word::ErrorSql, "a defect of smsbridge; see its log");
    response(reply.into(), &HeaderMap::new(), Shape::default().json_type)
}
