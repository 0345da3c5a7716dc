#!/bin/sh
# Terraform for many roots: the folder PLANS has PLANS/ROOT/show.json for one with changes, PLANS/ROOT/plan.err for one that
# cannot be planned; any other has no changes. RAN gets each call: the folder it is in, ROOT, the command, the README's first line.
echo "$PWD $1 $2 $(head -n 1 README.md)" >> "$RAN"
# A signal ends the wait at once, but not a program in the foreground.
if [ -n "$HANGS" ]; then sleep 20 & wait; fi
root="$PLANS/${1#-chdir=}"
case "$2" in
  plan) [ ! -e "$root/plan.err" ] || { cat "$root/plan.err" >&2; exit 1; } ;;
  show) if [ -e "$root/show.json" ]; then cat "$root/show.json"; else echo '{}'; fi ;;
esac
