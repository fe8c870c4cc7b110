//! What a ledger holds, read by nobody's code but SQLite's: a copy is looked at, so that the file and its
//! log stay exactly as the process left them.

use std::path::Path;

use rusqlite::Connection;
use rust_decimal::Decimal;
use tempfile::TempDir;

/// A purchase as the ledger has it.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: i64,
    /// `intended`, `settled`, `released` or `unknown`.
    pub stage: String,
    /// The upstream's id, once it was bought.
    pub upstream_id: Option<String>,
    /// The phone, once it was bought.
    pub phone: Option<String>,
    /// The price, where it is known.
    pub price: Option<Decimal>,
    /// Where it stands, once it was bought.
    pub state: Option<String>,
    /// Whether no client is to get it.
    pub unwanted: bool,
}

impl Row {
    /// Whether it was bought for certain.
    pub fn is_settled(&self) -> bool {
        self.stage == "settled"
    }

    /// Whether it may have been bought.
    pub fn is_open(&self) -> bool {
        matches!(self.stage.as_str(), "intended" | "unknown")
    }
}

/// Every purchase in the ledger of a folder, oldest first.
pub fn rows(folder: &Path) -> Vec<Row> {
    let copy = TempDir::new().unwrap();
    for name in ["smsbridge.db", "smsbridge.db-wal"] {
        if folder.join(name).exists() {
            std::fs::copy(folder.join(name), copy.path().join(name)).unwrap();
        }
    }
    let connection = Connection::open(copy.path().join("smsbridge.db")).unwrap();
    let query = "SELECT id, stage, upstream_id, phone, price, state, unwanted FROM activations ORDER BY id";
    let mut query = connection.prepare(query).unwrap();
    let found = query.query_map([], |row| {
        let price: Option<String> = row.get(4)?;
        Ok(Row {
            id: row.get(0)?,
            stage: row.get(1)?,
            upstream_id: row.get(2)?,
            phone: row.get(3)?,
            price: price.map(|price| price.parse().unwrap()),
            state: row.get(5)?,
            unwanted: row.get(6)?,
        })
    });
    found.unwrap().map(Result::unwrap).collect()
}
