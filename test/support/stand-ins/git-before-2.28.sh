#!/bin/sh
# Git whose init knows no name of a branch yet; for anything else the program GIT.
case " $* " in
  *' --initial-branch'* | *' init -b '* | *' init '*' -b '*)
    echo 'error: unknown option' >&2
    exit 129
    ;;
esac
exec "$GIT" "$@"
