#!/bin/bash
# Docker's own command line, as far as it is used, by a builder that needs no daemon. CALLS gets each call; STORE has the images.
set -euo pipefail
echo "$*" >> "$CALLS"
[ "$1 $2" = 'buildx build' ] || exit 64
shift 2
args=()
while [ "$#" -gt 1 ]; do
  case "$1" in
    --tag) tag=$2; args+=("$1" "$2"); shift ;;
    --platform | --build-arg) args+=("$1" "$2"); shift ;;
    --no-cache) args+=("$1") ;;
    --pull | --provenance=false | --sbom=false | --push) ;;
    *) exit 64 ;;
  esac
  shift
done
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
store=(--root "$STORE/store" --runroot "$STORE/run")
buildah "${store[@]}" build --tls-verify=false --format docker "${args[@]}" "$1"
buildah "${store[@]}" push --tls-verify=false "$tag" "docker://$tag"
