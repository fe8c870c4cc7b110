//! How the machine's own trust in certificates is used: read once a process, since that takes long and every
//! upstream needs it twice. Knows no upstream.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_platform_verifier::BuilderVerifierExt;

static SHARED: Mutex<Option<ClientConfig>> = Mutex::new(None);

/// TLS 1.2 and 1.3 with the roots that the machine trusts, for HTTP/1.1.
///
/// # Errors
/// When the roots cannot be read; the text says why.
pub(crate) fn config() -> Result<ClientConfig, String> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(config) = shared.as_ref() {
        return Ok(config.clone());
    }
    let config = read().map_err(|error| error.to_string())?;
    *shared = Some(config.clone());
    Ok(config)
}

fn read() -> Result<ClientConfig, rustls::Error> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
