//! The local CA's certificate for whoever is to trust it, and a page that says how. It is public: it can sign nothing
//! without its key, which is never read here. Knows no listener and no dialect.

use std::fmt::Write;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::live::Live;
use crate::ca::guide::{BUNDLE, FILE, RUNTIMES, SYSTEMS};
use crate::ca::{CaError, Certificate};
use crate::config::TlsConfig;

/// What browsers and systems know a CA's certificate by.
const MEDIA_TYPE: &str = "application/x-x509-ca-cert";

/// Nothing that a browser would fetch or run.
const NOTHING_ELSE: HeaderValue = HeaderValue::from_static("default-src 'none'");

const NONE_YET: &str = "There is no local CA here yet. `smsbridge redirect on` makes one and has this machine trust it; `smsbridge ca init` only makes it.";
const READY: &str = "This server shows a ready certificate ([tls] cert in its configuration), so there is no local CA to be trusted.";
const BROKEN: &str = "The local CA cannot be read; the server's log says why.";

/// The page and the certificate in both of its forms.
pub(super) fn routes(live: Live) -> Router {
    Router::new()
        .route("/ca", get(page))
        .route("/ca.pem", get(as_text))
        .route("/ca.der", get(as_bytes))
        .with_state(live)
}

async fn page(State(live): State<Live>) -> Response {
    let (status, text) = match certificate(&live.now().tls.config) {
        Ok(certificate) => (StatusCode::OK, instructions(&certificate)),
        Err((status, why)) => (status, html(&format!("<p>{}</p>\n", escaped(why)))),
    };
    (status, [(CONTENT_SECURITY_POLICY, NOTHING_ELSE)], Html(text)).into_response()
}

async fn as_text(State(live): State<Live>) -> Response {
    match certificate(&live.now().tls.config) {
        Ok(certificate) => file(FILE, certificate.pem().to_owned().into_bytes()),
        Err(refused) => refused.into_response(),
    }
}

async fn as_bytes(State(live): State<Live>) -> Response {
    match certificate(&live.now().tls.config) {
        Ok(certificate) => file("smsbridge-ca.der", certificate.der().to_vec()),
        Err(refused) => refused.into_response(),
    }
}

fn file(name: &str, bytes: Vec<u8>) -> Response {
    let named = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, MEDIA_TYPE.to_owned()), (CONTENT_DISPOSITION, named)], bytes).into_response()
}

/// Read each time: it may be made, or made anew, while the server runs.
fn certificate(tls: &TlsConfig) -> Result<Certificate, (StatusCode, &'static str)> {
    if tls.ready.is_some() {
        return Err((StatusCode::NOT_FOUND, READY));
    }
    Certificate::load(&tls.folder).map_err(|error| match error {
        CaError::Missing { .. } => (StatusCode::NOT_FOUND, NONE_YET),
        other => {
            tracing::debug!("the CA's certificate cannot be shown: {other}");
            (StatusCode::INTERNAL_SERVER_ERROR, BROKEN)
        }
    })
}

fn instructions(certificate: &Certificate) -> String {
    let mut text = String::new();
    let names = certificate.permitted().join(", ");
    // Writing to a String does not fail.
    let _ = write!(
        text,
        "<p>Software that asks this server by HTTPS must trust the certificate of its local CA: \
         <a href=\"/ca.pem\">as text</a>, <a href=\"/ca.der\">as bytes</a>. The CA can sign only for {}, and what \
         is below them; whoever trusts it trusts nobody in anything else.</p>\n\
         <p>SHA-256 fingerprint: <code>{}</code>. Compare it with what <code>smsbridge ca env</code> or \
         <code>smsbridge redirect status</code> says on the server's own machine before you trust what came over a \
         network.</p>\n\
         <p>On that machine, <code>smsbridge ca install</code> does all that follows, where it has the rights. \
         Elsewhere save the certificate as <code>{FILE}</code>, and:</p>\n",
        escaped(&names),
        escaped(&certificate.fingerprint()),
    );
    text.push_str("<h2>Systems</h2>\n<dl>\n");
    for system in SYSTEMS {
        let (name, trust) = (escaped(system.name), escaped(system.trust));
        let _ = writeln!(text, "<dt>{name}</dt><dd><code>{trust}</code></dd>");
    }
    text.push_str("</dl>\n<h2>Runtimes and programs</h2>\n<table border=\"1\">\n<tr><th></th><th>trusts</th><th>needs beside that</th></tr>\n");
    for runtime in RUNTIMES {
        let (name, trusts) = (escaped(runtime.name), escaped(runtime.trusts));
        let needs = escaped(runtime.needs.unwrap_or("nothing"));
        let _ = writeln!(text, "<tr><td>{name}</td><td>{trusts}</td><td>{needs}</td></tr>");
    }
    let _ = write!(text, "</table>\n<p>BUNDLE is {}.</p>\n", escaped(BUNDLE));
    html(&text)
}

fn html(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>smsbridge: the local CA</title>\n<h1>The local CA of smsbridge</h1>\n{body}</html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
