#!/bin/sh
# SPDX-License-Identifier: MIT
# autogen.sh          make the configure script
# autogen.sh demo     install what is missing, build, run the demonstration; --serve: its pages stay up
# autogen.sh check    install what is missing, build, run every test
# autogen.sh package  install what is missing, build Debian packages and try them in clean roots
set -eu
top=$(cd "$(dirname "$0")" && pwd)
build=${KOPPEL_BUILD:-$top/.build}
packages="gcc make autoconf automake libtool libltdl-dev pkg-config libcurl4-openssl-dev libjansson-dev
libconfig-dev check libexpat1-dev libsqlite3-dev libpq-dev postgresql-15 libmicrohttpd-dev libgnutls28-dev liboath-dev libqrencode-dev libzxcvbn-dev libsodium-dev libutf8proc-dev libpcre2-dev libedit-dev
chromium chromium-driver python3-selenium python3-jsonschema iso-codes libjq-dev libonig-dev libxml2-utils openssl ca-certificates curl jq cmark python3 mandoc g++ binutils systemd tzdata valgrind zsh fish
tryton-server tryton-modules-account-invoice tryton-modules-sale tryton-modules-account-de-skr03"

missing() {
    for p in $packages; do
        dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$p"
    done
}

# Installs what is missing; where that is not possible, prints the one line to run and stops.
install_packages() {
    command -v dpkg-query >/dev/null 2>&1 || { echo "autogen.sh: this needs Debian 12 or a relative of it" >&2; exit 1; }
    wanted=$(missing)
    [ -n "$wanted" ] || return 0
    line="apt-get install -y --no-install-recommends $wanted"
    if [ "$(id -u)" = 0 ]; then sudo=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo=sudo
    else echo "autogen.sh: run this as root, then call me again: $line" >&2; exit 1
    fi
    echo "installing: $wanted" >&2
    $sudo apt-get update -qq >/dev/null 2>&1 || true
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo $line >"$top/.install.log" 2>&1 ||
        { tail -n 5 "$top/.install.log" >&2; echo "autogen.sh: run this as root: $line" >&2; exit 1; }
    rm -f "$top/.install.log"
}

generate() {
    mkdir -p "$top/.m4" "$top/.build-aux"
    # what the pages need of others, by lock file
    python3 "$top/core/dashboard/fetch.py" || echo "autogen.sh: only ./configure --disable-dashboard builds without it" >&2
    (cd "$top" && autoreconf -fi >/dev/null)
}

# Generates, configures and builds into $build, quietly unless it fails.
build_all() {
    mkdir -p "$build"
    log=$build/build.log
    echo "building in $build: some minutes the first time, and $log tells how far it is" >&2
    { { [ -x "$top/configure" ] && [ "$top/configure" -nt "$top/configure.ac" ] ; } || generate
      cd "$build"
      # libtool starts a shell per file: the quick one of Debian halves what a build costs
      [ -f Makefile ] && [ Makefile -nt "$top/configure" ] || CONFIG_SHELL=/bin/sh "$top/configure" -C --enable-dev
      make -j"$(nproc)"; } >"$log" 2>&1 ||
        { tail -n 30 "$log" >&2; echo "autogen.sh: the build failed; all of it is in $log" >&2; exit 1; }
}

case ${1:-} in
'') generate; echo "now: ./configure && make" ;;
demo)
    install_packages
    build_all
    shift
    KOPPEL_BUILD_DIR=$build exec python3 "$top/tests/integration/demo.py" "$@" ;;
check) install_packages; build_all; exec "$top/tests/run.sh" "$build" ;;
package)
    packages="$packages debhelper dpkg-dev lintian mmdebstrap iproute2 procps util-linux blhc piuparts autopkgtest"
    install_packages
    exec "$top/tests/package/package.sh" "$build/package" ;;
*) echo "usage: ./autogen.sh [demo | check | package]" >&2; exit 64 ;;
esac
