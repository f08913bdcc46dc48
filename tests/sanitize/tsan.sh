#!/bin/sh
# SPDX-License-Identifier: MIT
exec "$(dirname "$0")/slice.sh" tsan thread orders.py:o20_totals_agree_to_the_cent serve.py:all_flows_run_side_by_side_and_go_on \
    hooks.py:x12_every_flow_that_reads_it_has_it_before_the_answer
