#!/bin/sh
# SPDX-License-Identifier: MIT
# boot.sh ROOT: systemd as process 1 of namespaces of its own, in the root. It ends when this is killed (systemd
# takes no other signal). One boot per root.
exec unshare --mount --pid --fork --kill-child --net --uts --ipc --cgroup sh -c 'root=$1
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup" || echo "no cgroup2"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    touch "$root/dev/$device" && mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
ip link set lo up
cd "$root" && mkdir -p oldroot && pivot_root . oldroot && umount -l /oldroot
# Else LoadCredential= gives the service a folder that is empty and cannot be read.
mount --make-rshared /
exec env -i container=koppel-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd \
    --unit=multi-user.target systemd.unified_cgroup_hierarchy=1 --log-target=console --show-status=0' sh "$1"
