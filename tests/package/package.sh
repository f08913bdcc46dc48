#!/bin/sh
# SPDX-License-Identifier: MIT
# package.sh [FOLDER [built]]: builds the packages of what is committed in a clean root without a network, twice, and
# tries them in others: blhc, lintian, an order booked, the service under a systemd of its own, a plugin of others,
# upgrade, removal, purge, piuparts, autopkgtest. What is built stays in FOLDER (.build/package); with "built" that is
# tried alone. As root, with what "autogen.sh package" installs.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
here=$top/tests/package
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
began=$(date +%s)
say() { echo "== $* ($(($(date +%s) - began)) s)"; }
fail() { echo "package.sh: $*" >&2; exit 1; }
# run LOG COMMAND...: its output is shown where it fails
run() {
    log=$out/$1.log
    shift
    "$@" >"$log" 2>&1 || { tail -n 30 "$log"; fail "it failed: $log"; }
}
clean="env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive HOME=/root"
# with the network, for what the packages depend on
in_net() { chroot "$@"; }
in_root() { sh "$here/inroot.sh" "$@"; }
# new_root FOLDER VARIANT PACKAGES: the sources of the machine, without what needs more than there is
new_root() {
    run root mmdebstrap --quiet --variant="$2" ${3:+--include="$3"} bookworm "$1"
    rm -f "$1/etc/apt/sources.list"
    cp -r /etc/apt/. "$1/etc/apt/" && cp /etc/resolv.conf "$1/etc/resolv.conf"
    rm -f "$1"/etc/apt/apt.conf.d/*appstream* "$1"/etc/apt/apt.conf.d/*packagekit*
    run root in_net "$1" $clean apt-get update -q
}
# build FOLDER UMASK SETTINGS...: in that folder of the build root
build() {
    mkdir -p "$builder/$1" && cp -a "$work/source/." "$builder/$1/"
    place=$1 mask=$2
    shift 2
    in_root "$builder" $clean "$@" sh -c "umask $mask && cd /$place/koppel-$version && dpkg-buildpackage -us -uc -j$(nproc)"
}

version=$(sed -n 's/^AC_INIT(\[koppel\], \[\(.*\)\], .*/\1/p' "$top/configure.ac" | cut -d] -f1)
arch=$(dpkg --print-architecture)

lint() {
    lintian --pedantic --display-info --tag-display-limit 0 --fail-on error,warning,info,pedantic \
        --suppress-tags initial-upload-closes-no-bugs "$1" >"$out/lintian.log" 2>&1 ||
        { cat "$out/lintian.log"; fail "lintian has found something in $(basename "$1")"; }
}
builder=$work/builder
source=$work/source/koppel-$version
mkdir -p "$source"
git -C "$top" archive HEAD | tar -x -C "$source"
if [ "${2:-}" != built ]; then
    say "the source, with what the pages have of others"
    [ ! -d "$top/core/dashboard/node_modules" ] || cp -a "$top/core/dashboard/node_modules" "$source/core/dashboard/"
    run fetch python3 "$source/core/dashboard/fetch.py"
    (cd "$work/source" && tar -cJf "koppel_$version.orig.tar.xz" --sort=name --owner=0 --group=0 --mtime=@0 \
        --exclude="koppel-$version/debian" "koppel-$version")

    say "two builds in a clean root without a network"
    new_root "$builder" buildd
    mkdir "$builder/source" && cp -a "$source" "$builder/source/"
    run build-dep in_net "$builder" $clean apt-get build-dep -y -q --no-install-recommends "/source/koppel-$version"
    run build build one 022
    rm -f "$out"/*.deb "$out"/*.changes "$out"/*.buildinfo "$out"/*.dsc "$out"/*.tar.*
    cp "$builder/one"/*.deb "$builder/one"/*.changes "$builder/one"/*.buildinfo "$builder/one"/*.dsc \
        "$builder/one"/*.tar.* "$out/"
    run build-again build two-with-another-name 027 TZ=Pacific/Auckland LC_ALL=C HOME=/tmp USER=somebody
    for deb in "$out"/*.deb; do
        cmp "$deb" "$builder/two-with-another-name/$(basename "$deb")" || fail "$(basename "$deb") differs when built again"
    done
    echo "reproducible: $(cd "$out" && ls ./*.deb | wc -l) packages, the same twice"
    say "blhc, lintian"
    blhc --all "$out/build.log" || fail "blhc: a file is compiled without what hardens it"
    lint "$out/koppel_$version-1_$arch.changes"
fi
# The ones after them, for the upgrade: nothing was released before, so it is the same program with a later version.
mkdir "$work/next"
for name in koppel koppel-sandbox; do
    dpkg-deb -R "$out/${name}_$version-1_$arch.deb" "$work/$name"
    sed -i "s/^Version: .*/Version: $version-1+next/" "$work/$name/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$work/$name" "$work/next/${name}_$version-1+next_$arch.deb" >/dev/null
done

say "a clean root"
root=$work/root
new_root "$root" apt systemd,python3-minimal,libpython3-stdlib,curl,ca-certificates,procps
cp -a "$root" "$work/empty"
mkdir "$root/debs" && cp "$out"/*.deb "$work/next"/*.deb "$root/debs/"
cp "$top"/debian/tests/* "$root/debs/"
run install in_net "$root" $clean sh -c "apt-get install -y -q --no-install-recommends \
    ./debs/koppel_$version-1_*.deb ./debs/koppel-sandbox_$version-1_*.deb"
chroot "$root" dpkg -s gcc >/dev/null 2>&1 && fail "the root has a compiler"

say "an order is booked"
in_root "$root" $clean runuser -u koppel -- sh /debs/book-an-order

say "the service under systemd"
cp -a "$root" "$work/booted"
sh "$here/boot.sh" "$work/booted" >"$out/boot.log" 2>&1 &
booted=$!
init=
for _ in $(seq 1 200); do
    init=$(ps -o pid= --ppid "$booted" | head -n 1 | tr -d ' ')
    [ -n "$init" ] && nsenter -a -t "$init" systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded' && break
    sleep 0.2
done
[ -n "$init" ] || fail "systemd does not come up: $out/boot.log"
in_boot() { nsenter -a -t "$init" $clean "$@"; }
in_boot sh /debs/service || { tail -n 20 "$out/boot.log"; fail "the service"; }

say "upgrade, removal, purge, under systemd and without"
shops="koppel koppel@shop2"
link=$work/booted/etc/systemd/system/multi-user.target.wants/koppel@shop2.service
unit() { in_boot systemctl show -p "$1" --value "$2"; }
each() { # that state
    for shop in $shops; do [ "$(unit ActiveState "$shop")" = "$1" ] || fail "$shop is not $1"; done
}
pids() { for shop in $shops; do unit MainPID "$shop"; done; }
settings() { (cd "$work/booted/etc/koppel" && find . -type f -exec sha256sum {} + | sort); }
told() { # how many orders the store knows of
    in_boot koppel status --json orders >"$work/status" 2>"$work/said" || [ $? = 1 ] || cat "$work/said"
    python3 -c 'import json,sys
print(sum(row["read"] for row in map(json.loads, open(sys.argv[1])) if row.get("flow") == "orders"))' "$work/status"
}
settings >"$work/settings.before"
read_before=$(told)
[ "${read_before:-0}" -gt 0 ] || fail "the store is not where the package says"
in_boot systemctl enable -q --now $shops
each active
pids >"$work/pids"
run upgrade in_boot apt-get install -y -q --no-install-recommends "/debs/koppel_$version-1+next_$arch.deb"
each active
pids >"$work/pids.after"
grep -qxFf "$work/pids" "$work/pids.after" && fail "the upgrade left a shop with the program that was before"
[ "$(told)" = "$read_before" ] || fail "the store after the upgrade"
settings | cmp - "$work/settings.before" || fail "the upgrade touched the configuration"
[ -L "$link" ] || fail "the further shop does not start with the machine"
run remove in_boot apt-get remove -y -q koppel koppel-sandbox
each inactive
[ -L "$link" ] || fail "a removal forgets what starts with the machine"
run purge in_boot apt-get purge -y -q koppel koppel-sandbox
[ ! -L "$link" ] || fail "purge leaves a link to a unit that is gone"
for shop in koppel koppel-shop2; do
    [ -f "$work/booted/var/lib/$shop/koppel.db" ] || fail "purge took what was booked"
    grep -q "/var/lib/$shop is kept" "$out/purge.log" || fail "purge does not say what it keeps"
done
kill -KILL "$booted"
booted=
run upgrade in_net "$root" $clean apt-get install -y -q --no-install-recommends "/debs/koppel_$version-1+next_$arch.deb"
run purge in_net "$root" $clean apt-get purge -y -q koppel koppel-sandbox
[ ! -e "$root/var/lib/koppel" ] && [ ! -e "$root/etc/koppel" ] || fail "purge leaves empty folders"
[ -z "$(find "$root/usr" "$root/lib" -name '*koppel*' -not -path '*/debs/*')" ] || fail "files are left"
rm -rf --one-file-system "$work/booted" "$root"

say "a plugin of others: koppel-plugin-tryton"
. "$here/third.sh"

say "piuparts"
tar -C "$work/empty" -czf "$work/base.tar.gz" .
run piuparts piuparts --no-upgrade-test --no-eatmydata --keep-sources-list -d bookworm -b "$work/base.tar.gz" \
    "$out"/koppel_*.deb "$out"/koppel-sandbox_*.deb "$out"/koppel-plugin-dev_*.deb "$out"/koppel-plugin-tryton_*.deb
grep -h 'PASS' "$out/piuparts.log" | tail -n 1

say "autopkgtest"
mkdir "$work/adt"
run autopkgtest sh "$here/autopkgtest.sh" "$work/empty" "$work/adt" "$source" "$out"
grep -E '^[a-z-]+ +(PASS|SKIP|FAIL)' "$out/autopkgtest.log"
say "the packages work: $out"
