//! The listener's loop: accepts connections as long as there is a place for them, speaks HTTP/1 over each, over TLS
//! where that is its manner, and lets those in flight finish when it is to stop. Knows neither paths nor the dialect.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::Service;

use super::handshake::Greeting;
use super::limits::{Limits, Place, Source, Turned};
use super::patience::{Patience, Patient, Pulse, Watched};
use super::shed::Shed;

/// How long nobody is accepted when the system has nothing left for another connection.
const BREATH: Duration = Duration::from_millis(200);

/// The least that the HTTP library reads into.
const LEAST_BUFFER: usize = 8 * 1024;

/// What is spoken at a listener below HTTP.
pub(super) enum Manner {
    /// Nothing; so those for whom there is no place can be told.
    Plain(Shed),
    /// TLS. Those for whom there is no place are closed without a word: to tell them would take a handshake, which is
    /// what there is no room for.
    Tls(Greeting),
}

/// A listener and what answers behind it.
pub(super) struct Door<A> {
    listener: TcpListener,
    app: A,
    limits: Arc<Limits>,
    manner: Manner,
}

/// What answers requests.
pub(super) trait App: Clone + Send + 'static {
    /// Answers a request that came from there.
    fn answer(self, request: Request<Body>, source: Source) -> impl Future<Output = Response<Body>> + Send;
}

impl App for Router {
    async fn answer(mut self, request: Request<Body>, _: Source) -> Response<Body> {
        match self.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

impl<A: App> Door<A> {
    pub(super) fn new(listener: TcpListener, app: A, limits: Arc<Limits>, manner: Manner) -> Self {
        Self { listener, app, limits, manner }
    }

    /// Answers until `stopped`, then lets what is in flight finish; connections that wait for a request are closed.
    pub(super) async fn keep(self, mut stopped: watch::Receiver<bool>) {
        let mut connections = JoinSet::new();
        let mut failures = 0_u64;
        loop {
            let accepted = tokio::select! {
                () = asked_to_stop(&mut stopped) => break,
                accepted = self.listener.accept() => accepted,
            };
            while connections.try_join_next().is_some() {}
            match accepted {
                Ok((stream, peer)) => {
                    failures = 0;
                    self.admit(stream, peer, &stopped, &mut connections);
                }
                // Somebody hung up before being accepted.
                Err(error) if is_the_clients(&error) => {}
                Err(error) => {
                    failures += 1;
                    if failures.is_power_of_two() {
                        tracing::error!("no connection can be accepted, trying again: {error}");
                    }
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
        drop(self.listener);
        while connections.join_next().await.is_some() {}
    }

    fn admit(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        stopped: &watch::Receiver<bool>,
        connections: &mut JoinSet<()>,
    ) {
        let source = Source::of(peer.ip());
        match self.limits.connection(source) {
            Ok(place) => {
                // Answers are short: waiting to fill a packet only delays them.
                let _ = stream.set_nodelay(true);
                let visit = Visit {
                    source,
                    app: self.app.clone(),
                    limits: Arc::clone(&self.limits),
                    pulse: Pulse::default(),
                    stopped: stopped.clone(),
                };
                let greeting = match &self.manner {
                    Manner::Plain(_) => None,
                    Manner::Tls(greeting) => Some(greeting.clone()),
                };
                connections.spawn(visit.talk(stream, greeting, place));
            }
            Err(turned) => {
                self.limits.note(turned);
                if let Manner::Plain(shed) = &self.manner {
                    shed.turn_away(stream, turned);
                }
            }
        }
    }
}

/// One connection.
struct Visit<A> {
    source: Source,
    app: A,
    limits: Arc<Limits>,
    pulse: Pulse,
    stopped: watch::Receiver<bool>,
}

impl<A: App> Visit<A> {
    /// Serves it, from a handshake on where there is a greeting.
    async fn talk(mut self, stream: TcpStream, greeting: Option<Greeting>, place: Place) {
        let settings = self.limits.settings();
        let patience = Patience { head: settings.header_timeout, idle: settings.idle_timeout };
        let slow = {
            let limits = Arc::clone(&self.limits);
            move || limits.note(Turned::Slow)
        };
        // Below TLS, so that a handshake is waited for as the head of a request is, and together with the first one.
        let stream = Patient::new(stream, patience, self.pulse.clone(), slow);
        let ended = match &greeting {
            None => self.serve(stream).await,
            // Apart, so that a connection without TLS does not take the memory of one.
            Some(greeting) => Box::pin(self.greet(greeting, stream)).await,
        };
        // The library's errors say what was wrong with a request, and repeat nothing of it.
        if let Err(error) = ended {
            tracing::debug!("a connection ended before its time: {error}");
            if let Some(greeting) = greeting {
                greeting.look_into(&error);
            }
        }
        drop(place);
    }

    async fn greet(&mut self, greeting: &Greeting, stream: Patient<TcpStream>) -> Result<(), hyper::Error> {
        match greeting.greet(stream, &mut self.stopped).await {
            Some(stream) => self.serve(stream).await,
            None => Ok(()),
        }
    }

    async fn serve(
        &mut self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> Result<(), hyper::Error> {
        let settings = self.limits.settings();
        let mut http = http1::Builder::new();
        http.max_header_size(settings.max_header).max_buf_size(settings.max_header.max(LEAST_BUFFER));
        let (app, source, answering) = (self.app.clone(), self.source, self.pulse.clone());
        let service =
            service_fn(move |request: Request<Incoming>| answer(app.clone(), request, source, &answering));
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = asked_to_stop(&mut self.stopped) => {
                connection.as_mut().graceful_shutdown();
                if self.pulse.is_busy() { connection.await } else { last_words(connection, &self.pulse).await }
            }
        }
    }
}

fn answer<A: App>(
    app: A,
    request: Request<Incoming>,
    source: Source,
    pulse: &Pulse,
) -> impl Future<Output = Result<Response<Watched>, Infallible>> + use<A> {
    let answering = pulse.busy();
    let answer = app.answer(request.map(body), source);
    async move { Ok(answer.await.map(|body| Watched::new(body, answering))) }
}

/// A request's body; most have none, for which nothing needs to be kept.
fn body(incoming: Incoming) -> Body {
    if incoming.is_end_stream() { Body::empty() } else { Body::new(incoming) }
}

/// How long a request that has not come whole is waited for when the server is to stop.
pub(super) const LAST_WORDS: Duration = Duration::from_secs(1);

/// Waits for a connection over which nothing is being answered: what is on its way may still come, but not slowly.
async fn last_words<E>(
    mut connection: Pin<&mut impl Future<Output = Result<(), E>>>,
    pulse: &Pulse,
) -> Result<(), E> {
    loop {
        match tokio::time::timeout(LAST_WORDS, connection.as_mut()).await {
            Ok(ended) => return ended,
            Err(_) if pulse.is_busy() => {}
            Err(_) => return Ok(()),
        }
    }
}

/// Is over when the server is to stop, or when there is nobody left to say so.
pub(super) async fn asked_to_stop(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
