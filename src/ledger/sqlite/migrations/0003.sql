-- Format 3: webhooks. A row is a message that one address has still to get; it goes away when the address
-- has it, or when that is given up.
CREATE TABLE deliveries (
    activation INTEGER NOT NULL,
    url        TEXT NOT NULL,
    -- Which message.
    seq        INTEGER NOT NULL,
    queued_at  INTEGER NOT NULL,
    -- Not to be tried before this.
    due_at     INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (activation, url, seq),
    FOREIGN KEY (activation, seq) REFERENCES messages (activation, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (due_at);
