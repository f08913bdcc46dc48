# SPDX-License-Identifier: MIT
noinst_LTLIBRARIES += core/libkoppelcore.la
core_libkoppelcore_la_SOURCES = \
  core/base/buf.c \
  core/base/buf.h \
  core/base/clock.c \
  core/base/clock.h \
  core/base/decimal.c \
  core/base/decimal.h \
  core/base/err.c \
  core/base/err.h \
  core/base/expr.c \
  core/base/expr.h \
  core/base/guarded.h \
  core/base/json_text.c \
  core/base/json_text.h \
  core/base/log.c \
  core/base/log.h \
  core/base/mask.c \
  core/base/mask.h \
  core/base/path.c \
  core/base/path.h \
  core/base/secret.c \
  core/base/secret.h \
  core/config/check.c \
  core/config/condition.c \
  core/config/config.c \
  core/config/config.h \
  core/config/config_internal.h \
  core/config/connection.c \
  core/config/field.c \
  core/config/file.c \
  core/config/flow.c \
  core/config/held.c \
  core/config/mapping.c \
  core/config/member.c \
  core/config/nearest.c \
  core/config/reference.c \
  core/config/report.c \
  core/config/setting.c \
  core/config/table.c \
  core/engine/engine.c \
  core/engine/engine.h \
  core/flow/change.c \
  core/flow/correct.c \
  core/flow/customer.c \
  core/flow/deliver.c \
  core/flow/digest.c \
  core/flow/direction.c \
  core/flow/flow.c \
  core/flow/flow.h \
  core/flow/hold.c \
  core/flow/keylock.c \
  core/flow/keylock.h \
  core/flow/look.c \
  core/flow/map.c \
  core/flow/map.h \
  core/flow/peer.c \
  core/flow/prepare.c \
  core/flow/preview.c \
  core/flow/read.c \
  core/flow/references.c \
  core/flow/remedy.c \
  core/flow/retry.c \
  core/flow/retry.h \
  core/flow/send.c \
  core/flow/unique.c \
  core/flow/work.c \
  core/flow/work.h \
  core/http/http.c \
  core/http/http.h \
  core/http/http_exchange.c \
  core/http/http_internal.h \
  core/http/http_request.c \
  core/http/http_trace.c \
  core/http/http_trace.h \
  core/http/oauth2.c \
  core/http/oauth2.h \
  core/http/oauth2_call.c \
  core/http/oauth2_connect.c \
  core/http/oauth2_exchange.c \
  core/http/oauth2_internal.h \
  core/http/oauth2_redirect.c \
  core/http/oauth2_redirect.h \
  core/http/rate.c \
  core/http/rate.h \
  core/model/complete.c \
  core/model/complete.h \
  core/model/ledger.c \
  core/model/model.c \
  core/model/model.h \
  core/model/order.c \
  core/model/order.h \
  core/model/order_lines.c \
  core/model/order_parts.h \
  core/model/product.c \
  core/model/stock.c \
  core/plugin/catalogue.c \
  core/plugin/catalogue.h \
  core/plugin/catalogue_check.c \
  core/plugin/catalogue_entity.c \
  core/plugin/catalogue_internal.h \
  core/plugin/catalogue_member.c \
  core/plugin/catalogue_overlay.c \
  core/plugin/catalogue_setting.c \
  core/plugin/connection.c \
  core/plugin/connection_calls.c \
  core/plugin/host.c \
  core/plugin/host.h \
  core/plugin/host_internal.h \
  core/plugin/host_report.c \
  core/plugin/loader.c \
  core/plugin/loader.h \
  core/plugin/loader_check.c \
  core/plugin/loader_check.h \
  core/plugin/pages.c \
  core/plugin/pages.h \
  core/plugin/settings_check.c \
  core/plugin/settings_check.h \
  core/store/job.c \
  core/store/null.c \
  core/store/schema.h \
  core/store/sqlite.c \
  core/store/sqlite_check.c \
  core/store/sqlite_internal.h \
  core/store/sqlite_journal.c \
  core/store/sqlite_query.c \
  core/store/sqlite_seen.c \
  core/store/sqlite_settle.c \
  core/store/store.h
core_libkoppelcore_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/core -DKOPPEL_DATADIR='"$(pkgdatadir)"'
core_libkoppelcore_la_CFLAGS = $(AM_CFLAGS) $(HARDEN_PIE_CFLAGS) -pthread
core_libkoppelcore_la_LIBADD = $(JANSSON_LIBS) $(CURL_LIBS) $(CONFIG_LIBS) $(SQLITE_LIBS) $(SODIUM_LIBS) $(LTDL_LIBS)

# The core models are catalogues, built in like those of the plugins.
MODELS = core/model/category_model.h core/model/customer_model.h core/model/ledger_model.h \
  core/model/order_model.h core/model/product_model.h core/model/quote_model.h core/model/stock_model.h
BUILT_SOURCES += $(MODELS)
CLEANFILES += $(MODELS)
EXTRA_DIST += $(MODELS:_model.h=.json)
.json_model.h:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { printf 'static const char %s_model[] =\n' $(*F); \
	  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/    "/' -e 's/$$/\\n"/' $<; printf ';\n'; } > $@

bin_PROGRAMS += koppel
koppel_SOURCES = \
  core/main.c \
  core/commands/activity.c \
  core/commands/check.c \
  core/commands/check_online.c \
  core/commands/check_online.h \
  core/commands/choices.c \
  core/commands/commands.h \
  core/commands/common.c \
  core/commands/connect.c \
  core/commands/init.c \
  core/commands/jobs.c \
  core/commands/pause.c \
  core/commands/plugins.c \
  core/commands/preview.c \
  core/commands/report.c \
  core/commands/report.h \
  core/commands/resume.c \
  core/commands/retry.c \
  core/commands/serve.c \
  core/commands/status.c \
  core/commands/sync.c
koppel_CPPFLAGS = $(AM_CPPFLAGS) -DKOPPEL_VERSION='"$(PACKAGE_VERSION)"' \
  -DKOPPEL_CONFDIR='"$(sysconfdir)/koppel"' -DKOPPEL_PLUGINDIR='"$(plugindir)"'
koppel_CFLAGS = $(AM_CFLAGS) $(HARDEN_PIE_CFLAGS) -pthread
koppel_LDFLAGS = $(AM_LDFLAGS) $(HARDEN_PIE_LDFLAGS)
koppel_LDADD = core/libkoppelcore.la
EXTRA_DIST += core/README core/store/README
dist_man1_MANS += core/koppel.1
