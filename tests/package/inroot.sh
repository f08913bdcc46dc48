#!/bin/sh
# SPDX-License-Identifier: MIT
# inroot.sh ROOT COMMAND...: runs it in the root, in namespaces of its own, with loopback alone.
root=$1
shift
exec unshare --mount --pid --fork --kill-child --net --uts --ipc sh -c 'root=$1
shift
ip link set lo up
mount -t proc proc "$root/proc" && mount --bind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run" && mount -t tmpfs tmpfs "$root/dev/shm"
exec chroot "$root" "$@"' sh "$root" "$@"
