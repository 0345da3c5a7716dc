"""Runs a script, with its arguments, as far as its call of uvicorn, and prints the options of that as JSON in the last line."""

import json
import runpy
import sys

import uvicorn

sys.argv = sys.argv[1:]
uvicorn.run = lambda app, **options: print("\n" + json.dumps(options))
runpy.run_path(sys.argv[0], run_name="__main__")
