//! Not written yet.

use std::sync::Arc;
use std::time::Duration;

use super::{Parts, Provider, Spec};
use crate::catalog::Mapping;
use crate::domain::Currency;

/// What is fixed about this kind.
pub static SPEC: Spec = Spec {
    kind: "vak-sms",
    summary: "",
    capabilities: &[],
    speaks_dialect: false,
    needs_key: true,
    base_urls: &[],
    path: None,
    currency: Currency::RUB,
    lifetime: Duration::from_secs(1200),
    options: &[],
    mapping: Mapping::identity,
    build,
};

struct Stub;

impl Provider for Stub {}

fn build(_parts: Parts) -> Result<Arc<dyn Provider>, String> {
    Ok(Arc::new(Stub))
}
