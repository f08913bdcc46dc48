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
  core/base/json_escape.c \
  core/base/json_escape.h \
  core/base/json_fault.c \
  core/base/json_fault.h \
  core/base/json_number.c \
  core/base/json_number.h \
  core/base/json_place.c \
  core/base/json_place.h \
  core/base/json_read.c \
  core/base/json_read.h \
  core/base/json_scan.h \
  core/base/json_text.c \
  core/base/json_text.h \
  core/base/log.c \
  core/base/log.h \
  core/base/mask.c \
  core/base/mask.h \
  core/base/nearest.c \
  core/base/nearest.h \
  core/base/path.c \
  core/base/path.h \
  core/base/regular.c \
  core/base/regular.h \
  core/base/secret.c \
  core/base/secret.h \
  core/catalogue/catalogue.c \
  core/catalogue/catalogue.h \
  core/catalogue/catalogue_check.c \
  core/catalogue/catalogue_entity.c \
  core/catalogue/catalogue_internal.h \
  core/catalogue/catalogue_member.c \
  core/catalogue/catalogue_overlay.c \
  core/catalogue/catalogue_setting.c \
  core/config/conf.c \
  core/config/conf.h \
  core/config/conf_check.c \
  core/config/conf_check.h \
  core/config/conf_condition.c \
  core/config/conf_condition.h \
  core/config/conf_connection.c \
  core/config/conf_connection.h \
  core/config/conf_field.c \
  core/config/conf_field.h \
  core/config/conf_file.c \
  core/config/conf_file.h \
  core/config/conf_flow.c \
  core/config/conf_flow.h \
  core/config/conf_held.c \
  core/config/conf_held.h \
  core/config/conf_load.c \
  core/config/conf_load.h \
  core/config/conf_loader.c \
  core/config/conf_loader.h \
  core/config/conf_mapping.c \
  core/config/conf_mapping.h \
  core/config/conf_member.c \
  core/config/conf_member.h \
  core/config/conf_mistake.c \
  core/config/conf_mistake.h \
  core/config/conf_reference.c \
  core/config/conf_reference.h \
  core/config/conf_report.c \
  core/config/conf_report.h \
  core/config/conf_setting.c \
  core/config/conf_setting.h \
  core/config/conf_table.c \
  core/config/conf_table.h \
  core/connection/connection.c \
  core/connection/connection_calls.c \
  core/connection/host.c \
  core/connection/host.h \
  core/connection/host_internal.h \
  core/connection/host_report.c \
  core/connection/pages.c \
  core/connection/pages.h \
  core/connection/settings_check.c \
  core/connection/settings_check.h \
  core/engine/engine.c \
  core/engine/engine.h \
  core/flow/backoff.c \
  core/flow/backoff.h \
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
  core/flow/peer.c \
  core/flow/prepare.c \
  core/flow/preview.c \
  core/flow/read.c \
  core/flow/references.c \
  core/flow/remedy.c \
  core/flow/send.c \
  core/flow/unique.c \
  core/flow/work.c \
  core/flow/work.h \
  core/http/http.c \
  core/http/http.h \
  core/http/http_exchange.c \
  core/http/http_exchange.h \
  core/http/http_host.c \
  core/http/http_host.h \
  core/http/http_request.c \
  core/http/http_request.h \
  core/http/http_slot.c \
  core/http/http_slot.h \
  core/http/http_trace.c \
  core/http/http_trace.h \
  core/http/rate.c \
  core/http/rate.h \
  core/mapping/map.c \
  core/mapping/map.h \
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
  core/oauth/oauth2.c \
  core/oauth/oauth2.h \
  core/oauth/oauth2_bearer.c \
  core/oauth/oauth2_bearer.h \
  core/oauth/oauth2_call.c \
  core/oauth/oauth2_call.h \
  core/oauth/oauth2_connect.c \
  core/oauth/oauth2_connect.h \
  core/oauth/oauth2_exchange.c \
  core/oauth/oauth2_exchange.h \
  core/oauth/oauth2_redirect.c \
  core/oauth/oauth2_redirect.h \
  core/oauth/oauth2_tokens.c \
  core/oauth/oauth2_tokens.h \
  core/plugin/loader.c \
  core/plugin/loader.h \
  core/plugin/loader_check.c \
  core/plugin/loader_check.h \
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
  core/commands/command.c \
  core/commands/command.h \
  core/commands/command_activity.c \
  core/commands/command_activity.h \
  core/commands/command_check.c \
  core/commands/command_check.h \
  core/commands/command_check_online.c \
  core/commands/command_check_online.h \
  core/commands/command_choices.c \
  core/commands/command_choices.h \
  core/commands/command_connect.c \
  core/commands/command_connect.h \
  core/commands/command_init.c \
  core/commands/command_init.h \
  core/commands/command_jobs.c \
  core/commands/command_jobs.h \
  core/commands/command_pause.c \
  core/commands/command_pause.h \
  core/commands/command_plugins.c \
  core/commands/command_plugins.h \
  core/commands/command_preview.c \
  core/commands/command_preview.h \
  core/commands/command_report.c \
  core/commands/command_report.h \
  core/commands/command_resume.c \
  core/commands/command_resume.h \
  core/commands/command_retry.c \
  core/commands/command_retry.h \
  core/commands/command_serve.c \
  core/commands/command_serve.h \
  core/commands/command_status.c \
  core/commands/command_status.h \
  core/commands/command_sync.c \
  core/commands/command_sync.h \
  core/commands/parse.c \
  core/commands/parse.h \
  core/commands/session.c \
  core/commands/session.h \
  core/commands/table.c \
  core/commands/table.h \
  core/commands/usage.c \
  core/commands/usage.h \
  core/main.c
koppel_CPPFLAGS = $(AM_CPPFLAGS) -DKOPPEL_VERSION='"$(PACKAGE_VERSION)"' \
  -DKOPPEL_CONFDIR='"$(sysconfdir)/koppel"' -DKOPPEL_PLUGINDIR='"$(plugindir)"'
koppel_CFLAGS = $(AM_CFLAGS) $(HARDEN_PIE_CFLAGS) -pthread
koppel_LDFLAGS = $(AM_LDFLAGS) $(HARDEN_PIE_LDFLAGS)
koppel_LDADD = core/libkoppelcore.la
EXTRA_DIST += core/README core/store/README
dist_man1_MANS += core/koppel.1
