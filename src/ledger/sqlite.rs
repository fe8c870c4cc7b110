//! The ledger in an embedded SQLite file.
