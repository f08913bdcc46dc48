#!/bin/sh
# SPDX-License-Identifier: MIT
# python.sh TEST.py [NAME...]: runs one integration test, or skips it where it cannot run.
[ -x "$KOPPEL_BUILD_DIR/tests/sandbox/koppel-sandbox" ] || { echo "built without the sandbox"; exit 77; }
command -v python3 >/dev/null || { echo "python3 is missing"; exit 77; }
exec python3 "$@"
