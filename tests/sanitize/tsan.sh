#!/bin/sh
# SPDX-License-Identifier: MIT
# What has threads: a leaf that has none is the other sanitizers'.
exec "$(dirname "$0")/slice.sh" tsan thread "test_alert_look test_breaker test_call test_connection test_engine
    test_events test_http_lost test_http_rate test_json_pool test_links test_log test_metrics_probe
    test_oauth2_hosts test_store_claim test_store_fence test_store_journal test_transform_jq" \
    orders.py:o20_totals_agree_to_the_cent serve.py:all_flows_run_side_by_side_and_go_on \
    hooks.py:x12_every_flow_that_reads_it_has_it_before_the_answer
