#!/bin/sh
# SPDX-License-Identifier: MIT
command -v python3 >/dev/null || { echo "python3 is missing"; exit 77; }
exec python3 "$(dirname "$0")/cookbook.py"
