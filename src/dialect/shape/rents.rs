//! A rent's messages in the form that was chosen. Knows no message.

use serde::Serialize;
use serde_json::Value;

use super::RentValues;

impl RentValues {
    /// `values` of `getRentStatus` (`api/sms-activate.txt`, "Получить статус для Аренды"): these rows, keyed by
    /// "0", "1" and so on, or as a list for a client that reads nothing else (`WIRE.md` section 5).
    pub fn write(self, rows: Vec<impl Serialize>) -> Value {
        // A row is made of texts and numbers; that cannot fail.
        let rows = rows.into_iter().map(|row| serde_json::to_value(row).unwrap_or_default());
        match self {
            Self::Object => rows
                .enumerate()
                .map(|(place, row)| (place.to_string(), row))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            Self::List => rows.collect::<Vec<_>>().into(),
        }
    }
}
