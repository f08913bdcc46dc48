#!/bin/sh
# SPDX-License-Identifier: MIT
exec "$(dirname "$0")/slice.sh" tsan thread orders.py:o20_totals_agree_to_the_cent serve.py:all_flows_run_side_by_side_and_go_on
