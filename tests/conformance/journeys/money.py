"""The audit after all other cases: what the client paid is what the upstream charged, no more, no less."""

from journeys.world import case, holds, same

IN_PROCESS = {"sandbox": "it runs within smsbridge, and nobody else keeps its books"}


@case("the balance fell by what was paid")
def balance_fell(world):
    holds(world.orders > 0, "nothing was ordered")
    same(world.balance_at_start - world.balance(), world.paid, "what the balance fell by")


@case("the upstream's books agree", without=IN_PROCESS)
def books_agree(world):
    purchases, charged = world.upstream.totals()
    same(charged, world.paid, "what the upstream charged")
    same(purchases, world.orders, "numbers the upstream sold")


@case("nothing against the upstream's document", without=IN_PROCESS)
def no_violations(world):
    same(world.upstream.violations(), [], "violations")


CASES = (balance_fell, books_agree, no_violations)
