# SPDX-License-Identifier: MIT
if SANDBOX
bin_PROGRAMS += tests/sandbox/koppel-sandbox
SANDBOX_TILL = tests/sandbox/mplus.c tests/sandbox/mplus_choices.c tests/sandbox/mplus_control.c \
  tests/sandbox/mplus_doc.c tests/sandbox/mplus_documents.c tests/sandbox/mplus_finance.c \
  tests/sandbox/mplus_groups.c tests/sandbox/mplus_line.c tests/sandbox/mplus_orders.c \
  tests/sandbox/mplus_parts.h tests/sandbox/mplus_products.c tests/sandbox/mplus_proposals.c \
  tests/sandbox/mplus_relations.c tests/sandbox/mplus_save.c tests/sandbox/mplus_select.c \
  tests/sandbox/mplus_show.c tests/sandbox/mplus_state.c tests/sandbox/mplus_stock.c \
  tests/sandbox/mplus_take.c tests/sandbox/mplus_totals.c tests/sandbox/reconcile.c \
  tests/sandbox/sandbox.h tests/sandbox/schema.c tests/sandbox/schema.h \
  tests/sandbox/schema_goods.c tests/sandbox/schema_sales.c tests/sandbox/schema_words.c \
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
  tests/sandbox/books_seed.c tests/sandbox/books_text.c tests/sandbox/books_text.h \
  tests/sandbox/fault.c tests/sandbox/fault.h tests/sandbox/tally.c tests/sandbox/tally.h \
  tests/sandbox/identity.c tests/sandbox/main.c $(SANDBOX_TILL)
tests_sandbox_koppel_sandbox_CPPFLAGS = $(AM_CPPFLAGS) $(MHD_CFLAGS)
tests_sandbox_koppel_sandbox_CFLAGS = $(AM_CFLAGS) $(HARDEN_PIE_CFLAGS) -pthread
tests_sandbox_koppel_sandbox_LDFLAGS = $(AM_LDFLAGS) $(HARDEN_PIE_LDFLAGS)
tests_sandbox_koppel_sandbox_LDADD = $(MHD_LIBS) $(JANSSON_LIBS) $(EXPAT_LIBS) $(SODIUM_LIBS) -lm
endif

EXTRA_DIST += tests/sandbox/README

# Unit tests: one program per file of the core.
UNIT_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MHD_CFLAGS) -DKOPPEL_SRCDIR='"$(abs_top_srcdir)"'
UNIT_CFLAGS = $(AM_CFLAGS) -pthread
UNIT_LDADD = core/libkoppelcore.la $(CHECK_LIBS) $(MHD_LIBS)
if HAVE_CHECK
tests_abi_test_layout_SOURCES = tests/abi/test_layout.c 
tests_abi_test_layout_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_abi_test_layout_CFLAGS = $(UNIT_CFLAGS)
tests_abi_test_layout_LDADD = $(UNIT_LDADD)
tests_abi_test_loader_SOURCES = tests/abi/test_loader.c 
tests_abi_test_loader_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_abi_test_loader_CFLAGS = $(UNIT_CFLAGS)
tests_abi_test_loader_LDADD = $(UNIT_LDADD)
tests_unit_test_asperion_SOURCES = tests/unit/test_asperion.c $(ASPERION_PARTS)
tests_unit_test_asperion_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/plugins/asperion -Iplugins/asperion
tests_unit_test_asperion_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_asperion_LDADD = $(JANSSON_LIBS) $(CHECK_LIBS)
tests_unit_test_buf_SOURCES = tests/unit/test_buf.c 
tests_unit_test_buf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_buf_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_buf_LDADD = $(UNIT_LDADD)
tests_unit_test_catalogue_SOURCES = tests/unit/test_catalogue.c 
tests_unit_test_catalogue_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_catalogue_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_catalogue_LDADD = $(UNIT_LDADD)
tests_unit_test_clock_SOURCES = tests/unit/test_clock.c 
tests_unit_test_clock_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_clock_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_clock_LDADD = $(UNIT_LDADD)
tests_unit_test_config_SOURCES = tests/unit/test_config.c 
tests_unit_test_config_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_config_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_config_LDADD = $(UNIT_LDADD)
tests_unit_test_connection_SOURCES = tests/unit/test_connection.c
tests_unit_test_connection_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_connection_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_connection_LDADD = $(UNIT_LDADD)
tests_unit_test_decimal_SOURCES = tests/unit/test_decimal.c 
tests_unit_test_decimal_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_decimal_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_decimal_LDADD = $(UNIT_LDADD)
tests_unit_test_err_SOURCES = tests/unit/test_err.c 
tests_unit_test_err_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_err_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_err_LDADD = $(UNIT_LDADD)
tests_unit_test_model_SOURCES = tests/unit/test_model.c
tests_unit_test_model_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_model_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_model_LDADD = $(UNIT_LDADD)
tests_unit_test_expr_SOURCES = tests/unit/test_expr.c 
tests_unit_test_expr_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_expr_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_expr_LDADD = $(UNIT_LDADD)
tests_unit_test_host_SOURCES = tests/unit/test_host.c
tests_unit_test_host_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_host_LDADD = $(UNIT_LDADD)
tests_unit_test_http_SOURCES = tests/unit/test_http.c 
tests_unit_test_http_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_http_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_http_LDADD = $(UNIT_LDADD)
tests_unit_test_json_read_SOURCES = tests/unit/test_json_read.c
tests_unit_test_json_read_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_json_read_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_json_read_LDADD = $(UNIT_LDADD)
tests_unit_test_json_text_SOURCES = tests/unit/test_json_text.c
tests_unit_test_json_text_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_json_text_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_json_text_LDADD = $(UNIT_LDADD)
tests_unit_test_map_SOURCES = tests/unit/test_map.c 
tests_unit_test_map_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_map_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_map_LDADD = $(UNIT_LDADD)
tests_unit_test_oauth2_SOURCES = tests/unit/test_oauth2.c 
tests_unit_test_oauth2_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_oauth2_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_oauth2_LDADD = $(UNIT_LDADD)
tests_unit_test_path_SOURCES = tests/unit/test_path.c 
tests_unit_test_path_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_path_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_path_LDADD = $(UNIT_LDADD)
tests_unit_test_secret_SOURCES = tests/unit/test_secret.c 
tests_unit_test_secret_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_secret_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_secret_LDADD = $(UNIT_LDADD)
MPLUS_SALES_TEST = tests/unit/mplus_host.h plugins/mpluskassa/call.c plugins/mpluskassa/call.h \
  $(MPLUS_SALES) $(MPLUS_MESSAGES)
tests_unit_test_mplus_sales_SOURCES = tests/unit/test_mplus_sales.c $(MPLUS_SALES_TEST)
tests_unit_test_mplus_sales_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/plugins/mpluskassa
tests_unit_test_mplus_sales_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_mplus_sales_LDADD = $(UNIT_LDADD) $(EXPAT_LIBS)
tests_unit_test_mplus_documents_SOURCES = tests/unit/test_mplus_documents.c $(MPLUS_SALES_TEST)
tests_unit_test_mplus_documents_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/plugins/mpluskassa
tests_unit_test_mplus_documents_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_mplus_documents_LDADD = $(UNIT_LDADD) $(EXPAT_LIBS)
tests_unit_test_daytotal_SOURCES = tests/unit/test_daytotal.c plugins/mpluskassa/daytotal.c $(MPLUS_MESSAGES)
tests_unit_test_daytotal_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/plugins/mpluskassa
tests_unit_test_daytotal_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_daytotal_LDADD = $(UNIT_LDADD) $(EXPAT_LIBS)
tests_unit_test_wsdl_SOURCES = tests/unit/test_wsdl.c $(MPLUS_MESSAGES) $(MPLUS_WSDL)
tests_unit_test_wsdl_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/plugins/mpluskassa
tests_unit_test_wsdl_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_wsdl_LDADD = $(UNIT_LDADD) $(EXPAT_LIBS)
MPLUS_GOODS_TEST = tests/unit/mplus_host.h plugins/mpluskassa/call.c plugins/mpluskassa/call.h \
  $(MPLUS_GOODS) $(MPLUS_MESSAGES)
tests_unit_test_mplus_goods_SOURCES = tests/unit/test_mplus_goods.c $(MPLUS_GOODS_TEST)
tests_unit_test_mplus_goods_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/plugins/mpluskassa
tests_unit_test_mplus_goods_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_mplus_goods_LDADD = $(UNIT_LDADD) $(EXPAT_LIBS)
tests_unit_test_mplus_groups_SOURCES = tests/unit/test_mplus_groups.c $(MPLUS_GOODS_TEST)
tests_unit_test_mplus_groups_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/plugins/mpluskassa
tests_unit_test_mplus_groups_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_mplus_groups_LDADD = $(UNIT_LDADD) $(EXPAT_LIBS)
tests_unit_test_mplus_stock_SOURCES = tests/unit/test_mplus_stock.c $(MPLUS_GOODS_TEST)
tests_unit_test_mplus_stock_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/plugins/mpluskassa
tests_unit_test_mplus_stock_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_mplus_stock_LDADD = $(UNIT_LDADD) $(EXPAT_LIBS)
tests_unit_test_soap_SOURCES = tests/unit/test_soap.c $(MPLUS_MESSAGES)
tests_unit_test_soap_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/plugins/mpluskassa
tests_unit_test_soap_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_soap_LDADD = $(UNIT_LDADD) $(EXPAT_LIBS)
tests_unit_test_transforms_SOURCES = tests/unit/test_transforms.c
tests_unit_test_transforms_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_transforms_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_transforms_LDADD = $(UNIT_LDADD)
tests_unit_test_store_SOURCES = tests/unit/test_store.c 
tests_unit_test_store_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_store_LDADD = $(UNIT_LDADD)
UNIT_TESTS =
UNIT_TESTS += tests/abi/test_layout
UNIT_TESTS += tests/abi/test_loader
UNIT_TESTS += tests/unit/test_asperion
UNIT_TESTS += tests/unit/test_buf
UNIT_TESTS += tests/unit/test_catalogue
UNIT_TESTS += tests/unit/test_clock
UNIT_TESTS += tests/unit/test_config
UNIT_TESTS += tests/unit/test_connection
UNIT_TESTS += tests/unit/test_decimal
UNIT_TESTS += tests/unit/test_err
UNIT_TESTS += tests/unit/test_expr
UNIT_TESTS += tests/unit/test_host
UNIT_TESTS += tests/unit/test_http
UNIT_TESTS += tests/unit/test_json_read
UNIT_TESTS += tests/unit/test_json_text
UNIT_TESTS += tests/unit/test_map
UNIT_TESTS += tests/unit/test_model
UNIT_TESTS += tests/unit/test_daytotal
UNIT_TESTS += tests/unit/test_mplus_documents
UNIT_TESTS += tests/unit/test_mplus_goods
UNIT_TESTS += tests/unit/test_mplus_sales tests/unit/test_mplus_groups
UNIT_TESTS += tests/unit/test_mplus_stock
UNIT_TESTS += tests/unit/test_oauth2
UNIT_TESTS += tests/unit/test_path
UNIT_TESTS += tests/unit/test_secret
UNIT_TESTS += tests/unit/test_soap
UNIT_TESTS += tests/unit/test_wsdl
UNIT_TESTS += tests/unit/test_store
UNIT_TESTS += tests/unit/test_transforms
UNIT_TESTS += tests/unit/test_map
UNIT_TESTS += tests/unit/test_asperion
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif
check_PROGRAMS += tests/unit/decimal_tool tests/unit/expr_tool
check_PROGRAMS += tests/unit/json_tool
tests_unit_decimal_tool_SOURCES = tests/unit/decimal_tool.c
tests_unit_decimal_tool_LDADD = core/libkoppelcore.la
tests_unit_expr_tool_SOURCES = tests/unit/expr_tool.c
tests_unit_expr_tool_LDADD = core/libkoppelcore.la
tests_unit_json_tool_SOURCES = tests/unit/json_tool.c
tests_unit_json_tool_LDADD = core/libkoppelcore.la $(JANSSON_LIBS)

# Plugins that must load, and plugins that must be refused.
check_LTLIBRARIES =
check_LTLIBRARIES += tests/abi/plugins/broken_catalogue.la
check_LTLIBRARIES += tests/abi/plugins/good.la
check_LTLIBRARIES += tests/abi/plugins/larger.la
check_LTLIBRARIES += tests/abi/plugins/missing_op.la
check_LTLIBRARIES += tests/abi/plugins/no_entry.la
check_LTLIBRARIES += tests/abi/plugins/published.la
check_LTLIBRARIES += tests/abi/plugins/smaller.la
check_LTLIBRARIES += tests/abi/plugins/undefined_symbol.la
check_LTLIBRARIES += tests/abi/plugins/wrong_kind.la
check_LTLIBRARIES += tests/abi/plugins/wrong_magic.la
check_LTLIBRARIES += tests/abi/plugins/wrong_major.la
check_LTLIBRARIES += tests/abi/plugins/wrong_name.la
tests_abi_plugins_broken_catalogue_la_SOURCES = tests/abi/plugins/broken_catalogue.c
tests_abi_plugins_broken_catalogue_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_broken_catalogue_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_good_la_SOURCES = tests/abi/plugins/good.c
tests_abi_plugins_good_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_good_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_larger_la_SOURCES = tests/abi/plugins/larger.c
tests_abi_plugins_larger_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_larger_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_missing_op_la_SOURCES = tests/abi/plugins/missing_op.c
tests_abi_plugins_missing_op_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_missing_op_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_no_entry_la_SOURCES = tests/abi/plugins/no_entry.c
tests_abi_plugins_no_entry_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_no_entry_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_published_la_SOURCES = tests/abi/plugins/published.c
tests_abi_plugins_published_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_published_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_smaller_la_SOURCES = tests/abi/plugins/smaller.c
tests_abi_plugins_smaller_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_smaller_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_undefined_symbol_la_SOURCES = tests/abi/plugins/undefined_symbol.c
tests_abi_plugins_undefined_symbol_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_undefined_symbol_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_wrong_kind_la_SOURCES = tests/abi/plugins/wrong_kind.c
tests_abi_plugins_wrong_kind_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_wrong_kind_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_wrong_magic_la_SOURCES = tests/abi/plugins/wrong_magic.c
tests_abi_plugins_wrong_magic_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_wrong_magic_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_wrong_major_la_SOURCES = tests/abi/plugins/wrong_major.c
tests_abi_plugins_wrong_major_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_wrong_major_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)
tests_abi_plugins_wrong_name_la_SOURCES = tests/abi/plugins/wrong_name.c
tests_abi_plugins_wrong_name_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_abi_plugins_wrong_name_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere -Wl,-z,now $(SAN_CFLAGS)

print-unit-tests:
	@echo $(UNIT_TESTS)
.PHONY: print-unit-tests
# A line each, so that two who add a test do not meet.
TESTS += tests/unit/decimal_oracle.sh
TESTS += tests/unit/expr_oracle.sh
TESTS += tests/unit/json_oracle.sh
TESTS += tests/unit/test_soap_schema.sh
TESTS += tests/abi/test_headers.sh
TESTS += tests/lint/hardening.sh
TESTS += tests/lint/arrows.py
TESTS += tests/lint/calls.py
TESTS += tests/lint/layout.py
TESTS += tests/lint/names.py
TESTS += tests/lint/selftest.py
TESTS += tests/docs/help.sh
TESTS += tests/docs/manuals.sh
TESTS += tests/docs/mappings.sh
TESTS += tests/sanitize/asan.sh
TESTS += tests/sanitize/tsan.sh
TESTS += tests/sanitize/valgrind.sh
EXTRA_DIST += tests/abi/plugins/test_plugin.h
EXTRA_DIST += tests/abi/test_headers.sh
EXTRA_DIST += tests/docs/help.py
EXTRA_DIST += tests/docs/help.sh
EXTRA_DIST += tests/docs/manuals.sh
EXTRA_DIST += tests/docs/mappings.sh
EXTRA_DIST += tests/lint/arrows.py
EXTRA_DIST += tests/lint/calls.py
EXTRA_DIST += tests/lint/hardening.sh
EXTRA_DIST += tests/lint/layout.py
EXTRA_DIST += tests/lint/names.py
EXTRA_DIST += tests/lint/selftest.py
EXTRA_DIST += tests/lint/tree.py
EXTRA_DIST += tests/run.sh
EXTRA_DIST += tests/sandbox/README
EXTRA_DIST += tests/sanitize/asan.sh
EXTRA_DIST += tests/sanitize/slice.sh
EXTRA_DIST += tests/sanitize/tsan.sh
EXTRA_DIST += tests/sanitize/valgrind.sh
EXTRA_DIST += tests/unit/decimal_oracle.sh
EXTRA_DIST += tests/unit/expr_oracle.sh
EXTRA_DIST += tests/unit/inside.h
EXTRA_DIST += tests/unit/json_oracle.sh
EXTRA_DIST += tests/unit/test_peer.h
EXTRA_DIST += tests/unit/test_soap_schema.sh

# The real program against the real sandbox over HTTP: one program per flow or idea.
INTEGRATION_TESTS =
INTEGRATION_TESTS += tests/integration/bad_input.py
INTEGRATION_TESTS += tests/integration/changes.py
INTEGRATION_TESTS += tests/integration/check.py
INTEGRATION_TESTS += tests/integration/commands.py
INTEGRATION_TESTS += tests/integration/customers.py
INTEGRATION_TESTS += tests/integration/day_totals.py
INTEGRATION_TESTS += tests/integration/description.py
INTEGRATION_TESTS += tests/integration/documents.py
INTEGRATION_TESTS += tests/integration/invoices.py
INTEGRATION_TESTS += tests/integration/orders.py
INTEGRATION_TESTS += tests/integration/orders_more.py
INTEGRATION_TESTS += tests/integration/products.py
INTEGRATION_TESTS += tests/integration/quotes.py
INTEGRATION_TESTS += tests/integration/reconcile.py
INTEGRATION_TESTS += tests/integration/refusals.py
INTEGRATION_TESTS += tests/integration/sandbox_books.py
INTEGRATION_TESTS += tests/integration/sandbox_till.py
INTEGRATION_TESTS += tests/integration/sandbox_trouble.py
INTEGRATION_TESTS += tests/integration/serve.py
INTEGRATION_TESTS += tests/integration/stock.py
INTEGRATION_TESTS += tests/integration/to_till.py
TESTS += $(INTEGRATION_TESTS)
TEST_EXTENSIONS = .py .sh
PY_LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/integration/python.sh
EXTRA_DIST += $(INTEGRATION_TESTS) tests/integration/python.sh
EXTRA_DIST += tests/integration/chaos.py
EXTRA_DIST += tests/integration/chaostest.py
EXTRA_DIST += tests/integration/demo.py
EXTRA_DIST += tests/integration/goodstest.py
EXTRA_DIST += tests/integration/koppeltest.py
EXTRA_DIST += tests/integration/tillgoods.py
EXTRA_DIST += tests/integration/tilltest.py
EXTRA_DIST += tests/integration/tradetest.py

AM_TESTS_ENVIRONMENT = KOPPEL_BUILD_DIR='$(abs_top_builddir)'; KOPPEL_TEST_PLUGINS='$(abs_top_builddir)/tests/abi/plugins/.libs'; \
  KOPPEL_PLUGINS='$(abs_top_builddir)/plugins'; KOPPEL_DATADIR='$(abs_top_srcdir)/conf'; KOPPEL_MPLUS_XSD="$${KOPPEL_MPLUS_XSD:-$(abs_top_srcdir)/../shared/api/mplusqapi.xsd}"; CK_DEFAULT_TIMEOUT=120; srcdir='$(srcdir)'; \
  export CK_DEFAULT_TIMEOUT KOPPEL_MPLUS_XSD KOPPEL_BUILD_DIR KOPPEL_TEST_PLUGINS KOPPEL_PLUGINS KOPPEL_DATADIR srcdir;

include tests/fuzz/local.mk
