"""What client software does, step by step, and what it must see. A case is a function of a World
(`world.py`); it returns when all was as it should be, and raises otherwise. Knows no package and no provider
by name, except where a case says that it is for some upstreams only."""

from journeys import beyond, further, hearing, listings, money, orders, records, refusals, rents, synonyms

# In this order, each against a fresh ledger: the first cases see it empty, the last one audits the rest.
MODULES = (listings, refusals, beyond, orders, hearing, synonyms, further, records, rents, money)


def cases():
    """Every case, in the order they run."""
    return [case for module in MODULES for case in module.CASES]
