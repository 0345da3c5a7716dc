#!/bin/sh
# Git that does not end once it has done the command STEP, and then writes the file MARKER; for anything else the program GIT.
case " $* " in
  *" $STEP "*)
    "$GIT" "$@" || exit 1
    touch "$MARKER"
    sleep 60 &
    wait
    ;;
  *) exec "$GIT" "$@" ;;
esac
