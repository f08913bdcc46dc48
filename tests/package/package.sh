#!/bin/sh
# SPDX-License-Identifier: MIT
# package.sh [FOLDER]: builds the packages of what is committed, and tries them in clean roots: lintian, install, an
# order booked, the service under a systemd of its own, upgrade, removal, purge. What is built stays in FOLDER
# (.build/package). As root, with debhelper, lintian, mmdebstrap and iproute2.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$top/.build/package}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
booted=
finish() {
    [ -z "$booted" ] || kill -KILL "$booted" 2>/dev/null || true
    sleep 0.2
    rm -rf --one-file-system "$work"
}
trap finish EXIT
say() { echo "== $*"; }
fail() { echo "package.sh: $*" >&2; exit 1; }

version=$(sed -n 's/^AC_INIT(\[koppel\], \[\(.*\)\], .*/\1/p' "$top/configure.ac" | cut -d] -f1)
arch=$(dpkg --print-architecture)
tree=$work/koppel-$version
say build
mkdir "$tree"
git -C "$top" archive HEAD | tar -x -C "$tree"
(cd "$work" && tar -cJf "koppel_$version.orig.tar.xz" --sort=name --owner=0 --group=0 --mtime=@0 --exclude=debian \
    "koppel-$version")
(cd "$tree" && dpkg-buildpackage -us -uc "-j$(nproc)") >"$out/build.log" 2>&1 ||
    { tail -n 30 "$out/build.log"; fail "the build failed: $out/build.log"; }
# The one after it, for the upgrade: the same program.
sed -i '1s/-1)/-1+next)/' "$tree/debian/changelog"
(cd "$tree" && dpkg-buildpackage -us -uc -nc -b) >"$out/next.log" 2>&1 ||
    { tail -n 30 "$out/next.log"; fail "the build failed: $out/next.log"; }
rm -f "$out"/*.deb
cp "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo "$work"/*.dsc "$work"/*.tar.* "$out/"

say lintian
lintian --fail-on error,warning --pedantic --display-info --tag-display-limit 0 --suppress-tags \
    initial-upload-closes-no-bugs "$out/koppel_$version-1_$arch.changes" 2>&1 |
    grep -v 'root privileges' || true
lintian --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs \
    "$out/koppel_$version-1_$arch.changes" >/dev/null 2>&1 || fail "lintian has found something"

say "a clean root"
root=$work/root
mmdebstrap --quiet --variant=apt --include=systemd,python3-minimal,libpython3-stdlib,curl,ca-certificates,procps bookworm "$root" \
    >"$out/root.log" 2>&1 || { tail -n 5 "$out/root.log"; fail "no root was made"; }
mkdir "$root/debs" && cp "$out"/*.deb "$root/debs/"
cp "$top/tests/package/service.sh" "$root/debs/" && cp "$top/debian/tests/book-an-order" "$root/debs/"
# with the network and the sources of the machine, for what the packages depend on
rm -f "$root/etc/apt/sources.list"
cp -r /etc/apt/. "$root/etc/apt/" && cp /etc/resolv.conf "$root/etc/resolv.conf"
rm -f "$root"/etc/apt/apt.conf.d/*appstream* "$root"/etc/apt/apt.conf.d/*packagekit*
chroot "$root" sh -c "apt-get update -q && apt-get install -y -q --no-install-recommends ./debs/koppel_$version-1_*.deb \
    ./debs/koppel-sandbox_$version-1_*.deb" >"$out/install.log" 2>&1 || { tail -n 20 "$out/install.log"; fail "install"; }
chroot "$root" dpkg -s gcc >/dev/null 2>&1 && fail "the root has a compiler"

say "an order is booked"
sh "$top/tests/package/inroot.sh" "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    runuser -u koppel -- sh /debs/book-an-order

say "the service under systemd"
cp -a "$root" "$work/booted"
sh "$top/tests/package/boot.sh" "$work/booted" >"$out/boot.log" 2>&1 &
booted=$!
init=
for _ in $(seq 1 100); do
    init=$(ps -o pid= --ppid "$booted" | head -n 1 | tr -d ' ')
    [ -n "$init" ] && nsenter -a -t "$init" systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded' && break
    sleep 0.2
done
[ -n "$init" ] || fail "systemd does not come up: $out/boot.log"
nsenter -a -t "$init" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 sh /debs/service.sh ||
    { tail -n 20 "$out/boot.log"; fail "the service"; }
kill -KILL "$booted"
booted=

say "upgrade, removal, purge"
books=$(find "$work/booted/var/lib/koppel" -name koppel.db | wc -l)
[ "$books" = 1 ] || fail "the store is not where the package says"
chroot "$work/booted" sh -c "apt-get install -y -q --no-install-recommends ./debs/koppel_$version-1+next_*.deb" \
    >"$out/upgrade.log" 2>&1 || { tail -n 20 "$out/upgrade.log"; fail "upgrade"; }
chroot "$work/booted" koppel status --json >"$work/status" 2>&1 || [ $? = 1 ] || { cat "$work/status"; fail "after the upgrade"; }
grep -q '"flow":"orders"' "$work/status" || fail "the store after the upgrade"
chroot "$work/booted" apt-get purge -y -q koppel koppel-sandbox >"$out/purge.log" 2>&1 || fail "purge: $out/purge.log"
[ -f "$work/booted/var/lib/koppel/koppel.db" ] || fail "purge took what was booked"
grep -q 'is kept' "$out/purge.log" || fail "purge does not say what it keeps"
chroot "$root" apt-get purge -y -q koppel koppel-sandbox >>"$out/purge.log" 2>&1 || fail "purge of an unused one"
[ ! -e "$root/var/lib/koppel" ] && [ ! -e "$root/etc/koppel" ] || fail "purge leaves empty folders"
[ -z "$(find "$root/usr" "$root/lib" -name '*koppel*' -not -path '*/debs/*')" ] || fail "files are left"
say "the packages work: $out"
