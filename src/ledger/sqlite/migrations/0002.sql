-- Format 2: rents, purchases that build on another one, and numbers that are to be given back.

-- What makes a purchase a rent, as JSON; NULL where it is none.
ALTER TABLE activations ADD COLUMN rent TEXT;

-- 1: never handed out, and to be cancelled as soon as the upstream's rules allow.
ALTER TABLE activations ADD COLUMN unwanted INTEGER NOT NULL DEFAULT 0;

-- Which service a message is from, where a number takes those of several.
ALTER TABLE messages ADD COLUMN service TEXT;

-- A client's history is of activations; its rents are listed from memory.
DROP INDEX activations_history;

CREATE INDEX activations_history ON activations (owner, bought_at, id)
    WHERE stage = 'settled' AND rent IS NULL;
