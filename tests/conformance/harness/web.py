"""The harness's own HTTP calls: to admin routes only, never to the dialect, which the client software
speaks. Goes through no proxy."""

import json
import urllib.request
from decimal import Decimal

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get(url):
    """Status and body of a GET."""
    with OPENER.open(url, timeout=5) as answer:
        return answer.status, answer.read().decode()


def get_json(url):
    """The JSON of a GET, its fractions as decimals."""
    return json.loads(get(url)[1], parse_float=Decimal)


def post(url):
    """A POST without a body; raises unless it was accepted."""
    request = urllib.request.Request(url, data=b"", method="POST")
    with OPENER.open(request, timeout=5) as answer:
        answer.read()
