//! The cross-walk between the dialect's codes and one upstream's.

use super::Catalog;

/// A cross-walk.
#[derive(Debug, Clone, Default)]
pub struct Mapping {}

impl Mapping {
    /// The upstream uses the dialect's own codes.
    pub fn identity(_catalog: &Catalog) -> Self {
        Self {}
    }
}
