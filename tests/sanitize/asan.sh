#!/bin/sh
# SPDX-License-Identifier: MIT
exec "$(dirname "$0")/slice.sh" asan address,undefined "" orders.py:o3_lost_answer_makes_no_second_invoice serve.py:all_flows_run_side_by_side_and_go_on
