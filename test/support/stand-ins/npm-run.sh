#!/bin/sh
# `npm run` in an emitted repository: projen's own command, which is PROJEN, run by NODE.
[ "$1" = run ] || exit 64
name=$2
shift 2
[ "${1:-}" = --silent ] && shift
[ "${1:-}" = -- ] && shift
exec "$NODE" "$PROJEN" "$name" "$@"
