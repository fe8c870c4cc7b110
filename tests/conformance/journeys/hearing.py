"""Cases in which a message comes: the code, the whole text, another one."""

import clients
from journeys.world import Skip, case, holds, same


@case("a code, another one, finish")
def two_codes(world):
    number = world.order()
    if not world.says("NO_READY"):
        world.tell(number, 1, "ACCESS_READY")
    world.shows(number, "STATUS_WAIT_CODE")
    first = world.hear(number)
    world.shows(number, "STATUS_OK", first)
    world.tell(number, 3, "ACCESS_RETRY_GET")
    world.shows(number, "STATUS_WAIT_RETRY", first)
    second = world.hear(number)
    holds(second.isdigit(), f"second code {second!r}")
    world.finish(number)


@case("a code for a number ordered with details", needs="order_v2")
def code_for_v2(world):
    number = world.order_v2()
    holds(world.hear(number), "no code")
    world.finish(number)


@case("the whole message", needs="full_sms")
def whole_message(world):
    number = world.order()
    same(world.client.full_sms(number.id), "STATUS_WAIT_CODE", "getFullSms before a message")
    code = world.hear(number)
    answer = world.client.full_sms(number.id)
    holds(answer.startswith("FULL_SMS:"), f"getFullSms answered {answer!r}")
    holds(code in answer, f"{code} is not in {answer!r}")
    world.finish(number)


@case("the details of a message", needs="status_v2")
def details_of_message(world):
    number = world.order()
    same(world.client.status_v2(number.id), (None, None), "getStatusV2 before a message")
    code = world.hear(number)
    text, told = world.client.status_v2(number.id)
    same(told, code, "code of getStatusV2")
    holds(isinstance(text, str), f"text of getStatusV2: {text!r}")
    world.finish(number)


@case("the client's own loop", needs="wait_for_code")
def own_loop(world):
    number = world.order_telling()
    world.upstream.let_message_come()
    code = world.client.wait_for_code(number.id)
    holds(code and code.isdigit(), f"code {code!r}")
    afterwards = "STATUS_WAIT_RETRY" if world.client.AFTER_WAIT == "again" else "STATUS_OK"
    world.shows(number, afterwards, code)
    world.finish(number)


@case("a number that has had its code cannot be cancelled")
def no_cancel_after_code(world):
    if world.says("MUTE"):
        raise Skip("the package does not tell what setStatus answered")
    number = world.order()
    world.hear(number)
    world.upstream.pass_cancel_window()
    before = world.balance()
    holds(cancel_is_refused(world, number), "ACCESS_CANCEL after a code")
    same(world.balance(), before, "the balance after the refusal")
    world.finish(number)


def cancel_is_refused(world, number):
    """Whether a cancellation is answered with the document's word for an impossible status."""
    wanted = world.says("BAD_STATUS") or "BAD_STATUS"
    try:
        return world.client.set_status(number.id, world.says("CANCEL") or 8) == wanted
    except clients.Refused as refusal:
        return refusal.code == wanted


CASES = (two_codes, code_for_v2, whole_message, details_of_message, own_loop, no_cancel_after_code)
