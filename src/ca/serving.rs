//! A server's TLS: the versions that old programs need, HTTP/1.1, and the certificates of the CA or a ready one. Knows
//! no listener.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::ResolvesServerCert;
use rustls::version::{TLS12, TLS13};

use super::{CaError, Leaves, Ready};
use crate::clock::Clock;
use crate::config::TlsConfig;

/// TLS 1.2 and 1.3 by `ring`, without certificates of clients.
///
/// With a ready certificate that one is shown, else leaves of the CA in the folder ([`Leaves`]), which need not be
/// there yet; `names` are for clients that ask for none. Both follow their files: nothing has to be built again when
/// these change, but when `tls` or `names` do.
///
/// By ALPN there is HTTP/1.1 alone. A client that says nothing gets it as well; one that speaks other protocols only,
/// as HTTP/2, is refused by TLS's own word for it (`no_application_protocol`).
///
/// # Errors
/// When the ready certificate cannot be used.
pub fn server_config(
    tls: &TlsConfig,
    names: &[String],
    clock: &Arc<dyn Clock>,
) -> Result<Arc<ServerConfig>, CaError> {
    let resolver: Arc<dyn ResolvesServerCert> = match &tls.ready {
        Some(pair) => Arc::new(Ready::read(&pair.cert, &pair.key)?),
        None => Arc::new(Leaves::new(tls.folder.clone(), names.to_vec(), Arc::clone(clock))),
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
