#!/bin/sh
# Runs a command as a container would: in a root of its own that holds the system's libraries and what is named here,
# read only, with an empty name resolver, so that nothing but loopback is reached by a name.
#
#   unshare --mount sh sandbox.sh ROOT USER READONLY TMPFS... -- EXPOSED... -- COMMAND...
#
# ROOT      an empty folder to mount it on; only this process and its children see the mount
# USER      uid:gid to run as, or - to stay who it is
# READONLY  true or false: may the command write outside of TMPFS
# TMPFS     path:MiB that is writable and empty
# EXPOSED   a folder that is there under its own path
set -eu
root=$1 user=$2 readonly=$3
shift 3

expose() {
  mkdir -p "$root$1"
  mount --rbind "$1" "$root$1"
  mount -o remount,bind,ro "$root$1"
}

mount -t tmpfs -o mode=755 container "$root"
mkdir "$root/dev" "$root/etc" "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
for path in /bin /sbin /lib /lib64 /usr; do
  if [ -L "$path" ]; then cp -P "$path" "$root$path"; elif [ -d "$path" ]; then expose "$path"; fi
done
while [ "$1" != -- ]; do
  mkdir -p "$root${1%:*}"
  mount -t tmpfs -o "mode=1777,size=${1##*:}m" container "$root${1%:*}"
  shift
done
shift
while [ "$1" != -- ]; do
  expose "$1"
  shift
done
shift
if [ "$readonly" = true ]; then mount -o remount,bind,ro "$root"; fi
if [ "$user" = - ]; then exec chroot "$root" "$@"; fi
exec chroot --userspec="$user" --groups= "$root" "$@"
