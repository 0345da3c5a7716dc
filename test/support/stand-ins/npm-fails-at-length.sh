#!/bin/sh
# An npm that fails with 50 lines of errors, and a line of something else.
echo noise
number=0
while [ "$number" -lt 50 ]; do
  number=$((number + 1))
  echo "npm error line $number" >&2
done
exit 1
