#!/bin/sh
# SPDX-License-Identifier: MIT
# The demonstration; see demo.py.
KOPPEL_BUILD_DIR=$1
export KOPPEL_BUILD_DIR
exec python3 "$(dirname "$0")/demo.py"
