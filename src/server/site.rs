//! What is answered at one listener, and what every request goes through on its way, in this order: whether it is a call
//! of ours that has come back, whether its sender may ask at all, who answers it, what stands above every answer, and
//! gzip. Knows neither actions nor providers.
//!
//! These are functions, called one after the other, and no layers around a router: a layer costs a poll more than what
//! it does.

use std::any::Any;
use std::convert::Infallible;
use std::future::ready;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use axum::routing::get;
use futures_util::FutureExt;
use tower::{Layer, Service};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

use super::ca_page;
use super::circle;
use super::limits::{Limits, Source};
use super::listen;
use super::live::Live;
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

    /// Answers a request that came from this address.
    pub async fn ask(&self, request: Request<Body>, from: IpAddr) -> Response<Body> {
        listen::App::answer(self.clone(), request, Source::of(from)).await
    }

    async fn respond(&self, request: Request<Body>, source: Source) -> Response<Body> {
        let passed = Passed::of(request.headers());
        // This is told first: under the name of an upstream nobody would be let in.
        if let Some(mark) = passed.came_back() {
            tracing::debug!(status = 508, "a call came back to this server");
            return circle::refusal(mark);
        }
        let current = self.0.live.now();
        let (listener, limits) = (self.0.listener, Arc::clone(&self.0.limits));
        let app = App { current, listener, limits, source, passed };
        let Some(stand) = app.current.stand(listener) else { return self.carry_on(&app, request).await };
        let page = match stand.visitors.admit(&request) {
            Ok(page) => page,
            Err(refused) => {
                self.0.limits.note(refused.reason());
                return refused.answer();
            }
        };
        let mut response = self.carry_on(&app, request).await;
        page.head(response.headers_mut());
        response
    }

    /// A defect of ours must not look like anything that a client would act upon.
    async fn carry_on(&self, app: &App, request: Request<Body>) -> Response<Body> {
        AssertUnwindSafe(self.route(app, request)).catch_unwind().await.unwrap_or_else(panicked)
    }

    async fn route(&self, app: &App, request: Request<Body>) -> Response<Body> {
        let path = request.uri().path();
        if path == DIALECT_PATH || OTHER_PATHS.contains(&path) {
            return handler_api(app, request).await;
        }
        match Box::pin(self.0.others.clone().call(request)).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

impl listen::App for Site {
    /// Boxed, so that a connection that is kept for the next request does not keep a place for its answer.
    fn answer(self, request: Request<Body>, source: Source) -> impl Future<Output = Response<Body>> + Send {
        Box::pin(async move {
            let welcome: Vec<_> = request.headers().get_all(ACCEPT_ENCODING).iter().cloned().collect();
            let mut response = self.respond(request, source).await;
            if !welcome.is_empty() && !response.headers().contains_key(CONTENT_ENCODING) {
                return Box::pin(packed(response, welcome)).await;
            }
            // Another one might have been packed, or not.
            response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
            response
        })
    }
}

/// An answer as somebody gets it who says which codings are `welcome`. Some clients unpack every answer without
/// looking, so the smallest one is packed as well (`WIRE.md` section 1, item 4).
async fn packed(response: Response<Body>, welcome: Vec<HeaderValue>) -> Response<Body> {
    let mut asked = Request::new(Body::empty());
    for coding in welcome {
        asked.headers_mut().append(ACCEPT_ENCODING, coding);
    }
    let mut response = Some(response);
    let answer = tower::service_fn(move |_: Request<Body>| {
        // It is called once.
        ready(Ok::<_, Infallible>(response.take().unwrap_or_default()))
    });
    let gzip = CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(0));
    match gzip.layer(answer).call(asked).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
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
