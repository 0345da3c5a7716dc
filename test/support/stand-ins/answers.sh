#!/bin/sh
# Answers a call as the folder ANSWERS says: by the first of its patterns that matches all words. CALLS gets each call after its
# NAME; KEPT, if it is set, the files of a call (file://…), named after its line in CALLS.
echo "$NAME$*" >> "$CALLS"

if [ -n "$KEPT" ]; then
  line=$(wc -l < "$CALLS")
  for word in "$@"; do
    case "$word" in
      file://*) cp "${word#file://}" "$KEPT/$((line))-${word##*/}" ;;
    esac
  done
fi

number=0
while IFS= read -r pattern; do
  number=$((number + 1))
  # shellcheck disable=SC2254 # the pattern is one
  case "$*" in
    $pattern) ;;
    *) continue ;;
  esac
  answer="$ANSWERS/$number"
  if [ -e "$answer.1.out" ]; then
    echo >> "$answer.calls"
    time=$(wc -l < "$answer.calls")
    [ -e "$answer.$((time)).out" ] && cat "$answer.$((time)).out" && exit
  fi
  # A signal ends the wait at once, but not a program in the foreground.
  if [ -e "$answer.hangs" ]; then sleep 30 & wait; fi
  [ -e "$answer.err" ] && cat "$answer.err" >&2
  cat "$answer.out"
  read -r code < "$answer.exit"
  exit "$code"
done < "$ANSWERS/patterns"

echo "not known: $*" >&2
exit 255
