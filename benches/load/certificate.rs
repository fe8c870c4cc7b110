//! A certificate for localhost that both servers show over TLS, and how the load verifies it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, RootCertStore};

use super::failure::{Failure, Outcome, Trying};

/// The certificate.
pub struct Certificate {
    /// A file of PEM.
    pub cert: PathBuf,
    /// Its key, a file of PEM.
    pub key: PathBuf,
    /// How it is verified.
    pub client: Arc<ClientConfig>,
}

impl Certificate {
    /// Makes one, with its files in `folder`.
    pub fn make(folder: &Path) -> Outcome<Self> {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])
            .map_err(|error| Failure::Tls(error.to_string()))?;
        let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
        fs::write(&cert, made.cert.pem()).trying("the certificate cannot be written")?;
        fs::write(&key, made.signing_key.serialize_pem()).trying("the key cannot be written")?;
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).map_err(|error| Failure::Tls(error.to_string()))?;
        let client = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::Tls(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { cert, key, client: Arc::new(client) })
    }
}
