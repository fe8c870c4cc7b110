//! A request for the dialect: who asks, whether there is a place for it, and what is answered. Knows neither actions
//! nor providers.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::ALLOW;
use axum::http::request::Parts;
use axum::http::{Method, Request, Response, StatusCode};
use axum::response::IntoResponse;
use tracing::Instrument;

use super::auth::mark;
use super::circle;
use super::limits::{Limits, Source, Turned};
use super::live::Current;
use super::log::Line;
use super::request::params;
use super::response;
use crate::config::Mode;
use crate::dialect::code::Word;
use crate::dialect::{self, Params, Reply};
use crate::domain::{Owner, Secret};
use crate::engine::Caller;
use crate::provider::via::Passed;

/// One configuration, which a request takes once, so that none sees half of one and half of another.
pub(super) struct App {
    pub(super) current: Arc<Current>,
    pub(super) listener: usize,
    pub(super) limits: Arc<Limits>,
    /// From where the request came.
    pub(super) source: Source,
    /// Which servers of this kind the request has passed before.
    pub(super) passed: Passed,
}

/// Answers what came to one of the dialect's paths.
pub(super) async fn handler_api(app: &App, request: Request<Body>) -> Response<Body> {
    // Not HEAD either: it would buy a number and drop the answer.
    if ![Method::GET, Method::POST].contains(request.method()) {
        tracing::debug!(status = 405, "not the dialect: neither GET nor POST");
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, POST")], "GET or POST").into_response();
    }
    let (asked, body) = request.into_parts();
    answer(app, &asked, body).await
}

async fn answer(app: &App, asked: &Parts, body: Body) -> Response<Body> {
    let stand = app.current.stand(app.listener);
    let shape = stand.map(|stand| stand.tongue.shape(&asked.uri, &asked.headers)).unwrap_or_default();
    let params = match params(asked, body, app.limits.settings()).await {
        Ok(params) => params.in_shape(shape),
        Err((status, why)) => {
            if status == StatusCode::REQUEST_TIMEOUT {
                app.limits.note(Turned::Slow);
            }
            tracing::debug!(status = status.as_u16(), "not the dialect: {why}");
            return (status, why).into_response();
        }
    };
    let mut line = Line::start(params.get("action"), app.current.engine.metrics());
    let outcome = match app.limits.request() {
        Ok(place) => {
            let outcome = carry_out(app, params, &mut line).await;
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
            if let Some(mark) = came_back.filter(|_| !app.passed.is_empty() && has_failed(&reply)) {
                return circle::refusal(mark);
            }
            reply
        }
        Err((turned, params)) => turn_away(app, &params, turned),
    };
    response::answer(reply, &asked.headers, shape.json_type).await
}

/// Whether an answer says that it failed, here or upstream. A server of this kind that sent the request is told by a
/// status if all that came of it came back, since the word leaves open whether something was bought.
fn has_failed(reply: &Reply) -> bool {
    [Word::ErrorSql, Word::SqlError, Word::ServerError].iter().any(|word| reply.outcome == word.as_str())
}

/// The caller, if the key is right, and the answer; or why there was too much of something, with the parameters.
type Outcome = Result<(Option<Caller>, Reply), (Turned, Params)>;

async fn carry_out(app: &App, params: Params, line: &mut Line) -> Outcome {
    // Which keys are wrong is of no interest where none is.
    let source = Some(app.source).filter(|_| app.current.gate.mode() != Mode::Any);
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
    if !app.passed.is_empty() {
        caller.meter.came_by(app.passed.clone());
    }
    let engine = &app.current.engine;
    let reply = match dialect::answer_at_once(engine, &caller, &params) {
        Some(reply) => reply,
        // Boxed, so that what is answered at once does not carry its place along.
        None => Box::pin(dialect::answer(engine, &caller, params).instrument(line.span())).await,
    };
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
