-- Format 5: what an order may cost, when something ended, and what nobody received. Nothing of an older file
-- says so, where these stay NULL.

-- What was expected to be charged when the intent was written, an exact decimal in `stake_currency`: of a purchase in
-- doubt, what is at stake.
ALTER TABLE activations ADD COLUMN stake TEXT;
ALTER TABLE activations ADD COLUMN stake_currency TEXT;

-- Since when its state is final.
ALTER TABLE activations ADD COLUMN ended_at INTEGER;

-- Bought for a client that was gone by then: until when it is kept for that client's next identical order.
-- NULL once somebody has it, or it was given back.
ALTER TABLE activations ADD COLUMN kept_until INTEGER;

CREATE INDEX activations_bought ON activations (bought_at) WHERE stage = 'settled';

CREATE INDEX activations_kept ON activations (id) WHERE kept_until IS NOT NULL;

-- What is long over may be deleted since this format, as `[ledger] keep` says; what format 1 says of rows holds no
-- more. Ids are still never given twice: their numbering stands in sqlite_sequence, whatever rows there are.

-- Bought while nobody could say at what price; it is looked for afterwards.
CREATE INDEX activations_unpriced ON activations (bought_at) WHERE stage = 'settled' AND price IS NULL;

-- Doubts: what is known of the account at a seller, by which a purchase may be looked for whose answer was lost.
CREATE TABLE accounts (
    seller     TEXT PRIMARY KEY,
    -- Of the key it is asked with, and since when it is that one. Of earlier purchases this account tells nothing.
    mark       TEXT NOT NULL,
    since      INTEGER NOT NULL,
    -- What it held when nothing was under way there.
    balance    TEXT,
    currency   TEXT,
    balance_at INTEGER,
    CHECK ((balance IS NULL) = (currency IS NULL) AND (balance IS NULL) = (balance_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX activations_upstream ON activations (upstream_id) WHERE stage = 'settled';

CREATE INDEX activations_ended ON activations (provider, ended_at) WHERE ended_at IS NOT NULL;
