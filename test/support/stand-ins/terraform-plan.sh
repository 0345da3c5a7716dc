#!/bin/sh
# Terraform with one plan for every root: plan.txt and plan.json in the folder PLAN.
case "$2" in
  init) echo 'Terraform has been successfully initialized!' ;;
  plan) case "$*" in *-out=*) cp "$PLAN/plan.json" "${6#-out=}" ;; *) cat "$PLAN/plan.txt" ;; esac ;;
  show) cat "$4" ;;
esac
