//! Which path leads where, and the layers around it. Knows neither actions nor providers.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, Method, Response, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use tracing::Instrument;

use super::auth::mark;
use super::ca_page;
use super::circle;
use super::limits::{Limits, Source, Turned};
use super::live::{Current, Live};
use super::log::Line;
use super::request::params;
use super::response::{packed, packed_response, response};
use super::visitors::{Entrance, guard};
use crate::config::Mode;
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{self, Params, Reply, Shape};
use crate::domain::{Owner, Secret};
use crate::engine::Caller;
use crate::provider::via::Passed;

/// Where the original answered.
pub const DIALECT_PATH: &str = "/stubs/handler_api.php";

/// Where it answers as well: one client adds a slash, those of other services leave out `.php`
/// (`WIRE.md` section 1, item 16).
const OTHER_PATHS: [&str; 3] = ["/stubs/handler_api.php/", "/stubs/handler_api", "/stubs/handler_api/"];

/// One configuration, which a request takes once, so that none sees half of one and half of another.
struct App {
    current: Arc<Current>,
    listener: usize,
    limits: Arc<Limits>,
}

/// Everything that is answered to the visitors of the listener with this number.
pub fn router(live: Live, listener: usize, limits: Arc<Limits>) -> Router {
    let entrance = Entrance { live, listener, limits };
    let dialect = OTHER_PATHS
        .iter()
        .fold(Router::new().route(DIALECT_PATH, any(handler_api)), |router, path| {
            router.route(path, any(handler_api))
        })
        .with_state(entrance.clone())
        .merge(ca_page::routes(entrance.live.clone()));
    // Some clients unpack every answer without looking, so the smallest one is packed as well
    // (WIRE.md section 1, item 4).
    let gzip = CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(0));
    let guarded = from_fn_with_state(entrance, guard);
    // What comes back is told so first: under the name of an upstream the guard would let nobody in.
    let layers = ServiceBuilder::new()
        .layer(gzip)
        .layer(from_fn(circle::guard))
        .layer(guarded)
        .layer(CatchPanicLayer::custom(panicked));
    dialect.route("/healthz", get(healthz)).fallback(unknown_path).layer(layers)
}

async fn handler_api(State(entrance): State<Entrance>, request: Request) -> Response<Body> {
    // Not HEAD either: it would buy a number and drop the answer.
    if ![Method::GET, Method::POST].contains(request.method()) {
        tracing::debug!(status = 405, "not the dialect: neither GET nor POST");
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, POST")], "GET or POST").into_response();
    }
    let asked = request.headers().clone();
    let Entrance { live, listener, limits } = entrance;
    let app = App { current: live.now(), listener, limits };
    answer(&app, request, &asked).instrument(Line::span()).await
}

async fn answer(app: &App, request: Request, asked: &HeaderMap) -> Response<Body> {
    let stand = app.current.stand(app.listener);
    let shape = stand.map(|stand| stand.tongue.shape(request.uri(), asked)).unwrap_or_default();
    let source = request.extensions().get::<Source>().copied();
    let passed = request.extensions().get::<Passed>().cloned().unwrap_or_default();
    let params = match params(request, app.limits.settings()).await {
        Ok(params) => params.in_shape(shape),
        Err((status, why)) => {
            if status == StatusCode::REQUEST_TIMEOUT {
                app.limits.note(Turned::Slow);
            }
            tracing::debug!(status = status.as_u16(), "not the dialect: {why}");
            return (status, why).into_response();
        }
    };
    let line = Line::start(params.get("action"), app.current.engine.metrics());
    let outcome = match app.limits.request() {
        Ok(place) => {
            let outcome = carry_out(app, source, &passed, params).await;
            drop(place);
            outcome
        }
        Err(turned) => Err((turned, params)),
    };
    let reply = match outcome {
        Ok((admitted, reply)) => {
            let main = app.current.engine.main_upstream().ok().map(|upstream| upstream.name.as_str());
            line.finish(admitted.as_ref(), main, &reply);
            let came_back = admitted.as_ref().and_then(|caller| caller.meter.all_came_back());
            if let Some(mark) = came_back.filter(|_| !passed.is_empty() && has_failed(&reply)) {
                return circle::refusal(mark);
            }
            reply
        }
        Err((turned, params)) => turn_away(app, &params, turned),
    };
    match packed(&reply, asked).await {
        Some(packed) => packed_response(reply, packed, asked, shape.json_type),
        None => response(reply, asked, shape.json_type),
    }
}

/// Whether an answer says that it failed, here or upstream. A server of this kind that sent the request is told by a
/// status if all that came of it came back, since the word leaves open whether something was bought.
fn has_failed(reply: &Reply) -> bool {
    [Word::ErrorSql, Word::SqlError, Word::ServerError].iter().any(|word| reply.outcome == word.as_str())
}

/// The caller, if the key is right, and the answer; or why there was too much of something, with the parameters.
type Outcome = Result<(Option<Caller>, Reply), (Turned, Params)>;

async fn carry_out(app: &App, source: Option<Source>, passed: &Passed, params: Params) -> Outcome {
    // Which keys are wrong is of no interest where none is.
    let source = source.filter(|_| app.current.gate.mode() != Mode::Any);
    let suspect = source.filter(|source| app.limits.suspects(*source));
    let caller = match (app.current.gate.admit(&params), suspect) {
        (Ok(caller), None) => caller,
        (Ok(caller), Some(source)) if app.limits.knows(&caller.owner, source) => caller,
        // Of guesses, none is told from another, not even the right one.
        (_, Some(_)) => return Err((Turned::WrongKeys, params)),
        (Err(refusal), None) => {
            if let Some(source) = source {
                app.limits.wrong_key(mark_of(&params), source);
            }
            return Ok((None, dialect::turned_away(&params, refusal)));
        }
    };
    if let Err(turned) = app.limits.paced(&caller.owner) {
        return Err((turned, params));
    }
    caller.meter.came_by(passed.clone());
    let reply = dialect::answer(&app.current.engine, &caller, params).await;
    if let Some(source) = source {
        judge_key(app, &caller, source, &reply);
    }
    Ok((Some(caller), reply))
}

/// By which a wrong key is known again.
fn mark_of(params: &Params) -> Owner {
    Owner(mark(&Secret::new(params.get("api_key").unwrap_or_default())))
}

/// Notes what an answer tells of the key: one that is passed through is right or wrong at the upstream only.
fn judge_key(app: &App, caller: &Caller, source: Source, reply: &Reply) {
    let passed_through = caller.own_key.is_some();
    if passed_through && reply.outcome == Word::BadKey.as_str() {
        app.limits.wrong_key(caller.owner.clone(), source);
    } else if !passed_through || !caller.meter.spent().is_zero() {
        app.limits.right_key(&caller.owner, source);
    }
}

/// The word for what cannot be done now, to somebody for whom nothing was done. A line for each would make a flood of
/// requests one of the log.
fn turn_away(app: &App, params: &Params, turned: Turned) -> Reply {
    app.limits.note(turned);
    tracing::debug!(reason = turned.word(), "turned away");
    dialect::too_much(params, turned.meaning())
}

/// Answering means ready: the ledger is open and its activations are in memory before the listener is.
async fn healthz() -> &'static str {
    "ok"
}

async fn unknown_path() -> (StatusCode, String) {
    tracing::debug!(status = 404, "not the dialect: no such path");
    (StatusCode::NOT_FOUND, format!("smsbridge answers sms-activate's API at {DIALECT_PATH}"))
}

/// A defect of ours must not look like anything that a client would act upon.
fn panicked(_: Box<dyn Any + Send>) -> Response<Body> {
    tracing::error!("a request ended in a defect of this program");
    let reply = Refusal::new(Word::ErrorSql, "a defect of smsbridge; see its log");
    response(reply.into(), &HeaderMap::new(), Shape::default().json_type)
}
