#!/bin/sh
# SPDX-License-Identifier: MIT
# postgres.sh start FOLDER: a server of its own in a folder, which only a socket in it reaches; prints how to
#   connect. It wants to be nobody's superuser, so root hands it to another user.
# postgres.sh stop FOLDER: ends it, and takes the folder away
set -u
folder=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
as() {
    if [ "$(id -u)" = 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi
}
case $1 in
start)
    [ -n "$bin" ] && [ -x "$bin/initdb" ] && command -v psql >/dev/null || exit 77
    [ "$(id -u)" != 0 ] || chown nobody "$folder"
    cd "$folder" || exit 2
    as "$bin/initdb" -D "$folder/data" -U koppel -A trust -E UTF8 --locale=C.UTF-8 >initdb.log 2>&1 &&
        as "$bin/pg_ctl" -D "$folder/data" -w -s -l "$folder/server.log" \
            -o "-k $folder -c listen_addresses= -c max_connections=${POSTGRES_CONNECTIONS:-120}" start >start.log 2>&1 || {
        cat initdb.log start.log server.log >&2
        exit 1
    }
    echo "host=$folder user=koppel dbname=postgres"
    ;;
stop)
    [ ! -d "$folder/data" ] || as "$bin/pg_ctl" -D "$folder/data" -m immediate -s -w stop
    rm -rf "$folder"
    ;;
esac
