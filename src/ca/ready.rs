//! A certificate that somebody else made, with its key, in place of the CA's leaves. Knows neither the CA nor the
//! configuration.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::error::CaError;

const NO_CERTIFICATE: &str = "holds no certificate; it must be PEM, the server's own first and then those that signed it, as fullchain.pem has them";
const NO_KEY: &str =
    "holds no private key that can be used; it must be PEM, RSA, ECDSA or Ed25519, without a password";
const OTHER_KEY: &str = "is the key of another certificate; name the two that belong together";

/// Reads a certificate with its chain, and its key.
///
/// # Errors
/// When a file cannot be read, when it is of another kind, or when the two do not belong together.
pub(crate) fn read(certificate: &Path, key: &Path) -> Result<CertifiedKey, CaError> {
    pair(&bytes_of(certificate)?, certificate, key)
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, CaError> {
    std::fs::read(path).map_err(|error| CaError::reading(path, error))
}

fn pair(bytes: &[u8], certificate: &Path, key: &Path) -> Result<CertifiedKey, CaError> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(bytes)
        .collect::<Result<_, _>>()
        .map_err(|_| CaError::broken(certificate, NO_CERTIFICATE))?;
    if chain.is_empty() {
        return Err(CaError::broken(certificate, NO_CERTIFICATE));
    }
    // The libraries' words are left out: they are about a key.
    let private = PrivateKeyDer::from_pem_slice(&bytes_of(key)?).map_err(|_| CaError::broken(key, NO_KEY))?;
    let signing = any_supported_type(&private).map_err(|_| CaError::broken(key, NO_KEY))?;
    let pair = CertifiedKey::new(chain, signing);
    match pair.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => Ok(pair),
        Err(rustls::Error::InconsistentKeys(_)) => Err(CaError::broken(key, OTHER_KEY)),
        Err(_) => Err(CaError::broken(certificate, NO_CERTIFICATE)),
    }
}

/// A ready certificate, shown to every client whatever name it asks for.
///
/// Its file is looked at in every handshake, so that a renewed one is used at once. Until its key is there too, the
/// one before stays.
pub struct Ready {
    certificate: PathBuf,
    key: PathBuf,
    current: Mutex<Current>,
}

struct Current {
    bytes: Vec<u8>,
    pair: Arc<CertifiedKey>,
}

impl Ready {
    /// Reads it for the first time.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, CaError> {
        let bytes = bytes_of(certificate)?;
        let pair = Arc::new(pair(&bytes, certificate, key)?);
        Ok(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            current: Mutex::new(Current { bytes, pair }),
        })
    }

    /// The certificate as it is now.
    pub fn current(&self) -> Arc<CertifiedKey> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(bytes) = bytes_of(&self.certificate)
            && bytes != current.bytes
            && let Ok(pair) = pair(&bytes, &self.certificate, &self.key)
        {
            tracing::info!(file = %self.certificate.display(), "the certificate has changed and is in effect");
            *current = Current { bytes, pair: Arc::new(pair) };
        }
        Arc::clone(&current.pair)
    }
}

impl ResolvesServerCert for Ready {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}
