# SPDX-License-Identifier: MIT
# Fuzz targets, linked with a main() that replays the saved inputs.
check_LIBRARIES += tests/fuzz/libreplay.a
tests_fuzz_libreplay_a_SOURCES = tests/fuzz/replay.c
check_PROGRAMS += tests/fuzz/fuzz_address tests/fuzz/fuzz_asperion tests/fuzz/fuzz_catalogue tests/fuzz/fuzz_config tests/fuzz/fuzz_json_read tests/fuzz/fuzz_soap
tests_fuzz_fuzz_address_SOURCES = tests/fuzz/fuzz_address.c $(ADDRESS_PARTS)
tests_fuzz_fuzz_address_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
tests_fuzz_fuzz_address_LDADD = tests/fuzz/libreplay.a $(LDADD)
tests_fuzz_fuzz_asperion_LDADD = tests/fuzz/libreplay.a $(ASPERION_LDADD)
tests_fuzz_fuzz_catalogue_LDADD = tests/fuzz/libreplay.a $(LDADD)
tests_fuzz_fuzz_config_LDADD = tests/fuzz/libreplay.a $(LDADD)
if HAVE_JQ
check_PROGRAMS += tests/fuzz/fuzz_jq
endif
tests_fuzz_fuzz_jq_SOURCES = tests/fuzz/fuzz_jq.c plugins/jq/wire.h plugins/jq/worker.c plugins/jq/worker.h
tests_fuzz_fuzz_jq_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins -DKOPPEL_JQ='"$(abs_top_builddir)/plugins/jq/koppel-jq"'
tests_fuzz_fuzz_jq_LDADD = tests/fuzz/libreplay.a $(JANSSON_LIBS)
tests_fuzz_fuzz_json_read_LDADD = tests/fuzz/libreplay.a $(LDADD)
tests_fuzz_fuzz_soap_LDADD = tests/fuzz/libreplay.a $(MPLUS_LDADD)
tests_fuzz_fuzz_text_LDADD = tests/fuzz/libreplay.a $(LDADD)
check_PROGRAMS += tests/fuzz/fuzz_text
check_PROGRAMS += tests/fuzz/fuzz_condition tests/fuzz/fuzz_expr tests/fuzz/fuzz_functions tests/fuzz/fuzz_path \
  tests/fuzz/fuzz_table
tests_fuzz_fuzz_condition_LDADD = tests/fuzz/libreplay.a $(LDADD)
tests_fuzz_fuzz_expr_LDADD = tests/fuzz/libreplay.a $(LDADD)
tests_fuzz_fuzz_functions_SOURCES = tests/fuzz/fuzz_functions.c plugins/date/calendar.c plugins/date/calendar.h \
  plugins/date/layout.c plugins/date/layout.h plugins/date/names.c plugins/date/names.h plugins/number/written.c \
  plugins/number/written.h
tests_fuzz_fuzz_functions_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
tests_fuzz_fuzz_functions_LDADD = tests/fuzz/libreplay.a $(LDADD)
tests_fuzz_fuzz_path_LDADD = tests/fuzz/libreplay.a $(LDADD)
tests_fuzz_fuzz_table_LDADD = tests/fuzz/libreplay.a $(LDADD)
check_PROGRAMS += tests/fuzz/fuzz_api
tests_fuzz_fuzz_api_LDADD = tests/fuzz/libreplay.a $(LDADD)
check_PROGRAMS += tests/fuzz/fuzz_rest
tests_fuzz_fuzz_rest_SOURCES = tests/fuzz/fuzz_rest.c
tests_fuzz_fuzz_rest_CPPFLAGS = $(REST_CPPFLAGS)
tests_fuzz_fuzz_rest_LDADD = tests/fuzz/libreplay.a $(REST_LDADD)
TESTS += tests/fuzz/replay.sh
EXTRA_DIST += tests/fuzz/fuzz_place.h
EXTRA_DIST += tests/fuzz/replay.sh \
  tests/fuzz/corpus/address/block \
  tests/fuzz/corpus/address/broken \
  tests/fuzz/corpus/address/first \
  tests/fuzz/corpus/address/german \
  tests/fuzz/corpus/address/nul \
  tests/fuzz/corpus/address/postcode \
  tests/fuzz/corpus/address/suffix \
  tests/fuzz/corpus/address/year \
  tests/fuzz/corpus/api/deep \
  tests/fuzz/corpus/api/encoded \
  tests/fuzz/corpus/api/list \
  tests/fuzz/corpus/api/nul \
  tests/fuzz/corpus/api/numbers \
  tests/fuzz/corpus/api/order \
  tests/fuzz/corpus/api/slashes \
  tests/fuzz/corpus/api/twice \
  tests/fuzz/corpus/api/types \
  tests/fuzz/corpus/asperion/deep.json \
  tests/fuzz/corpus/asperion/good.json \
  tests/fuzz/corpus/asperion/huge.json \
  tests/fuzz/corpus/asperion/invoice.json \
  tests/fuzz/corpus/asperion/nul.json \
  tests/fuzz/corpus/asperion/openapi.json \
  tests/fuzz/corpus/asperion/problem.json \
  tests/fuzz/corpus/asperion/tenant.json \
  tests/fuzz/corpus/asperion/truncated.json \
  tests/fuzz/corpus/asperion/types.json \
  tests/fuzz/corpus/asperion/utf8.json \
  tests/fuzz/corpus/catalogue/deep.json \
  tests/fuzz/corpus/catalogue/deep_fields.json \
  tests/fuzz/corpus/catalogue/good.json \
  tests/fuzz/corpus/catalogue/huge.json \
  tests/fuzz/corpus/catalogue/nul.json \
  tests/fuzz/corpus/catalogue/overlay.json \
  tests/fuzz/corpus/catalogue/truncated.json \
  tests/fuzz/corpus/catalogue/types.json \
  tests/fuzz/corpus/catalogue/utf8.json \
  tests/fuzz/corpus/config/deep.conf \
  tests/fuzz/corpus/config/good.conf \
  tests/fuzz/corpus/config/huge.conf \
  tests/fuzz/corpus/config/paths.conf \
  tests/fuzz/corpus/config/rules.conf \
  tests/fuzz/corpus/config/truncated.conf \
  tests/fuzz/corpus/config/twice.conf \
  tests/fuzz/corpus/config/types.conf \
  tests/fuzz/corpus/config/unterminated.conf \
  tests/fuzz/corpus/config/utf8.conf \
  tests/fuzz/corpus/config/via.conf \
  tests/fuzz/corpus/jq/bytes \
  tests/fuzz/corpus/jq/good \
  tests/fuzz/corpus/jq/huge_index \
  tests/fuzz/corpus/jq/implode \
  tests/fuzz/corpus/jq/memory \
  tests/fuzz/corpus/jq/outside \
  tests/fuzz/corpus/jq/regex \
  tests/fuzz/corpus/jq/syntax \
  tests/fuzz/corpus/json_read/answer.json \
  tests/fuzz/corpus/json_read/bad_rows.json \
  tests/fuzz/corpus/json_read/cut.json \
  tests/fuzz/corpus/json_read/deep.json \
  tests/fuzz/corpus/json_read/deep_row.json \
  tests/fuzz/corpus/json_read/empty.json \
  tests/fuzz/corpus/json_read/escapes.json \
  tests/fuzz/corpus/json_read/mark.json \
  tests/fuzz/corpus/json_read/nul.json \
  tests/fuzz/corpus/json_read/numbers.json \
  tests/fuzz/corpus/json_read/quote.json \
  tests/fuzz/corpus/json_read/twice.json \
  tests/fuzz/corpus/json_read/utf8.json \
  tests/fuzz/corpus/rest/answer.json \
  tests/fuzz/corpus/rest/bad_row.json \
  tests/fuzz/corpus/rest/braces.json \
  tests/fuzz/corpus/rest/crm.json \
  tests/fuzz/corpus/rest/cursor.json \
  tests/fuzz/corpus/rest/deep.json \
  tests/fuzz/corpus/rest/hooks.json \
  tests/fuzz/corpus/rest/inside.json \
  tests/fuzz/corpus/rest/shop.json \
  tests/fuzz/corpus/rest/truncated.json \
  tests/fuzz/corpus/rest/types.json \
  tests/fuzz/corpus/soap/deep.xml \
  tests/fuzz/corpus/soap/doctype.xml \
  tests/fuzz/corpus/soap/empty.xml \
  tests/fuzz/corpus/soap/fault.xml \
  tests/fuzz/corpus/soap/good.xml \
  tests/fuzz/corpus/soap/huge_amount.xml \
  tests/fuzz/corpus/soap/huge_marker.xml \
  tests/fuzz/corpus/soap/lost_end.xml \
  tests/fuzz/corpus/soap/odd_records.xml \
  tests/fuzz/corpus/soap/places.xml \
  tests/fuzz/corpus/soap/receipts.xml \
  tests/fuzz/corpus/soap/request.json \
  tests/fuzz/corpus/soap/truncated.xml \
  tests/fuzz/corpus/soap/types.xml \
  tests/fuzz/corpus/soap/utf8.xml \
  tests/fuzz/corpus/soap/wsdl.xml \
  tests/fuzz/corpus/text/controls \
  tests/fuzz/corpus/text/country \
  tests/fuzz/corpus/text/date \
  tests/fuzz/corpus/text/date_wrong \
  tests/fuzz/corpus/text/ean \
  tests/fuzz/corpus/text/graphemes \
  tests/fuzz/corpus/text/iban \
  tests/fuzz/corpus/text/latin1 \
  tests/fuzz/corpus/text/vat \
  tests/fuzz/corpus/text/zone \
  tests/fuzz/corpus/text/zone_truncated \
  tests/fuzz/corpus/condition/blanks \
  tests/fuzz/corpus/condition/closes \
  tests/fuzz/corpus/condition/dates \
  tests/fuzz/corpus/condition/deep \
  tests/fuzz/corpus/condition/expr \
  tests/fuzz/corpus/condition/expr_zero \
  tests/fuzz/corpus/condition/groups \
  tests/fuzz/corpus/condition/lists \
  tests/fuzz/corpus/condition/twice \
  tests/fuzz/corpus/condition/wrong \
  tests/fuzz/corpus/expr/compare \
  tests/fuzz/corpus/expr/deep \
  tests/fuzz/corpus/expr/max \
  tests/fuzz/corpus/expr/missing \
  tests/fuzz/corpus/expr/places \
  tests/fuzz/corpus/expr/range \
  tests/fuzz/corpus/expr/round \
  tests/fuzz/corpus/expr/twice \
  tests/fuzz/corpus/expr/zero \
  tests/fuzz/corpus/functions/date \
  tests/fuzz/corpus/functions/date_half \
  tests/fuzz/corpus/functions/date_long \
  tests/fuzz/corpus/functions/date_quote \
  tests/fuzz/corpus/functions/number_ch \
  tests/fuzz/corpus/functions/number_fr \
  tests/fuzz/corpus/functions/number_nl \
  tests/fuzz/corpus/functions/number_two \
  tests/fuzz/corpus/functions/pattern \
  tests/fuzz/corpus/functions/pattern_endless \
  tests/fuzz/corpus/path/broken \
  tests/fuzz/corpus/path/deep \
  tests/fuzz/corpus/path/each \
  tests/fuzz/corpus/path/far \
  tests/fuzz/corpus/path/index \
  tests/fuzz/corpus/path/other_type \
  tests/fuzz/corpus/path/root \
  tests/fuzz/corpus/path/whole \
  tests/fuzz/corpus/table/blank_before_quote \
  tests/fuzz/corpus/table/latin1 \
  tests/fuzz/corpus/table/many_keys \
  tests/fuzz/corpus/table/open_quote \
  tests/fuzz/corpus/table/quoted \
  tests/fuzz/corpus/table/stars \
  tests/fuzz/corpus/table/tabs \
  tests/fuzz/corpus/table/wide
