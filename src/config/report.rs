//! Gathers everything that is wrong or odd, so that it is all said at once. Knows no setting.

use super::error::{ConfigError, ConfigErrors, Origin, Problem};

/// What was found on the way.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) errors: Vec<ConfigError>,
    pub(super) warnings: Vec<String>,
}

impl Report {
    pub(super) fn error(&mut self, origin: &Origin, key: &str, problem: Problem) {
        self.errors.push(ConfigError { origin: origin.clone(), key: key.to_owned(), problem });
    }

    pub(super) fn warn(&mut self, origin: &Origin, key: &str, text: impl std::fmt::Display) {
        self.warnings.push(format!("{origin}: {key}: {text}"));
    }

    pub(super) fn finish(self) -> Result<Vec<String>, ConfigErrors> {
        if self.errors.is_empty() { Ok(self.warnings) } else { Err(ConfigErrors(self.errors)) }
    }
}
