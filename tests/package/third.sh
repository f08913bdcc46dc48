# SPDX-License-Identifier: MIT
# Part of package.sh: the connector for Tryton is built as anybody's plugin would be, where nothing of Koppel is but
# koppel-plugin-dev; it asks for the contract that it was built against, and apt refuses one that asks for more.
own=$(sed -n '1s/.*(\(.*\)-.*/\1/p' "$top/plugins/tryton/debian/changelog")
mkdir -p "$work/third/koppel-plugin-tryton-$own"
git -C "$top" archive "HEAD:plugins/tryton" | tar -x -C "$work/third/koppel-plugin-tryton-$own"
(cd "$work/third" && tar -cJf "koppel-plugin-tryton_$own.orig.tar.xz" --sort=name --owner=0 --group=0 --mtime=@0 \
    --exclude="koppel-plugin-tryton-$own/debian" "koppel-plugin-tryton-$own")
[ -d "$builder" ] || new_root "$builder" buildd
rm -rf --one-file-system "$builder/one" "$builder/two-with-another-name" "$builder/source"
mkdir "$builder/debs" && cp "$out"/*.deb "$builder/debs/" && cp -a "$work/third" "$builder/third"
run third-dep in_net "$builder" $clean sh -c "apt-get install -y -q --no-install-recommends \
    ./debs/koppel-plugin-dev_*.deb && apt-get build-dep -y -q /third/koppel-plugin-tryton-$own"
[ ! -e "$builder/usr/bin/koppel" ] || fail "the build root has the program"
run third in_root "$builder" $clean sh -c "cd /third/koppel-plugin-tryton-$own && dpkg-buildpackage -us -uc"
blhc --all "$out/third.log" || fail "blhc: koppel-plugin-tryton"
find "$builder/third" -maxdepth 1 -type f -exec cp {} "$out/" \;
lint "$out/koppel-plugin-tryton_$own-1_$arch.changes"
dpkg-deb -f "$out/koppel-plugin-tryton_$own-1_$arch.deb" Depends | tee "$work/depends"
grep -qE 'koppel-abi-[0-9]+ \(>= [0-9]+\.[0-9]+\)' "$work/depends" || fail "it does not ask for the contract"

# Where the program is: it is installed, and known to it.
user=$work/user
cp -a "$work/empty" "$user"
mkdir "$user/debs" && cp "$out"/koppel_*.deb "$out/koppel-plugin-tryton_$own-1_$arch.deb" "$user/debs/"
run third-install in_net "$user" $clean sh -c "apt-get install -y -q --no-install-recommends ./debs/*.deb"
in_root "$user" $clean sh -c 'koppel plugins | grep -w tryton && koppel plugins show tryton | grep -q rounding_account'
[ -f "$user/usr/share/koppel/mappings/tryton/invoice.send.conf" ] || fail "its mappings are not where the program looks"

# One that was built against a contract that this program does not know yet.
major=$(sed -n 's/.*koppel-abi-\([0-9]*\) .*/\1/p' "$work/depends")
mkdir -p "$work/more/DEBIAN"
printf 'Package: koppel-plugin-more\nVersion: 1\nArchitecture: all\nMaintainer: n <n@n.example>\nDepends: %s\n' \
    "koppel-abi-$major (>= $major.999)" >"$work/more/DEBIAN/control"
printf 'Description: asks for more\n' >>"$work/more/DEBIAN/control"
dpkg-deb --root-owner-group -b "$work/more" "$user/debs/more.deb" >/dev/null
if in_net "$user" $clean apt-get install -y -q ./debs/more.deb >"$out/refused.log" 2>&1; then
    fail "a plugin that asks for more than the program knows was installed"
fi
grep "Depends: koppel-abi-$major" "$out/refused.log" || { cat "$out/refused.log"; fail "refused for another reason"; }
rm -rf --one-file-system "$user" "$builder"
