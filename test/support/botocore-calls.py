"""Calls of AWS as the AWS CLI makes them, by its own library, in one process: a start of the CLI takes half a second.

Reads a call per line of its standard input, `{"service", "operation", "region", "input"}`, and answers each with a line:
`{"answer"}` with all pages, or `{"error"}` with the CLI's text. It ends when its standard input is closed.
"""

import json
import sys

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

NAMES = {"s3api": "s3"}
session = botocore.session.get_session()
clients = {}


def client_of(service, region):
    name = NAMES.get(service, service)
    if (name, region) not in clients:
        clients[name, region] = session.create_client(name, region_name=region)
    return clients[name, region]


def ask(service, operation, region, input):
    client = client_of(service, region)
    method = operation.replace("-", "_")
    if client.can_paginate(method):
        return client.get_paginator(method).paginate(**input).build_full_result()
    answer = getattr(client, method)(**input)
    answer.pop("ResponseMetadata", None)
    return answer


def as_text(value):
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


for line in sys.stdin:
    try:
        said = {"answer": ask(**json.loads(line))}
    except (ClientError, BotoCoreError) as error:
        said = {"error": str(error)}
    print(json.dumps(said, default=as_text), flush=True)
