# SPDX-License-Identifier: MIT
# Every plugin is a module with one exported symbol; its catalogue is built from its JSON file.
plugin_LTLIBRARIES = plugins/mpluskassa/mpluskassa.la plugins/asperion/asperion.la plugins/file/file.la \
  plugins/null/null.la plugins/table/table.la plugins/text/text.la plugins/number/number.la \
  plugins/date/date.la plugins/vat/vat.la plugins/address/address.la plugins/code/code.la \
  plugins/rest/rest.la
PLUGIN_LDFLAGS = -module -avoid-version -shared -Wl,-z,defs -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack \
  -Wl,--version-script=$(top_srcdir)/plugin-sdk/plugin.map $(SAN_CFLAGS)
PLUGIN_CPPFLAGS = -D_GNU_SOURCE -I$(top_srcdir)/plugin-sdk $(JANSSON_CFLAGS) $(EXPAT_CFLAGS)
# Trimming, folding, cutting, dates and countries (core/base): a copy for each plugin that needs them.
TEXT_CPPFLAGS = -I$(top_srcdir)/core
TEXT_LIBS = core/libkoppeltext.la
CATALOGUES = plugins/mpluskassa/mpluskassa_catalogue.h plugins/asperion/asperion_catalogue.h \
  plugins/file/file_catalogue.h plugins/null/null_catalogue.h plugins/table/table_catalogue.h \
  plugins/text/text_catalogue.h plugins/number/number_catalogue.h plugins/date/date_catalogue.h \
  plugins/vat/vat_catalogue.h plugins/address/address_catalogue.h \
  plugins/code/code_catalogue.h plugins/rest/rest_catalogue.h
if HAVE_JQ
plugin_LTLIBRARIES += plugins/jq/jq.la
CATALOGUES += plugins/jq/jq_catalogue.h
endif
BUILT_SOURCES += $(CATALOGUES)
CLEANFILES += $(CATALOGUES)
EXTRA_DIST += $(CATALOGUES:_catalogue.h=.json) plugin-sdk/plugin.map
if !HAVE_JQ
EXTRA_DIST += plugins/jq/jq.json
endif
.json_catalogue.h:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { printf 'static const char catalogue_text[] =\n'; \
	  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/    "/' -e 's/$$/\\n"/' $<; printf ';\n'; } > $@
SUFFIXES = .json _catalogue.h _model.h .so

# Built by itself, outside of this tree, with the installed headers; it is a package of its own.
EXTRA_DIST += plugins/tryton

# The message tables with their writer and reader; tests and fuzzers are built from them too.
MPLUS_MESSAGES = plugins/mpluskassa/operations.c plugins/mpluskassa/soap.h \
  plugins/mpluskassa/soap_flaw.c plugins/mpluskassa/soap_flaw.h plugins/mpluskassa/soap_frame.h \
  plugins/mpluskassa/soap_read.c plugins/mpluskassa/soap_read.h plugins/mpluskassa/soap_scalar.c \
  plugins/mpluskassa/soap_scalar.h plugins/mpluskassa/soap_value.c plugins/mpluskassa/soap_value.h \
  plugins/mpluskassa/soap_write.c plugins/mpluskassa/soap_write.h plugins/mpluskassa/types.c \
  plugins/mpluskassa/types.h plugins/mpluskassa/types_documents.c plugins/mpluskassa/types_goods.c \
  plugins/mpluskassa/types_macros.h plugins/mpluskassa/types_orders.c \
  plugins/mpluskassa/types_relations.c plugins/mpluskassa/types_till.c plugins/mpluskassa/xml.c \
  plugins/mpluskassa/xml.h
# One call of the service, and what all that follow share.
MPLUS_CALL = plugins/mpluskassa/call.c plugins/mpluskassa/call.h plugins/mpluskassa/custom.c \
  plugins/mpluskassa/custom.h plugins/mpluskassa/goods.c \
  plugins/mpluskassa/goods.h plugins/mpluskassa/page.c plugins/mpluskassa/page.h \
  plugins/mpluskassa/turnover.c plugins/mpluskassa/turnover.h plugins/mpluskassa/unreadable.c \
  plugins/mpluskassa/unreadable.h
# The sales side: orders, invoices, packing slips, proposals, day totals, relations.
MPLUS_DAY = plugins/mpluskassa/day_record.c plugins/mpluskassa/day_record.h \
  plugins/mpluskassa/day_rows.c plugins/mpluskassa/day_rows.h plugins/mpluskassa/daytotal.c \
  plugins/mpluskassa/daytotal.h
MPLUS_SALES = plugins/mpluskassa/day_position.c plugins/mpluskassa/day_position.h \
  plugins/mpluskassa/day_totals.c plugins/mpluskassa/day_totals.h plugins/mpluskassa/document.c \
  plugins/mpluskassa/document.h plugins/mpluskassa/invoices.c plugins/mpluskassa/invoices.h \
  plugins/mpluskassa/orders.c plugins/mpluskassa/orders.h plugins/mpluskassa/orders_create.c \
  plugins/mpluskassa/orders_create.h plugins/mpluskassa/orders_write.c \
  plugins/mpluskassa/orders_write.h plugins/mpluskassa/packing_slips.c \
  plugins/mpluskassa/packing_slips.h plugins/mpluskassa/proposals.c plugins/mpluskassa/proposals.h \
  plugins/mpluskassa/relations.c plugins/mpluskassa/relations.h \
  $(MPLUS_DAY)
# The goods side: products, articles, article groups, stock.
MPLUS_GOODS = plugins/mpluskassa/articles.c plugins/mpluskassa/articles.h \
  plugins/mpluskassa/articles_write.c plugins/mpluskassa/articles_write.h \
  plugins/mpluskassa/goods_read.c plugins/mpluskassa/goods_read.h plugins/mpluskassa/groups.c \
  plugins/mpluskassa/groups.h plugins/mpluskassa/products.c plugins/mpluskassa/products.h \
  plugins/mpluskassa/stock.c plugins/mpluskassa/stock.h plugins/mpluskassa/stock_read.c \
  plugins/mpluskassa/stock_read.h plugins/mpluskassa/stock_send.c plugins/mpluskassa/stock_send.h
# The comparison with the service's description.
MPLUS_WSDL = plugins/mpluskassa/wsdl.c plugins/mpluskassa/wsdl.h plugins/mpluskassa/wsdl_compare.c
plugins_mpluskassa_mpluskassa_la_SOURCES = plugins/mpluskassa/choices.c plugins/mpluskassa/choices.h \
  plugins/mpluskassa/mpluskassa.c plugins/mpluskassa/verify.c plugins/mpluskassa/verify.h \
  $(MPLUS_CALL) $(MPLUS_GOODS) $(MPLUS_MESSAGES) $(MPLUS_SALES) $(MPLUS_WSDL)
plugins_mpluskassa_mpluskassa_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/mpluskassa
plugins_mpluskassa_mpluskassa_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_mpluskassa_mpluskassa_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS) $(EXPAT_LIBS)
ASPERION_PARTS = plugins/asperion/answer.c plugins/asperion/answer.h plugins/asperion/api.c plugins/asperion/api.h \
  plugins/asperion/body.c plugins/asperion/body.h plugins/asperion/choices.c plugins/asperion/choices.h \
  plugins/asperion/debtor.c plugins/asperion/debtor.h plugins/asperion/entity.c plugins/asperion/entity.h \
  plugins/asperion/fetch.c plugins/asperion/fetch.h \
  plugins/asperion/find.c plugins/asperion/find.h plugins/asperion/journal.c plugins/asperion/journal.h \
  plugins/asperion/openapi.c plugins/asperion/openapi.h plugins/asperion/orders.c plugins/asperion/orders.h \
  plugins/asperion/page.c plugins/asperion/page.h plugins/asperion/period.c plugins/asperion/period.h \
  plugins/asperion/probe.c plugins/asperion/probe.h plugins/asperion/problem.c plugins/asperion/problem.h \
  plugins/asperion/read.c plugins/asperion/read.h plugins/asperion/records.c plugins/asperion/records.h \
  plugins/asperion/verify.c plugins/asperion/verify.h plugins/asperion/write.c plugins/asperion/write.h
plugins_asperion_asperion_la_SOURCES = plugins/asperion/asperion.c $(ASPERION_PARTS)
plugins_asperion_asperion_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/asperion
plugins_asperion_asperion_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_asperion_asperion_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS)
plugins_file_file_la_SOURCES = plugins/file/file.c
plugins_file_file_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) -Iplugins/file
plugins_file_file_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_file_file_la_LIBADD = $(JANSSON_LIBS)
plugins_null_null_la_SOURCES = plugins/null/null.c
plugins_null_null_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) -Iplugins/null
plugins_null_null_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_null_null_la_LIBADD = $(JANSSON_LIBS)
plugins_table_table_la_SOURCES = plugins/table/table.c
plugins_table_table_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/table
plugins_table_table_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_table_table_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS)
plugins_text_text_la_SOURCES = plugins/text/choose.c plugins/text/choose.h plugins/text/letters.c \
  plugins/text/letters.h plugins/text/part.c plugins/text/part.h plugins/text/regex.c \
  plugins/text/regex.h plugins/text/text.c
plugins_text_text_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/text
plugins_text_text_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_text_text_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS)
plugins_number_number_la_SOURCES = plugins/number/number.c plugins/number/written.c plugins/number/written.h
plugins_number_number_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/number
plugins_number_number_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_number_number_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS)
plugins_date_date_la_SOURCES = plugins/date/calendar.c plugins/date/calendar.h plugins/date/date.c \
  plugins/date/layout.c plugins/date/layout.h plugins/date/names.c plugins/date/names.h
plugins_date_date_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/date
plugins_date_date_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_date_date_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS)
plugins_vat_vat_la_SOURCES = plugins/vat/amounts.c plugins/vat/amounts.h plugins/vat/digits.c plugins/vat/digits.h \
  plugins/vat/lines.c plugins/vat/lines.h plugins/vat/vat.c
plugins_vat_vat_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/vat
plugins_vat_vat_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_vat_vat_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS)
ADDRESS_PARTS = plugins/address/postcode.c plugins/address/postcode.h plugins/address/split.c plugins/address/split.h
plugins_address_address_la_SOURCES = plugins/address/address.c $(ADDRESS_PARTS)
plugins_address_address_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/address
plugins_address_address_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_address_address_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS)
plugins_code_code_la_SOURCES = plugins/code/code.c plugins/code/phone.c plugins/code/phone.h
plugins_code_code_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/code
plugins_code_code_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_code_code_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS)
# Any system that a description tells of.
REST_PARTS = plugins/rest/choices.c plugins/rest/choices.h plugins/rest/describe.c plugins/rest/describe.h \
  plugins/rest/fetch.c plugins/rest/fetch.h plugins/rest/find.c plugins/rest/find.h plugins/rest/place.c \
  plugins/rest/place.h plugins/rest/position.c plugins/rest/position.h plugins/rest/problem.c \
  plugins/rest/problem.h plugins/rest/read.c plugins/rest/read.h plugins/rest/receive.c \
  plugins/rest/receive.h plugins/rest/record.c plugins/rest/record.h plugins/rest/request.c \
  plugins/rest/request.h plugins/rest/rest.h plugins/rest/schema.c plugins/rest/schema.h \
  plugins/rest/signature.c plugins/rest/signature.h plugins/rest/since.c plugins/rest/since.h \
  plugins/rest/template.c plugins/rest/template.h plugins/rest/text.c plugins/rest/text.h \
  plugins/rest/write.c plugins/rest/write.h
plugins_rest_rest_la_SOURCES = plugins/rest/rest.c $(REST_PARTS)
plugins_rest_rest_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/rest
plugins_rest_rest_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_rest_rest_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS)
# libjq runs in a program of its own, bounded in time and memory; without sanitizers, which need more.
if HAVE_JQ
pkglibexec_PROGRAMS += plugins/jq/koppel-jq
endif
plugins_jq_koppel_jq_SOURCES = plugins/jq/helper.c plugins/jq/wire.h
plugins_jq_koppel_jq_CPPFLAGS = -D_GNU_SOURCE
plugins_jq_koppel_jq_CFLAGS = -std=gnu11 $(DEV_CFLAGS) $(HARDEN_CFLAGS) $(HARDEN_PIE_CFLAGS)
plugins_jq_koppel_jq_LDFLAGS = $(HARDEN_LDFLAGS) $(HARDEN_PIE_LDFLAGS)
plugins_jq_koppel_jq_LDADD = $(JQ_LIBS)
plugins_jq_jq_la_SOURCES = plugins/jq/jq.c plugins/jq/wire.h plugins/jq/worker.c plugins/jq/worker.h
plugins_jq_jq_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(TEXT_CPPFLAGS) -Iplugins/jq -DKOPPEL_JQ='"$(pkglibexecdir)/koppel-jq"'
plugins_jq_jq_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_jq_jq_la_LIBADD = $(TEXT_LIBS) $(JANSSON_LIBS)
dist_man7_MANS += plugins/address/koppel-address.7 plugins/asperion/asperion.7 plugins/code/koppel-code.7 \
  plugins/date/koppel-date.7 plugins/jq/koppel-jq.7 plugins/mpluskassa/mpluskassa.7 plugins/number/koppel-number.7 \
  plugins/rest/koppel-rest.7 plugins/table/koppel-table.7 plugins/text/koppel-text.7 plugins/vat/koppel-vat.7
dist_man7_MANS += plugins/file/koppel-file.7 plugins/null/koppel-null.7
# What the authors tell the kit (koppel plugin-test).
EXTRA_DIST += plugins/asperion/debtor.record plugins/mpluskassa/relation.record
EXTRA_DIST += plugins/asperion/asperion.test.conf plugins/date/date.test.conf plugins/file/file.test.conf \
  plugins/jq/jq.test.conf plugins/mpluskassa/mpluskassa.test.conf plugins/null/null.test.conf
