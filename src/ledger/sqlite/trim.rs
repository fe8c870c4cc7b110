//! Letting go of what is long over: the statements, a piece of a table at a time. Looking for it is the reader's
//! part and deleting it the writer's, so that an order waits for one piece at most. Knows no timer.
//!
//! What is deleted leaves free pages, which are used again; the file does not shrink.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::failure::Failure;

/// How many rows are looked at in one piece.
const LOOKED_AT: i64 = 2000;

/// How many are deleted in one transaction.
pub(super) const CHUNK: usize = 250;

/// How long a purchase that was certainly not made is kept: it is no record of money, and who asks for what is sold
/// out again and again makes many of them.
const RELEASED_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// 2020-01-01T00:00:00Z: what is dated earlier was dated by a clock that was not set, and says nothing.
const CREDIBLE: i64 = 1_577_836_800_000;

/// A table of purchases, and which of its rows are over: settled before ?2 or released before ?3, not earlier than ?4.
pub(super) struct Shelf {
    table: &'static str,
    over: &'static str,
    has_messages: bool,
}

/// An activation is let go with its messages, unless one of them is still to be sent or a client may still come for
/// it; more time for a rent not before that rent. A row that an older program ended says no more than its time.
pub(super) const SHELVES: [Shelf; 3] = [
    Shelf {
        table: "activations",
        over: "(stage = 'released' AND intended_at >= ?4 AND intended_at < ?3)
            OR (stage = 'settled' AND state IN ('finished', 'cancelled', 'expired') AND kept_until IS NULL
                AND bought_at >= ?4 AND coalesce(ended_at, max(bought_at, expires_at)) < ?2
                AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.activation = activations.id)
                AND NOT EXISTS (
                    SELECT 1 FROM activations AS parent
                    WHERE parent.id = activations.rent ->> '$.prolongs'
                        AND (parent.state NOT IN ('finished', 'cancelled', 'expired')
                             OR coalesce(parent.ended_at, max(parent.bought_at, parent.expires_at)) >= ?2)))",
        has_messages: true,
    },
    Shelf {
        table: "mails",
        over: "(stage = 'released' AND intended_at >= ?4 AND intended_at < ?3)
            OR (stage = 'settled' AND state NOT IN ('waiting', 'cancelling')
                AND bought_at >= ?4 AND bought_at < ?2)",
        has_messages: false,
    },
    Shelf {
        table: "products",
        over: "(stage = 'released' AND intended_at >= ?4 AND intended_at < ?3)
            OR (stage = 'settled' AND bought_at >= ?4 AND bought_at < ?2)",
        has_messages: false,
    },
];

/// Up to when what is over is let go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    bought: i64,
    released: i64,
}

impl Limits {
    /// Those of the moment `now`, where what was bought is kept for `keep`, or for ever.
    pub(super) fn at(now: Timestamp, keep: Option<SignedDuration>) -> Self {
        let before = |kept: SignedDuration| {
            now.saturating_sub(kept).map_or(i64::MIN, |time: Timestamp| time.as_millisecond())
        };
        let released = keep.map_or(RELEASED_KEPT, |keep| keep.min(RELEASED_KEPT));
        Self { bought: keep.map_or(i64::MIN, before), released: before(released) }
    }
}

/// What a look at a piece of a table found.
pub(super) struct Piece {
    /// Those that are over.
    pub(super) over: Vec<i64>,
    /// Where the next piece begins; `None` at the end of the table.
    pub(super) next: Option<i64>,
}

/// Looks at the piece of a table that begins behind the id `after`.
pub(super) fn look(
    connection: &Connection,
    shelf: &Shelf,
    after: i64,
    limits: Limits,
) -> Result<Piece, Failure> {
    let Shelf { table, over, .. } = shelf;
    let mut query = connection.prepare_cached(&format!(
        "SELECT id, coalesce({over}, 0) FROM {table} WHERE id > ?1 ORDER BY id LIMIT {LOOKED_AT}"
    ))?;
    let mut found = query.query(params![after, limits.bought, limits.released, CREDIBLE])?;
    let (mut piece, mut seen) = (Piece { over: Vec::new(), next: None }, 0);
    while let Some(row) = found.next()? {
        let id = row.get(0)?;
        if row.get(1)? {
            piece.over.push(id);
        }
        (piece.next, seen) = (Some(id), seen + 1);
    }
    piece.next = piece.next.filter(|_| seen == LOOKED_AT);
    Ok(piece)
}

/// Deletes of these rows what is still over, and says how many that were.
pub(super) fn delete(
    connection: &Connection,
    shelf: &Shelf,
    ids: &[i64],
    limits: Limits,
) -> Result<u64, Failure> {
    let Shelf { table, over, has_messages } = shelf;
    let mut is_over =
        connection.prepare_cached(&format!("SELECT 1 FROM {table} WHERE id = ?1 AND ({over})"))?;
    let mut delete = connection.prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1"))?;
    let mut messages = connection.prepare_cached("DELETE FROM messages WHERE activation = ?1")?;
    let mut deleted = 0;
    for id in ids {
        let terms = params![id, limits.bought, limits.released, CREDIBLE];
        if is_over.query_row(terms, |_| Ok(())).optional()?.is_some() {
            if *has_messages {
                messages.execute([id])?;
            }
            delete.execute([id])?;
            deleted += 1;
        }
    }
    Ok(deleted)
}
