"""Says of each line of standard input, a text as JSON, whether it is Python: true or false."""

import ast
import json
import sys

for line in sys.stdin:
    try:
        ast.parse(json.loads(line))
        print("true", flush=True)
    except (SyntaxError, ValueError):
        print("false", flush=True)
