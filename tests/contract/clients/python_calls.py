"""Makes the calls of steps.ts with one library of Python, and prints their outcome."""

import json
import os
import sys
import urllib.request

CLIENT, BASE_URL, SECRET_KEY, REFERENCE = (
    os.environ[name] for name in ("CLIENT", "BASE_URL", "SECRET_KEY", "REFERENCE")
)
sys.path.insert(0, os.environ["FOLDER"])

AMOUNT = 150_000
REFUNDED = 40_000
EMAIL = "clients@example.com"


def paystackapi():
    import paystackapi as api

    api.API_URL = f"{BASE_URL}/"
    api.SECRET_KEY = SECRET_KEY
    from paystackapi.refund import Refund
    from paystackapi.transaction import Transaction

    return {
        "initialize": lambda: Transaction.initialize(email=EMAIL, amount=AMOUNT, reference=REFERENCE),
        "verify": lambda: Transaction.verify(REFERENCE),
        "fetch": lambda id: Transaction.get(id),
        "list": lambda: Transaction.list(status="success", perPage=10),
        "refund": lambda: Refund.create(transaction=REFERENCE, amount=REFUNDED),
        "refunds": lambda id: Refund.list(),
    }


def pypaystack2():
    from pypaystack2 import PaystackClient
    from pypaystack2.base_clients import AbstractAPIClient
    from pypaystack2.enums import TransactionStatus

    AbstractAPIClient._BASE_URL = BASE_URL
    client = PaystackClient(secret_key=SECRET_KEY)

    def body(reply):
        # data is None where the reply does not fit the library's models.
        data = reply.data
        entries = data if isinstance(data, list) else [data]
        if any(entry is None for entry in entries):
            raise ValueError(f"the library could not read {reply.raw}")
        shown = [entry.model_dump(mode="json") for entry in entries]
        return {"status": reply.status, "data": shown if isinstance(data, list) else shown[0]}

    return {
        "initialize": lambda: body(client.transactions.initialize(AMOUNT, EMAIL, reference=REFERENCE)),
        "verify": lambda: body(client.transactions.verify(REFERENCE)),
        "fetch": lambda id: body(client.transactions.get_transaction(id)),
        "list": lambda: body(client.transactions.get_transactions(status=TransactionStatus.SUCCESS, pagination=10)),
        "refund": lambda: body(client.refunds.create(REFERENCE, amount=REFUNDED)),
        "refunds": lambda id: body(client.refunds.get_refunds(reference=REFERENCE)),
    }


def paystack_api_wrapper():
    from paystack import PaystackClient

    client = PaystackClient(SECRET_KEY, base_url=BASE_URL)
    # The library unwraps the envelope, and raises if its status is false.
    body = lambda reply: {"status": True, "data": reply[0]}
    return {
        "initialize": lambda: body(client.transactions.initialize(EMAIL, AMOUNT, reference=REFERENCE)),
        "verify": lambda: body(client.transactions.verify(REFERENCE)),
        "fetch": lambda id: body(client.transactions.fetch(id)),
        "list": lambda: body(client.transactions.list_transactions(per_page=10, status="success")),
        "refund": lambda: body(client.refunds.create(REFERENCE, amount=REFUNDED)),
        "refunds": lambda id: body(client.refunds.list_refunds(str(id), "NGN")),
    }


def paystackease():
    os.environ["PAYSTACK_SECRET_KEY"] = SECRET_KEY
    from paystackease import PayStackBase
    from paystackease.core._api_base import BaseAPI

    BaseAPI._PAYSTACK_API_URL = f"{BASE_URL}/"
    client = PayStackBase()
    body = lambda reply: {"status": reply.status, "data": reply.data}
    return {
        "initialize": lambda: body(client.transactions.initialize(EMAIL, AMOUNT, reference=REFERENCE)),
        "verify": lambda: body(client.transactions.verify_transaction(REFERENCE)),
        "fetch": lambda id: body(client.transactions.fetch_transaction(id)),
        "list": lambda: body(client.transactions.list_transactions(per_page=10)),
        "refund": lambda: body(client.refund.create_refund(REFERENCE, amount=REFUNDED)),
        "refunds": lambda id: body(client.refund.list_refunds(reference=REFERENCE)),
    }


def paystack_sdk():
    import paystack
    from paystack.configuration import Configuration

    paystack.api_key = SECRET_KEY
    configuration = Configuration()
    configuration.host = BASE_URL
    Configuration.set_default(configuration)
    body = lambda reply: {"status": reply.status, "data": reply.data}
    return {
        "initialize": lambda: body(paystack.Transaction.initialize(email=EMAIL, amount=AMOUNT, reference=REFERENCE)),
        "verify": lambda: body(paystack.Transaction.verify(REFERENCE)),
        "fetch": lambda id: body(paystack.Transaction.fetch(str(id))),
        "list": lambda: body(paystack.Transaction.list()),
        "refund": lambda: body(paystack.Refund.create(transaction=REFERENCE, amount=REFUNDED)),
        "refunds": lambda id: body(paystack.Refund.list()),
    }


LIBRARIES = {
    "paystackapi": paystackapi,
    "pypaystack2": pypaystack2,
    "paystack-api-wrapper": paystack_api_wrapper,
    "paystackease": paystackease,
    "paystack-sdk": paystack_sdk,
}


def pay():
    request = urllib.request.Request(
        f"{BASE_URL}/__sandbox/pay",
        data=json.dumps({"reference": REFERENCE}).encode(),
        headers={"content-type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).read()


def data_of(reply):
    if reply["status"] is not True:
        raise ValueError(f"the call failed: {reply}")
    return reply["data"]


calls = LIBRARIES[CLIENT]()
outcome = {"initialized": data_of(calls["initialize"]())}
pay()
outcome["verified"] = data_of(calls["verify"]())
number = outcome["verified"]["id"]
outcome["fetched"] = data_of(calls["fetch"](number))
outcome["listed"] = data_of(calls["list"]())
outcome["refund"] = data_of(calls["refund"]())
outcome["refunds"] = data_of(calls["refunds"](number))
print(json.dumps(outcome, default=str))
