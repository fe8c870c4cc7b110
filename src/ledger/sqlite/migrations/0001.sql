-- Format 1. A file is a ledger by its application_id; user_version is the number of its format.

-- One row a purchase, from its intent on. Rows are never deleted and ids never given twice
-- (AUTOINCREMENT; the first id is set when the file is made).
CREATE TABLE activations (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    -- intended: the upstream is being asked.   settled: bought.
    -- released: certainly not bought.          unknown: nobody knows whether it was bought.
    stage       TEXT NOT NULL CHECK (stage IN ('intended', 'settled', 'released', 'unknown')),
    -- Why it was released or came into doubt; stays when a doubt is settled later.
    reason      TEXT,
    owner       TEXT NOT NULL,
    provider    TEXT NOT NULL,
    service     TEXT NOT NULL,
    country     INTEGER NOT NULL,
    -- The rest of what was ordered, as JSON. All times are milliseconds since 1970-01-01 UTC.
    wish        TEXT NOT NULL,
    intended_at INTEGER NOT NULL,
    -- Everything below is known once it was bought.
    upstream_id TEXT,
    phone       TEXT,
    operator    TEXT,
    -- An exact decimal, never a float.
    price       TEXT,
    currency    TEXT,
    bought_at   INTEGER,
    expires_at  INTEGER,
    state       TEXT,
    asked_at    INTEGER,
    -- What else the upstream said, as a JSON object.
    extra       TEXT,
    CHECK ((price IS NULL) = (currency IS NULL)),
    CHECK (
        stage <> 'settled'
        OR (upstream_id IS NOT NULL AND phone IS NOT NULL AND bought_at IS NOT NULL
            AND expires_at IS NOT NULL AND state IS NOT NULL AND asked_at IS NOT NULL
            AND extra IS NOT NULL)
    )
) STRICT;

CREATE INDEX activations_history ON activations (owner, bought_at, id) WHERE stage = 'settled';

CREATE INDEX activations_open ON activations (id)
    WHERE stage = 'settled' AND state NOT IN ('finished', 'cancelled', 'expired');

-- SQLite uses a partial index only where a query repeats its condition.
CREATE INDEX activations_undecided ON activations (stage, id) WHERE stage IN ('intended', 'unknown');

-- The messages of an activation, counted from 0.
CREATE TABLE messages (
    activation  INTEGER NOT NULL REFERENCES activations (id),
    seq         INTEGER NOT NULL,
    code        TEXT NOT NULL,
    text        TEXT,
    sender      TEXT,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (activation, seq)
) STRICT, WITHOUT ROWID;
