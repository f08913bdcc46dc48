#!/bin/sh
# SPDX-License-Identifier: MIT
exec "$(dirname "$0")/slice.sh" tsan thread o20_totals_agree_to_the_cent
