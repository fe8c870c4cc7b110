-- Format 4: mail addresses and partner products. Their ids are of the numbering of `activations`, so that none
-- is given twice whatever it is for; stages and times are as there.

CREATE TABLE mails (
    id           INTEGER PRIMARY KEY,
    stage        TEXT NOT NULL CHECK (stage IN ('intended', 'settled', 'released', 'unknown')),
    reason       TEXT,
    owner        TEXT NOT NULL,
    provider     TEXT NOT NULL,
    intended_at  INTEGER NOT NULL,
    site         TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('zone', 'popular')),
    domain       TEXT NOT NULL,
    -- The mail whose address was ordered once more.
    again        INTEGER,
    -- Everything below is known once it was bought.
    upstream_id  TEXT,
    email        TEXT,
    price        TEXT,
    currency     TEXT,
    bought_at    INTEGER,
    state        TEXT,
    -- What was found in the mail, and all of it.
    value        TEXT,
    full_message TEXT,
    CHECK ((price IS NULL) = (currency IS NULL)),
    CHECK (
        stage <> 'settled'
        OR (upstream_id IS NOT NULL AND email IS NOT NULL AND bought_at IS NOT NULL AND state IS NOT NULL)
    )
) STRICT;

CREATE INDEX mails_history ON mails (owner, id) WHERE stage = 'settled';

CREATE INDEX mails_undecided ON mails (stage, id) WHERE stage IN ('intended', 'unknown');

CREATE TABLE products (
    id           INTEGER PRIMARY KEY,
    stage        TEXT NOT NULL CHECK (stage IN ('intended', 'settled', 'released', 'unknown')),
    reason       TEXT,
    owner        TEXT NOT NULL,
    provider     TEXT NOT NULL,
    intended_at  INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    -- Everything below is known once it was bought.
    price        TEXT,
    currency     TEXT,
    bought_at    INTEGER,
    key          TEXT,
    manual       TEXT,
    CHECK ((price IS NULL) = (currency IS NULL)),
    CHECK (stage <> 'settled' OR (bought_at IS NOT NULL AND key IS NOT NULL AND manual IS NOT NULL))
) STRICT;

CREATE INDEX products_undecided ON products (stage, id) WHERE stage IN ('intended', 'unknown');
