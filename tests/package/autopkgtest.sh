#!/bin/sh
# SPDX-License-Identifier: MIT
# autopkgtest.sh EMPTY ROOT SOURCE FOLDER: the tests of debian/tests with the packages of FOLDER, in a copy of the
# root EMPTY, which has /proc in namespaces of its own.
set -eu
cp -a "$1/." "$2/"
chroot "$2" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends apt-utils dpkg-dev >&2
exec unshare --mount --pid --fork --kill-child sh -c 'mount -t proc proc "$1/proc" && mount --bind /dev "$1/dev"
# Some are skipped where there is no machine of its own: 2.
code=0
autopkgtest --no-built-binaries "$3"/koppel_*.deb "$3"/koppel-sandbox_*.deb "$3"/koppel-plugin-dev_*.deb "$2/" \
    -- chroot "$1" || code=$?
[ "$code" = 0 ] || [ "$code" = 2 ]' sh "$2" "$3" "$4"
