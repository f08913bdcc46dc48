#!/bin/sh
# SPDX-License-Identifier: MIT
# What reads what others wrote, and what holds records: a program each of the rest is in make check-asan.
exec "$(dirname "$0")/slice.sh" asan address,undefined "test_asperion test_asperion_answer test_asperion_verify
    test_asperion_write test_buf test_call test_catalogue test_clock test_compare test_condition test_conf_alert
    test_conf_edit_json test_conf_flow test_conf_syntax test_conf_text test_config test_connection test_country
    test_cut test_dashboard test_date test_decimal test_events test_expr test_fold test_grid test_host test_http
    test_http_lost test_json_pool test_json_read test_json_text test_links test_log test_map test_map_recorder
    test_mplus_documents test_mplus_goods test_mplus_groups test_mplus_pages test_mplus_sales test_mplus_stock
    test_notify test_oauth2 test_path test_receive test_reconcile test_rest test_revision test_sdk test_sealed
    test_secret test_service test_soap test_soap_odd test_soap_requests test_soap_scan test_store_file
    test_store_journal test_store_list test_store_settle test_transform_table test_transform_text test_transforms
    test_wsdl" \
    orders.py:o3_lost_answer_makes_no_second_invoice serve.py:all_flows_run_side_by_side_and_go_on
