//! `[tls]`: where the local CA is kept, or the certificate that is used in its place. Knows nothing of who listens.

use std::path::PathBuf;

use super::error::Problem;
use super::keys;
use super::reader::Table;
use super::report::Report;
use crate::ca::{CaError, read_pair};

/// What HTTPS clients are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsConfig {
    /// Where the local CA is; it need not be there.
    pub folder: PathBuf,
    /// A certificate that is used instead of the CA's.
    pub ready: Option<ReadyPair>,
}

/// A certificate and its key, as files of PEM that were seen to belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyPair {
    /// The certificate, with those that signed it.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Reads `[tls]`; relative paths begin where the process runs, as the ledger's.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> Option<TlsConfig> {
    let table = root.table("tls", report)?;
    table.refuse_unknown(keys::TLS, report);
    let folder = PathBuf::from(table.get("folder")?.text(report)?);
    let ready = match (table.get("cert"), table.get("key")) {
        (None, None) => None,
        (Some(cert), Some(key)) => {
            let (cert_path, key_path) = (cert.text(report), key.text(report));
            let pair = ReadyPair { cert: PathBuf::from(cert_path?), key: PathBuf::from(key_path?) };
            if let Err(error) = read_pair(&pair.cert, &pair.key) {
                let named = if concerns(&error, &pair) { &key } else { &cert };
                named.fail(report, Problem::BadPair(error.to_string()));
                return None;
            }
            Some(pair)
        }
        (Some(alone), None) => {
            alone.fail(report, Problem::HalfPair { missing: "key" });
            return None;
        }
        (None, Some(alone)) => {
            alone.fail(report, Problem::HalfPair { missing: "cert" });
            return None;
        }
    };
    Some(TlsConfig { folder, ready })
}

/// Whether the key's file is what is wrong.
fn concerns(error: &CaError, pair: &ReadyPair) -> bool {
    match error {
        CaError::File { path, .. } | CaError::Broken { path, .. } => *path == pair.key,
        _ => false,
    }
}
