# SPDX-License-Identifier: MIT
if SANDBOX
bin_PROGRAMS += tests/sandbox/koppel-sandbox
dist_man1_MANS += tests/sandbox/koppel-sandbox.1
SANDBOX_TILL = tests/sandbox/mplus.c tests/sandbox/mplus_choices.c tests/sandbox/mplus_control.c tests/sandbox/mplus_custom.c \
  tests/sandbox/mplus_doc.c tests/sandbox/mplus_documents.c tests/sandbox/mplus_finance.c \
  tests/sandbox/mplus_groups.c tests/sandbox/mplus_line.c tests/sandbox/mplus_orders.c \
  tests/sandbox/mplus_parts.h tests/sandbox/mplus_products.c tests/sandbox/mplus_proposals.c \
  tests/sandbox/mplus_relations.c tests/sandbox/mplus_save.c tests/sandbox/mplus_select.c \
  tests/sandbox/mplus_show.c tests/sandbox/mplus_state.c tests/sandbox/mplus_stock.c \
  tests/sandbox/mplus_take.c tests/sandbox/mplus_totals.c tests/sandbox/reconcile.c \
  tests/sandbox/sandbox.h tests/sandbox/schema.c tests/sandbox/schema.h \
  tests/sandbox/schema_wsdl.c tests/sandbox/server.c tests/sandbox/server.h \
  tests/sandbox/server_reply.c tests/sandbox/server_tls.c tests/sandbox/server_tls.h \
  tests/sandbox/shop.c tests/sandbox/shop.h tests/sandbox/shop_awkward.c \
  tests/sandbox/shop_deliver.c tests/sandbox/shop_doc.c tests/sandbox/shop_goods.c \
  tests/sandbox/shop_lists.c tests/sandbox/shop_map.c tests/sandbox/shop_map.h \
  tests/sandbox/shop_seed_days.c tests/sandbox/shop_seed_goods.c tests/sandbox/shop_seed_orders.c \
  tests/sandbox/shop_seed_relations.c tests/sandbox/shop_seed_sales.c tests/sandbox/soap.c \
  tests/sandbox/soap.h
tests_sandbox_koppel_sandbox_SOURCES = tests/sandbox/asperion.c tests/sandbox/asperion_articles.c \
  tests/sandbox/asperion_bend.c tests/sandbox/asperion_check.c tests/sandbox/asperion_debtors.c tests/sandbox/asperion_files.c \
  tests/sandbox/asperion_invoices.c tests/sandbox/asperion_journal.c tests/sandbox/asperion_list.c \
  tests/sandbox/asperion_orders.c tests/sandbox/asperion_orders_own.c tests/sandbox/asperion_parts.h \
  tests/sandbox/asperion_resources.c tests/sandbox/asperion_state.c tests/sandbox/asperion_swagger.c \
  tests/sandbox/asperion_totals.c tests/sandbox/bend.c tests/sandbox/bend.h tests/sandbox/books.c tests/sandbox/books.h \
  tests/sandbox/books_catalogue.c tests/sandbox/books_orders.c tests/sandbox/books_rows.c \
  tests/sandbox/books_seed.c tests/sandbox/books_text.c tests/sandbox/books_text.h tests/sandbox/data.c tests/sandbox/data.h \
  tests/sandbox/fault.c tests/sandbox/fault.h tests/sandbox/tally.c tests/sandbox/tally.h \
  tests/sandbox/identity.c tests/sandbox/main.c $(SANDBOX_TILL)
tests_sandbox_koppel_sandbox_CPPFLAGS = $(AM_CPPFLAGS) -DSANDBOX_DATADIR='"$(sandboxdatadir)"'
tests_sandbox_koppel_sandbox_CFLAGS = $(AM_CFLAGS) $(HARDEN_PIE_CFLAGS) -pthread
tests_sandbox_koppel_sandbox_LDFLAGS = $(AM_LDFLAGS) $(HARDEN_PIE_LDFLAGS)
tests_sandbox_koppel_sandbox_LDADD = $(MHD_LIBS) $(JANSSON_LIBS) $(EXPAT_LIBS) $(SODIUM_LIBS) -lm
endif

# What it is seeded from; a program that is not installed finds it beside itself.
sandboxdatadir = $(pkgdatadir)/sandbox
SANDBOX_SEEDS = tests/sandbox/data/books.json tests/sandbox/data/catalogue.json tests/sandbox/data/interface.txt \
  tests/sandbox/data/till.json
EXTRA_DIST += tests/sandbox/README $(SANDBOX_SEEDS)
if SANDBOX
sandboxdata_DATA = $(SANDBOX_SEEDS)
ALL_LOCAL += tests/sandbox/data.stamp
# A stamp, as make would take the folder of the sources for the one that is wanted.
tests/sandbox/data.stamp:
	$(AM_V_at)$(MKDIR_P) tests/sandbox && { test -e tests/sandbox/data \
	  || $(LN_S) '$(abs_top_srcdir)/tests/sandbox/data' tests/sandbox/data; } && touch $@
EXTRA_tests_sandbox_koppel_sandbox_DEPENDENCIES = tests/sandbox/data.stamp
CLEANFILES += tests/sandbox/data.stamp
endif

# What tests and fuzz targets are built from beside their own file. A test of tests/unit needs no more
# than its line in UNIT_TESTS: the rest is automake's default. One of a plugin names its parts too.
LDADD = $(CORE_LDADD) $(CHECK_LIBS) $(EXPAT_LIBS)
check_LIBRARIES = tests/libasperion.a tests/libmplus.a
tests_libasperion_a_SOURCES = $(ASPERION_PARTS)
tests_libmplus_a_SOURCES = $(MPLUS_CALL) $(MPLUS_GOODS) $(MPLUS_MESSAGES) $(MPLUS_SALES) $(MPLUS_WSDL)
ASPERION_LDADD = tests/libasperion.a $(LDADD)
check_LIBRARIES += tests/librest.a
REST_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins/rest -Iplugins/rest
tests_librest_a_SOURCES = plugins/rest/rest.c $(REST_PARTS)
tests_librest_a_CPPFLAGS = $(REST_CPPFLAGS)
REST_LDADD = tests/librest.a $(LDADD)
MPLUS_LDADD = tests/libmplus.a $(LDADD)

# The store and what it needs, without the rest of the core.
check_LIBRARIES += tests/unit/libstore.a
tests_unit_libstore_a_SOURCES = $(STORE_SOURCES) core/base/buf.c core/base/clock.c core/base/err.c core/base/log.c \
  core/base/mask.c core/base/meter.c core/base/secret.c core/base/visible.c
STORE_ALONE = tests/unit/libstore.a core/libkoppeltext.la $(JANSSON_LIBS) $(SQLITE_LIBS) $(PQ_LIBS) $(SODIUM_LIBS)
STORE_LDADD = $(STORE_ALONE) $(CHECK_LIBS)
EXTRA_PROGRAMS = tests/bench/hosts tests/bench/lists tests/bench/load tests/bench/mapping tests/bench/passthrough tests/bench/store
tests_bench_load_LDADD =
tests_bench_passthrough_LDADD = $(MHD_LIBS) $(CURL_LIBS)
check_PROGRAMS += tests/bench/fill_tool
tests_bench_fill_tool_SOURCES = tests/bench/fill.c tests/bench/fill.h tests/bench/fill_tool.c
tests_bench_fill_tool_LDADD = $(STORE_ALONE)
tests_bench_lists_SOURCES = tests/bench/fill.c tests/bench/fill.h tests/bench/lists.c
tests_bench_hosts_LDADD = $(STORE_ALONE)
tests_bench_lists_LDADD = $(STORE_ALONE)
tests_bench_store_LDADD = $(STORE_ALONE)

UNIT_TESTS =
if HAVE_CHECK
UNIT_TESTS += tests/abi/test_layout
UNIT_TESTS += tests/abi/test_plugins
UNIT_TESTS += tests/unit/test_alert_book
UNIT_TESTS += tests/unit/test_alert_look
UNIT_TESTS += tests/unit/test_alert_quiet
UNIT_TESTS += tests/unit/test_alert_tell
UNIT_TESTS += tests/unit/test_alert_text
UNIT_TESTS += tests/unit/test_asperion
UNIT_TESTS += tests/unit/test_rest
UNIT_TESTS += tests/unit/test_rest_empty
UNIT_TESTS += tests/unit/test_rest_once
UNIT_TESTS += tests/unit/test_send
UNIT_TESTS += tests/unit/test_asperion_answer
UNIT_TESTS += tests/unit/test_asperion_verify
UNIT_TESTS += tests/unit/test_asperion_write
UNIT_TESTS += tests/unit/test_backoff
UNIT_TESTS += tests/unit/test_behaviour
UNIT_TESTS += tests/unit/test_border
UNIT_TESTS += tests/unit/test_breaker
UNIT_TESTS += tests/unit/test_buf
UNIT_TESTS += tests/unit/test_call
UNIT_TESTS += tests/unit/test_catalogue
UNIT_TESTS += tests/unit/test_cause
UNIT_TESTS += tests/unit/test_clock
UNIT_TESTS += tests/unit/test_compare
UNIT_TESTS += tests/unit/test_condition
UNIT_TESTS += tests/unit/test_conf_alert
UNIT_TESTS += tests/unit/test_conf_edit_json
UNIT_TESTS += tests/unit/test_conf_syntax
UNIT_TESTS += tests/unit/test_config
UNIT_TESTS += tests/unit/test_conf_flow
UNIT_TESTS += tests/unit/test_conf_rules
UNIT_TESTS += tests/unit/test_conf_text
UNIT_TESTS += tests/unit/test_connection
UNIT_TESTS += tests/unit/test_connection_test
UNIT_TESTS += tests/unit/test_country
UNIT_TESTS += tests/unit/test_cut
UNIT_TESTS += tests/unit/test_dashboard
UNIT_TESTS += tests/unit/test_date
UNIT_TESTS += tests/unit/test_daytotal
UNIT_TESTS += tests/unit/test_decimal
UNIT_TESTS += tests/unit/test_engine
UNIT_TESTS += tests/unit/test_err
UNIT_TESTS += tests/unit/test_events
UNIT_TESTS += tests/unit/test_expr
UNIT_TESTS += tests/unit/test_flow_cases
UNIT_TESTS += tests/unit/test_fold
UNIT_TESTS += tests/unit/test_grid
UNIT_TESTS += tests/unit/test_host
UNIT_TESTS += tests/unit/test_http
UNIT_TESTS += tests/unit/test_http_lost
UNIT_TESTS += tests/unit/test_http_rate
UNIT_TESTS += tests/unit/test_http_safe
UNIT_TESTS += tests/unit/test_json_pool
UNIT_TESTS += tests/unit/test_json_read
UNIT_TESTS += tests/unit/test_json_text
UNIT_TESTS += tests/unit/test_knowledge
UNIT_TESTS += tests/unit/test_laid_out
UNIT_TESTS += tests/unit/test_links
UNIT_TESTS += tests/unit/test_log
UNIT_TESTS += tests/unit/test_map
UNIT_TESTS += tests/unit/test_map_recorder
UNIT_TESTS += tests/unit/test_metrics_probe
UNIT_TESTS += tests/unit/test_metrics_text
UNIT_TESTS += tests/unit/test_model
UNIT_TESTS += tests/unit/test_model_day
UNIT_TESTS += tests/unit/test_model_goods
UNIT_TESTS += tests/unit/test_model_vat
UNIT_TESTS += tests/unit/test_mplus_documents
UNIT_TESTS += tests/unit/test_mplus_goods
UNIT_TESTS += tests/unit/test_mplus_groups
UNIT_TESTS += tests/unit/test_mplus_pages
UNIT_TESTS += tests/unit/test_mplus_sales
UNIT_TESTS += tests/unit/test_mplus_stock
UNIT_TESTS += tests/unit/test_notify
UNIT_TESTS += tests/unit/test_oauth2
UNIT_TESTS += tests/unit/test_oauth2_hosts
UNIT_TESTS += tests/unit/test_oauth2_login
UNIT_TESTS += tests/unit/test_outcomes
UNIT_TESTS += tests/unit/test_paper
UNIT_TESTS += tests/unit/test_path
UNIT_TESTS += tests/unit/test_properties
UNIT_TESTS += tests/unit/test_receive
UNIT_TESTS += tests/unit/test_reconcile
UNIT_TESTS += tests/unit/test_revision
UNIT_TESTS += tests/unit/test_sdk
UNIT_TESTS += tests/unit/test_secret
UNIT_TESTS += tests/unit/test_sealed
UNIT_TESTS += tests/unit/test_service
UNIT_TESTS += tests/unit/test_setup_propose
UNIT_TESTS += tests/unit/test_snapshot
UNIT_TESTS += tests/unit/test_soap
UNIT_TESTS += tests/unit/test_soap_odd
UNIT_TESTS += tests/unit/test_soap_requests
UNIT_TESTS += tests/unit/test_soap_scan
UNIT_TESTS += tests/unit/test_store_cause
UNIT_TESTS += tests/unit/test_store_claim
UNIT_TESTS += tests/unit/test_store_clock
UNIT_TESTS += tests/unit/test_store_entry
UNIT_TESTS += tests/unit/test_store_fence
UNIT_TESTS += tests/unit/test_store_file
UNIT_TESTS += tests/unit/test_store_hand
UNIT_TESTS += tests/unit/test_store_journal
UNIT_TESTS += tests/unit/test_store_keep
UNIT_TESTS += tests/unit/test_store_link
UNIT_TESTS += tests/unit/test_store_list
UNIT_TESTS += tests/unit/test_store_move
UNIT_TESTS += tests/unit/test_store_rate
UNIT_TESTS += tests/unit/test_store_publish
UNIT_TESTS += tests/unit/test_store_upgrade
UNIT_TESTS += tests/unit/test_store_search
UNIT_TESTS += tests/unit/test_store_settle
UNIT_TESTS += tests/unit/test_store_value
UNIT_TESTS += tests/unit/test_transform_address
UNIT_TESTS += tests/unit/test_transform_date
UNIT_TESTS += tests/unit/test_transform_number
UNIT_TESTS += tests/unit/test_transform_code
UNIT_TESTS += tests/unit/test_transform_table
if HAVE_JQ
UNIT_TESTS += tests/unit/test_transform_jq
endif
UNIT_TESTS += tests/unit/test_transform_text
UNIT_TESTS += tests/unit/test_transform_vat
UNIT_TESTS += tests/unit/test_transforms
UNIT_TESTS += tests/unit/test_wsdl
UNIT_TESTS += tests/unit/test_young
tests_unit_test_asperion_LDADD = $(ASPERION_LDADD)
tests_unit_test_rest_CPPFLAGS = $(REST_CPPFLAGS)
tests_unit_test_rest_LDADD = $(REST_LDADD)
tests_unit_test_rest_empty_CPPFLAGS = $(REST_CPPFLAGS)
tests_unit_test_rest_empty_LDADD = $(REST_LDADD)
tests_unit_test_rest_once_CPPFLAGS = $(REST_CPPFLAGS)
tests_unit_test_rest_once_LDADD = $(REST_LDADD)
tests_unit_test_asperion_answer_LDADD = $(ASPERION_LDADD)
tests_unit_test_asperion_verify_LDADD = $(ASPERION_LDADD)
tests_unit_test_asperion_write_LDADD = $(ASPERION_LDADD)
tests_unit_test_daytotal_LDADD = $(MPLUS_LDADD)
tests_unit_test_laid_out_SOURCES = tests/unit/test_laid_out.c core/commands/cells.c core/commands/laid_out.c \
  core/commands/paper.c
tests_unit_test_mplus_documents_LDADD = $(MPLUS_LDADD)
tests_unit_test_mplus_goods_LDADD = $(MPLUS_LDADD)
tests_unit_test_mplus_groups_LDADD = $(MPLUS_LDADD)
tests_unit_test_mplus_pages_LDADD = $(MPLUS_LDADD)
tests_unit_test_mplus_sales_LDADD = $(MPLUS_LDADD)
tests_unit_test_mplus_stock_LDADD = $(MPLUS_LDADD)
tests_unit_test_paper_SOURCES = tests/unit/test_paper.c core/commands/paper.c
tests_unit_test_soap_LDADD = $(MPLUS_LDADD)
tests_unit_test_soap_odd_LDADD = $(MPLUS_LDADD)
tests_unit_test_soap_requests_LDADD = $(MPLUS_LDADD)
tests_unit_test_soap_scan_LDADD = $(MPLUS_LDADD)
tests_unit_test_wsdl_LDADD = $(MPLUS_LDADD)
tests_unit_test_store_cause_LDADD = $(STORE_LDADD)
tests_unit_test_store_claim_LDADD = $(STORE_LDADD)
tests_unit_test_store_clock_LDADD = $(STORE_LDADD)
tests_unit_test_store_entry_LDADD = $(STORE_LDADD)
tests_unit_test_store_fence_LDADD = $(STORE_LDADD)
tests_unit_test_store_file_LDADD = $(STORE_LDADD)
tests_unit_test_store_hand_LDADD = $(STORE_LDADD)
tests_unit_test_store_journal_LDADD = $(STORE_LDADD)
tests_unit_test_store_keep_LDADD = $(STORE_LDADD)
tests_unit_test_store_link_LDADD = $(STORE_LDADD)
tests_unit_test_store_list_LDADD = $(STORE_LDADD)
tests_unit_test_store_move_LDADD = $(STORE_LDADD)
tests_unit_test_store_rate_LDADD = $(STORE_LDADD)
tests_unit_test_store_publish_LDADD = $(STORE_LDADD)
tests_unit_test_store_upgrade_LDADD = $(STORE_LDADD)
tests_unit_test_store_search_LDADD = $(STORE_LDADD)
tests_unit_test_store_settle_LDADD = $(STORE_LDADD)
tests_unit_test_store_value_LDADD = $(STORE_LDADD)
endif
check_PROGRAMS += $(UNIT_TESTS) tests/unit/decimal_tool tests/unit/edit_tool tests/unit/expr_tool tests/unit/json_tool
TESTS += $(UNIT_TESTS)

# Plugins that must load, and plugins that must be refused: each is one file.
TEST_PLUGINS =
TEST_PLUGINS += tests/abi/plugins/broken_catalogue.so
TEST_PLUGINS += tests/abi/plugins/good.so
TEST_PLUGINS += tests/abi/plugins/larger.so
TEST_PLUGINS += tests/abi/plugins/missing_fetch.so
TEST_PLUGINS += tests/abi/plugins/missing_op.so
TEST_PLUGINS += tests/abi/plugins/missing_record.so
TEST_PLUGINS += tests/abi/plugins/missing_release.so
TEST_PLUGINS += tests/abi/plugins/no_entry.so
TEST_PLUGINS += tests/abi/plugins/prepared.so
TEST_PLUGINS += tests/abi/plugins/published.so
TEST_PLUGINS += tests/abi/plugins/pushed.so
TEST_PLUGINS += tests/abi/plugins/recorded.so
TEST_PLUGINS += tests/abi/plugins/smaller.so
TEST_PLUGINS += tests/abi/plugins/undefined_symbol.so
TEST_PLUGINS += tests/abi/plugins/unruly.so
TEST_PLUGINS += tests/abi/plugins/wrong_kind.so
TEST_PLUGINS += tests/abi/plugins/wrong_magic.so
TEST_PLUGINS += tests/abi/plugins/wrong_major.so
TEST_PLUGINS += tests/abi/plugins/wrong_name.so
check_DATA = $(TEST_PLUGINS)
CLEANFILES += $(TEST_PLUGINS)
EXTRA_DIST += $(TEST_PLUGINS:.so=.c)
.c.so:
	$(AM_V_CCLD)$(MKDIR_P) $(@D) && $(CC) $(PLUGIN_CPPFLAGS) $(CPPFLAGS) $(AM_CFLAGS) $(CFLAGS) -fPIC -shared \
	  -Wl,-z,now -o $@ $<
$(TEST_PLUGINS): tests/abi/plugins/test_plugin.h plugin-sdk/koppel/plugin.h plugin-sdk/koppel/sdk.h

print-unit-tests:
	@echo $(UNIT_TESTS)
.PHONY: print-unit-tests
# The unit programs that PROGRAMS_RUN names, two at a time, and nothing else that a check would build: their .log, .code.
.PHONY: run-units
run-units: $(PROGRAMS_RUN) $(TEST_PLUGINS)
	@$(AM_TESTS_ENVIRONMENT) printf '%s\n' $(PROGRAMS_RUN) | xargs -P 2 -I '{}' sh -c \
	  'sh "$$srcdir/tests/limit.sh" "$$0" >"$$0.log" 2>&1; echo $$? >"$$0.code"' '{}'
# A line each, so that two who add a test do not meet.
TESTS += tests/unit/decimal_oracle.sh
TESTS += tests/unit/edit_oracle.py
TESTS += tests/unit/expr_oracle.sh
TESTS += tests/unit/json_oracle.sh
TESTS += tests/unit/test_soap_schema.sh
TESTS += tests/abi/test_headers.sh
TESTS += tests/abi/kept.py
TESTS += tests/abi/kit.py
TESTS += tests/abi/new.py
TESTS += tests/abi/outside.sh
TESTS += tests/lint/hardening.sh
TESTS += tests/lint/arrows.py
TESTS += tests/lint/calls.py
TESTS += tests/lint/layout.py
TESTS += tests/lint/names.py
TESTS += tests/lint/pages.py
TESTS += tests/lint/reasons.py
TESTS += tests/lint/selftest.py
TESTS += tests/docs/cases.sh
TESTS += tests/docs/cookbook.sh
TESTS += tests/docs/examples.sh
TESTS += tests/docs/functions.py
TESTS += tests/docs/guide.py
TESTS += tests/docs/help.sh
TESTS += tests/docs/manuals.sh
TESTS += tests/docs/mappings.sh
TESTS += tests/package/units.sh
TESTS += tests/sanitize/asan.sh
TESTS += tests/sanitize/tsan.sh
TESTS += tests/sanitize/valgrind.sh
EXTRA_DIST += tests/abi/plugins/test_plugin.h
EXTRA_DIST += tests/abi/kept.py
EXTRA_DIST += tests/abi/kept/README
EXTRA_DIST += tests/abi/kept/1.1/loud.c
EXTRA_DIST += tests/abi/kept/1.1/loud.so
EXTRA_DIST += tests/abi/kept/1.1/shelf.c
EXTRA_DIST += tests/abi/kept/1.1/shelf.so
EXTRA_DIST += tests/abi/kit.py
EXTRA_DIST += tests/abi/new.py
EXTRA_DIST += tests/abi/gallery/a10_static_counter.c
EXTRA_DIST += tests/abi/gallery/a1_unknown_member.c
EXTRA_DIST += tests/abi/gallery/a2_second_export.c
EXTRA_DIST += tests/abi/gallery/a3_borrowed_symbol.c
EXTRA_DIST += tests/abi/gallery/a4_own_http.c
EXTRA_DIST += tests/abi/gallery/a5_odd_size.c
EXTRA_DIST += tests/abi/gallery/a6_long_version.c
EXTRA_DIST += tests/abi/gallery/a7_writable_imports.c
EXTRA_DIST += tests/abi/gallery/a8_two_structs.c
EXTRA_DIST += tests/abi/gallery/a9_exact_table.c
EXTRA_DIST += tests/abi/gallery/c1_no_help.c
EXTRA_DIST += tests/abi/gallery/c2_open_token.c
EXTRA_DIST += tests/abi/gallery/c3_unasked_function.c
EXTRA_DIST += tests/abi/gallery/c4_total_as_text.c
EXTRA_DIST += tests/abi/gallery/c5_lookup_by_nothing.c
EXTRA_DIST += tests/abi/gallery/c6_untold_object.c
EXTRA_DIST += tests/abi/gallery/c7_not_in_manual.c
EXTRA_DIST += tests/abi/gallery/c8_lost_field.c
EXTRA_DIST += tests/abi/gallery/f1_misses_one.c
EXTRA_DIST += tests/abi/gallery/f2_nobody_is_a_failure.c
EXTRA_DIST += tests/abi/gallery/f3_wrong_index.c
EXTRA_DIST += tests/abi/gallery/f4_pattern.c
EXTRA_DIST += tests/abi/gallery/f5_other_shape.c
EXTRA_DIST += tests/abi/gallery/f6_invents.c
EXTRA_DIST += tests/abi/gallery/gallery.h
EXTRA_DIST += tests/abi/gallery/gallery_transform.h
EXTRA_DIST += tests/abi/gallery/good.c
EXTRA_DIST += tests/abi/gallery/h10_needs_shared.c
EXTRA_DIST += tests/abi/gallery/h11_days.c
EXTRA_DIST += tests/abi/gallery/h12_unchecked_memory.c
EXTRA_DIST += tests/abi/gallery/h13_part_is_enough.c
EXTRA_DIST += tests/abi/gallery/h14_half_is_enough.c
EXTRA_DIST += tests/abi/gallery/h1_sends_again.c
EXTRA_DIST += tests/abi/gallery/h2_retry_behind_write.c
EXTRA_DIST += tests/abi/gallery/h3_own_words.c
EXTRA_DIST += tests/abi/gallery/h4_trusts_elements.c
EXTRA_DIST += tests/abi/gallery/h5_recursion.c
EXTRA_DIST += tests/abi/gallery/h6_page_is_no_list.c
EXTRA_DIST += tests/abi/gallery/h7_page_is_nobody.c
EXTRA_DIST += tests/abi/gallery/h8_page_is_done.c
EXTRA_DIST += tests/abi/gallery/h9_never_stops.c
EXTRA_DIST += tests/abi/gallery/l1_open_asks.c
EXTRA_DIST += tests/abi/gallery/l2_needs_optional.c
EXTRA_DIST += tests/abi/gallery/l3_leaks.c
EXTRA_DIST += tests/abi/gallery/l4_close_takes_no_null.c
EXTRA_DIST += tests/abi/gallery/l5_shared_instance.c
EXTRA_DIST += tests/abi/gallery/l6_one_at_a_time.c
EXTRA_DIST += tests/abi/gallery/p1_says_nothing.c
EXTRA_DIST += tests/abi/gallery/p2_no_choices.c
EXTRA_DIST += tests/abi/gallery/p3_choices_write.c
EXTRA_DIST += tests/abi/gallery/r1_never_ends.c
EXTRA_DIST += tests/abi/gallery/r2_versions_fall.c
EXTRA_DIST += tests/abi/gallery/r3_limit_loses.c
EXTRA_DIST += tests/abi/gallery/r4_goes_on_elsewhere.c
EXTRA_DIST += tests/abi/gallery/r5_cursor_of_a_process.c
EXTRA_DIST += tests/abi/gallery/r6_price_with_comma.c
EXTRA_DIST += tests/abi/gallery/r7_key_with_blank.c
EXTRA_DIST += tests/abi/gallery/r8_silent.c
EXTRA_DIST += tests/abi/gallery/r9_overlooks_refusal.c
EXTRA_DIST += tests/abi/gallery/t0_good.c
EXTRA_DIST += tests/abi/gallery/t10_cuts_bytes.c
EXTRA_DIST += tests/abi/gallery/t11_letters_of_the_locale.c
EXTRA_DIST += tests/abi/gallery/t12_noon_of_the_machine.c
EXTRA_DIST += tests/abi/gallery/t13_clock.c
EXTRA_DIST += tests/abi/gallery/t14_one_buffer.c
EXTRA_DIST += tests/abi/gallery/t15_needs_the_argument.c
EXTRA_DIST += tests/abi/gallery/t16_unchecked_memory.c
EXTRA_DIST += tests/abi/gallery/t17_any_number.c
EXTRA_DIST += tests/abi/gallery/t18_leaks.c
EXTRA_DIST += tests/abi/gallery/t1_wrong_example.c
EXTRA_DIST += tests/abi/gallery/t2_no_example.c
EXTRA_DIST += tests/abi/gallery/t3_errno_of_before.c
EXTRA_DIST += tests/abi/gallery/t4_changes_value.c
EXTRA_DIST += tests/abi/gallery/t5_needs_a_value.c
EXTRA_DIST += tests/abi/gallery/t6_trusts_the_type.c
EXTRA_DIST += tests/abi/gallery/t7_empty_is_a_defect.c
EXTRA_DIST += tests/abi/gallery/t8_looks_at_each_pair.c
EXTRA_DIST += tests/abi/gallery/t9_real.c
EXTRA_DIST += tests/abi/gallery/w1_no_id.c
EXTRA_DIST += tests/abi/gallery/w2_job_overlooked.c
EXTRA_DIST += tests/abi/gallery/w3_other_id.c
EXTRA_DIST += tests/abi/gallery/w4_cannot_remove.c
EXTRA_DIST += tests/abi/gallery/w5_dry_run_writes.c
EXTRA_DIST += tests/abi/gallery/w6_changes_the_record.c
EXTRA_DIST += tests/abi/gallery/w7_shows_nothing.c
EXTRA_DIST += tests/abi/gallery/w8_sends_again.c
EXTRA_DIST += tests/abi/gallery/w9_all_is_unclear.c
EXTRA_DIST += tests/abi/gallery/x1_prints.c
EXTRA_DIST += tests/abi/gallery/x2_umask.c
EXTRA_DIST += tests/abi/gallery/x3_leaves_file.c
EXTRA_DIST += tests/abi/gallery/x4_token_in_query.c
EXTRA_DIST += tests/abi/gallery/x5_two_lines.c
EXTRA_DIST += tests/abi/gallery/x6_aborts.c
EXTRA_DIST += tests/abi/gallery/x7_prints.c
EXTRA_DIST += tests/abi/gallery/x8_clock.c
EXTRA_DIST += tests/abi/gallery/x9_unbounded.c
EXTRA_DIST += tests/abi/outside.sh
EXTRA_DIST += tests/abi/test_headers.sh
EXTRA_DIST += tests/docs/cases.py
EXTRA_DIST += tests/docs/cases.sh
EXTRA_DIST += tests/docs/cookbook.py
EXTRA_DIST += tests/docs/cookbook.sh
EXTRA_DIST += tests/docs/examples.py
EXTRA_DIST += tests/docs/examples.sh
EXTRA_DIST += tests/docs/functions.py
EXTRA_DIST += tests/docs/guide.py
EXTRA_DIST += tests/docs/help.py
EXTRA_DIST += tests/docs/help.sh
EXTRA_DIST += tests/docs/manuals.sh
EXTRA_DIST += tests/docs/mappings.sh
EXTRA_DIST += tests/lint/arrows.py
EXTRA_DIST += tests/lint/calls.py
EXTRA_DIST += tests/lint/hardening.sh
EXTRA_DIST += tests/lint/layout.py
EXTRA_DIST += tests/lint/names.py
EXTRA_DIST += tests/lint/pages.py
EXTRA_DIST += tests/lint/reasons.py
EXTRA_DIST += tests/lint/selftest.py
EXTRA_DIST += tests/lint/tree.py
EXTRA_DIST += tests/run.sh
EXTRA_DIST += tests/sandbox/README
EXTRA_DIST += tests/package/boot.sh
EXTRA_DIST += tests/package/inroot.sh
EXTRA_DIST += tests/package/package.sh
EXTRA_DIST += tests/package/autopkgtest.sh
EXTRA_DIST += tests/package/third.sh
EXTRA_DIST += tests/package/units.sh
EXTRA_DIST += tests/sanitize/asan.sh
EXTRA_DIST += tests/sanitize/slice.sh
EXTRA_DIST += tests/sanitize/tsan.sh
EXTRA_DIST += tests/sanitize/valgrind.sh
EXTRA_DIST += tests/unit/decimal_oracle.sh
EXTRA_DIST += tests/unit/edit_oracle.py
EXTRA_DIST += tests/unit/expr_oracle.sh
EXTRA_DIST += tests/unit/inside.h
EXTRA_DIST += tests/unit/json_oracle.sh
EXTRA_DIST += tests/unit/postgres.sh
EXTRA_DIST += tests/unit/test_peer.h
EXTRA_DIST += tests/unit/test_soap_schema.sh
EXTRA_DIST += tests/unit/asperion_host.h
EXTRA_DIST += tests/unit/rest_host.h
EXTRA_DIST += tests/unit/config_fixture.h
EXTRA_DIST += tests/unit/http_fixture.h
EXTRA_DIST += tests/unit/map_fixture.h
EXTRA_DIST += tests/unit/model_fixture.h
EXTRA_DIST += tests/unit/oauth2_fixture.h
EXTRA_DIST += tests/unit/soap_fixture.h
EXTRA_DIST += tests/unit/mplus_host.h
EXTRA_DIST += tests/unit/store_fixture.h
EXTRA_DIST += tests/unit/transform_fixture.h
EXTRA_DIST += tests/unit/unit.h

# The real program against the real sandbox over HTTP: one program per flow or idea.
INTEGRATION_TESTS =
INTEGRATION_TESTS += tests/integration/again.py
INTEGRATION_TESTS += tests/integration/alerts.py
INTEGRATION_TESTS += tests/integration/alerts_change.py
INTEGRATION_TESTS += tests/integration/bad_input.py
INTEGRATION_TESTS += tests/integration/audit.py
INTEGRATION_TESTS += tests/integration/backlog.py
INTEGRATION_TESTS += tests/integration/backup.py
INTEGRATION_TESTS += tests/integration/border.py
INTEGRATION_TESTS += tests/integration/books.py
INTEGRATION_TESTS += tests/integration/by_hand.py
INTEGRATION_TESTS += tests/integration/cases.py
INTEGRATION_TESTS += tests/integration/changes.py
INTEGRATION_TESTS += tests/integration/chaos.py
INTEGRATION_TESTS += tests/integration/check.py
INTEGRATION_TESTS += tests/integration/commands.py
INTEGRATION_TESTS += tests/integration/connect.py
INTEGRATION_TESTS += tests/integration/connections.py
INTEGRATION_TESTS += tests/integration/completion.py
INTEGRATION_TESTS += tests/integration/config.py
INTEGRATION_TESTS += tests/integration/custom_fields.py
INTEGRATION_TESTS += tests/integration/customers.py
INTEGRATION_TESTS += tests/integration/dashboard_answers.py
INTEGRATION_TESTS += tests/integration/dashboard_api.py
INTEGRATION_TESTS += tests/integration/dashboard_bodies.py
INTEGRATION_TESTS += tests/integration/dashboard_edges.py
INTEGRATION_TESTS += tests/integration/dashboard_users.py
INTEGRATION_TESTS += tests/integration/hooks.py
INTEGRATION_TESTS += tests/integration/day_totals.py
INTEGRATION_TESTS += tests/integration/description.py
INTEGRATION_TESTS += tests/integration/exits.py
INTEGRATION_TESTS += tests/integration/figures.py
INTEGRATION_TESTS += tests/integration/follow.py
INTEGRATION_TESTS += tests/integration/files.py
INTEGRATION_TESTS += tests/integration/files_edit.py
INTEGRATION_TESTS += tests/integration/rest.py
INTEGRATION_TESTS += tests/integration/disk.py
INTEGRATION_TESTS += tests/integration/documents.py
INTEGRATION_TESTS += tests/integration/flow_cases.py
INTEGRATION_TESTS += tests/integration/flow_forms.py
INTEGRATION_TESTS += tests/integration/invoices.py
INTEGRATION_TESTS += tests/integration/logs.py
INTEGRATION_TESTS += tests/integration/keeping.py
INTEGRATION_TESTS += tests/integration/kept.py
INTEGRATION_TESTS += tests/integration/map_prompt.py
INTEGRATION_TESTS += tests/integration/mapping.py
INTEGRATION_TESTS += tests/integration/metrics.py
INTEGRATION_TESTS += tests/integration/mistakes.py
INTEGRATION_TESTS += tests/integration/orders.py
INTEGRATION_TESTS += tests/integration/orders_more.py
INTEGRATION_TESTS += tests/integration/output.py
INTEGRATION_TESTS += tests/integration/owner.py
INTEGRATION_TESTS += tests/integration/person.py
INTEGRATION_TESTS += tests/integration/preview.py
INTEGRATION_TESTS += tests/integration/planted.py
INTEGRATION_TESTS += tests/integration/viewer.py
INTEGRATION_TESTS += tests/integration/postgres.py
INTEGRATION_TESTS += tests/integration/hosts.py
INTEGRATION_TESTS += tests/integration/publish.py
INTEGRATION_TESTS += tests/integration/published.py
INTEGRATION_TESTS += tests/integration/products.py
INTEGRATION_TESTS += tests/integration/quotes.py
INTEGRATION_TESTS += tests/integration/reconcile.py
INTEGRATION_TESTS += tests/integration/reconciling.py
INTEGRATION_TESTS += tests/integration/refusals.py
INTEGRATION_TESTS += tests/integration/reload.py
INTEGRATION_TESTS += tests/integration/remedies.py
INTEGRATION_TESTS += tests/integration/rows.py
INTEGRATION_TESTS += tests/integration/rules.py
INTEGRATION_TESTS += tests/integration/sandbox_books.py
INTEGRATION_TESTS += tests/integration/sandbox_till.py
INTEGRATION_TESTS += tests/integration/sandbox_trouble.py
INTEGRATION_TESTS += tests/integration/serve.py
INTEGRATION_TESTS += tests/integration/service.py
INTEGRATION_TESTS += tests/integration/setup.py
INTEGRATION_TESTS += tests/integration/setup_terminal.py
INTEGRATION_TESTS += tests/integration/stock.py
INTEGRATION_TESTS += tests/integration/text.py
INTEGRATION_TESTS += tests/integration/to_till.py
INTEGRATION_TESTS += tests/integration/tryton.py
INTEGRATION_TESTS += tests/integration/year.py
TESTS += $(INTEGRATION_TESTS)
TEST_EXTENSIONS = .py .sh
LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/limit.sh
PY_LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/limit.sh
SH_LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/limit.sh
EXTRA_DIST += $(INTEGRATION_TESTS) tests/limit.sh
EXTRA_DIST += tests/integration/alertsink.py
EXTRA_DIST += tests/integration/schemas.py
EXTRA_DIST += tests/integration/webtest.py
EXTRA_DIST += tests/integration/chaostest.py
EXTRA_DIST += tests/integration/demo.py
EXTRA_DIST += tests/integration/goodstest.py
EXTRA_DIST += tests/integration/koppeltest.py
EXTRA_DIST += tests/integration/resttest.py
EXTRA_DIST += tests/integration/moved_clock.c
EXTRA_DIST += tests/integration/rowstest.py
EXTRA_DIST += tests/integration/tillgoods.py
EXTRA_DIST += tests/integration/step_killer.c
EXTRA_DIST += tests/integration/tilltest.py
EXTRA_DIST += tests/integration/setuptest.py
EXTRA_DIST += tests/integration/tradetest.py
EXTRA_DIST += tests/integration/trytonbooks.py
EXTRA_DIST += tests/integration/trytontest.py

AM_TESTS_ENVIRONMENT = KOPPEL_BUILD_DIR='$(abs_top_builddir)'; KOPPEL_TEST_PLUGINS='$(abs_top_builddir)/tests/abi/plugins'; \
  KOPPEL_PLUGINS='$(abs_top_builddir)/plugins'; KOPPEL_DATADIR='$(abs_top_srcdir)/conf'; KOPPEL_MPLUS_XSD="$${KOPPEL_MPLUS_XSD:-$(abs_top_srcdir)/../shared/api/mplusqapi.xsd}"; CK_DEFAULT_TIMEOUT=120; srcdir='$(srcdir)'; \
  export CK_DEFAULT_TIMEOUT KOPPEL_MPLUS_XSD KOPPEL_BUILD_DIR KOPPEL_TEST_PLUGINS KOPPEL_PLUGINS KOPPEL_DATADIR srcdir;

include tests/flow/local.mk
include tests/simulate/local.mk
include tests/fuzz/local.mk

# The pages in a browser: all of them by check-browser; those that are in TESTS too are the slice of check.
BROWSER_TESTS =
BROWSER_TESTS += tests/browser/activity.py
BROWSER_TESTS += tests/browser/audit.py
BROWSER_TESTS += tests/browser/hosts.py
BROWSER_TESTS += tests/browser/entry.py
BROWSER_TESTS += tests/browser/errors.py
BROWSER_TESTS += tests/browser/million.py
BROWSER_TESTS += tests/browser/overview.py
BROWSER_TESTS += tests/browser/record.py
BROWSER_TESTS += tests/browser/flow.py
BROWSER_TESTS += tests/browser/hostile.py
BROWSER_TESTS += tests/browser/mapper.py
BROWSER_TESTS += tests/browser/alerts.py
BROWSER_TESTS += tests/browser/languages.py
BROWSER_TESTS += tests/browser/owner_office.py
BROWSER_TESTS += tests/browser/owner_start.py
BROWSER_TESTS += tests/browser/owner_systems.py
BROWSER_TESTS += tests/browser/owner_waits.py
BROWSER_TESTS += tests/browser/reconcile.py
BROWSER_TESTS += tests/browser/settings.py
BROWSER_TESTS += tests/browser/users.py
if PAGES
BROWSER_TESTS += tests/browser/setup.py
BROWSER_TESTS += tests/browser/setup_keys.py
TESTS += tests/browser/million.py
TESTS += tests/browser/overview.py
TESTS += tests/browser/reconcile.py
endif
EXTRA_DIST += $(BROWSER_TESTS) tests/browser/README tests/browser/browsertest.py tests/browser/ownertest.py \
  tests/browser/pictures.py tests/browser/step_counter.c
