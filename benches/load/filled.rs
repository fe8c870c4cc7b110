//! A ledger with many rows that nobody bought: one that the program made, filled by SQL. Knows the tables, and nothing
//! of what is measured.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, params};

use super::failure::{Failure, Outcome};

/// How many rows there are to be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rows {
    /// Of numbers that are open, and whose code has come.
    pub open: u32,
    /// Of numbers that have ended.
    pub ended: u32,
}

/// Numbers from 1 to ?1, an activation each: ?2 is the id before the first one, ?3 the time, ?4 and ?5 state and end.
const ACTIVATIONS: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
    INSERT INTO activations
        (id, stage, owner, provider, service, country, wish, intended_at, upstream_id, phone, operator, price,
         currency, bought_at, expires_at, state, asked_at, extra, stake, stake_currency, ended_at)
    SELECT ?2 + i, 'settled', '*', 'main/vak-sms', substr('tgwavkgoigfb', 1 + i % 6 * 2, 2), i % 5,
        '{\"operators\":[],\"max_price\":null,\"excluded\":[],\"forward\":false,\"verification\":false,\"free_price\":false,\"use_cashback\":false,\"detailed\":false}',
        ?3 - i * 100, format('%032x', ?2 + i), format('7%010d', i), iif(i % 3, 'mts', NULL),
        format('%d.%02d', 5 + i % 90, i % 100), 'RUB', ?3 - i * 100, ?3 - i * 100 + 86400000, ?4, 0, '{}', '12.50', 'RUB', ?5
    FROM n";

/// A message for each of them.
const MESSAGES: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
    INSERT INTO messages (activation, seq, code, text, received_at)
    SELECT ?2 + i, 0, format('%06d', i % 1000000), 'Your code is ' || format('%06d', i % 1000000), ?3 FROM n";

/// Fills the ledger in this file, and gives the id before the first open number. Nobody may have it open.
pub fn fill(file: &Path, rows: Rows) -> Outcome<i64> {
    filled(file, rows).map_err(|error| Failure::Server(format!("the ledger cannot be filled: {error}")))
}

fn filled(file: &Path, Rows { open, ended }: Rows) -> rusqlite::Result<i64> {
    let connection = Connection::open(file)?;
    connection.execute_batch("PRAGMA synchronous = OFF; BEGIN")?;
    let next = "SELECT seq FROM sqlite_sequence WHERE name = 'activations'";
    let next: i64 = connection.query_row(next, [], |row| row.get(0))?;
    // Below the numbering of those that are bought from now on.
    let (before_ended, before_open) = (next - i64::from(ended) - i64::from(open), next - i64::from(open));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let now = i64::try_from(now).unwrap_or_default();
    let hour = 3_600_000;
    if ended > 0 {
        let over = now - 48 * hour;
        connection.execute(ACTIVATIONS, params![ended, before_ended, over, "finished", over])?;
        connection.execute(MESSAGES, params![ended, before_ended, over])?;
    }
    if open > 0 {
        connection.execute(ACTIVATIONS, params![open, before_open, now, "received", None::<i64>])?;
        connection.execute(MESSAGES, params![open, before_open, now])?;
    }
    connection.execute("UPDATE sqlite_sequence SET seq = ?1 WHERE name = 'activations'", [next])?;
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(before_open)
}
