# SPDX-License-Identifier: MIT
# The pages of the dashboard: made into one file and its table, which dashboard_assets.c compiles in.
DASHBOARD_ASSETS = \
  core/dashboard/assets/css/1-base.css \
  core/dashboard/assets/css/2-parts.css \
  core/dashboard/assets/css/3-records.css \
  core/dashboard/assets/css/5-flow.css \
  core/dashboard/assets/css/6-office.css \
  core/dashboard/assets/icon.svg \
  core/dashboard/assets/index.html \
  core/dashboard/assets/js/api.js \
  core/dashboard/assets/js/app.js \
  core/dashboard/assets/js/entry.js \
  core/dashboard/assets/js/i18n.js \
  core/dashboard/assets/js/keys.js \
  core/dashboard/assets/js/pages/activity.js \
  core/dashboard/assets/js/pages/alerts.js \
  core/dashboard/assets/js/pages/audit.js \
  core/dashboard/assets/js/pages/errors.js \
  core/dashboard/assets/js/pages/flow.js \
  core/dashboard/assets/js/pages/flows.js \
  core/dashboard/assets/js/pages/mapper.js \
  core/dashboard/assets/js/pages/me.js \
  core/dashboard/assets/js/pages/overview.js \
  core/dashboard/assets/js/pages/reconcile.js \
  core/dashboard/assets/js/pages/record.js \
  core/dashboard/assets/js/pages/settings.js \
  core/dashboard/assets/js/pages/users.js \
  core/dashboard/assets/js/parts/alert_rules.js \
  core/dashboard/assets/js/parts/channels.js \
  core/dashboard/assets/js/parts/combobox.js \
  core/dashboard/assets/js/parts/conditions.js \
  core/dashboard/assets/js/parts/dialog.js \
  core/dashboard/assets/js/parts/download.js \
  core/dashboard/assets/js/parts/edit.js \
  core/dashboard/assets/js/parts/exchanges.js \
  core/dashboard/assets/js/parts/fields.js \
  core/dashboard/assets/js/parts/files.js \
  core/dashboard/assets/js/parts/flow_history.js \
  core/dashboard/assets/js/parts/flow_tables.js \
  core/dashboard/assets/js/parts/flow_tabs.js \
  core/dashboard/assets/js/parts/form.js \
  core/dashboard/assets/js/parts/jobs.js \
  core/dashboard/assets/js/parts/keep.js \
  core/dashboard/assets/js/parts/mapper_cases.js \
  core/dashboard/assets/js/parts/mapper_columns.js \
  core/dashboard/assets/js/parts/person.js \
  core/dashboard/assets/js/parts/remedy.js \
  core/dashboard/assets/js/parts/rule_form.js \
  core/dashboard/assets/js/parts/rules.js \
  core/dashboard/assets/js/parts/saved.js \
  core/dashboard/assets/js/parts/saving.js \
  core/dashboard/assets/js/parts/sessions.js \
  core/dashboard/assets/js/parts/setting_field.js \
  core/dashboard/assets/js/parts/settle.js \
  core/dashboard/assets/js/parts/system.js \
  core/dashboard/assets/js/ui.js \
  core/dashboard/assets/lang/de/activity.json \
  core/dashboard/assets/lang/de/alerts.json \
  core/dashboard/assets/lang/de/audit.json \
  core/dashboard/assets/lang/de/entry.json \
  core/dashboard/assets/lang/de/errors.json \
  core/dashboard/assets/lang/de/flow.json \
  core/dashboard/assets/lang/de/jobs.json \
  core/dashboard/assets/lang/de/mapper.json \
  core/dashboard/assets/lang/de/me.json \
  core/dashboard/assets/lang/de/overview.json \
  core/dashboard/assets/lang/de/reasons.json \
  core/dashboard/assets/lang/de/reconcile.json \
  core/dashboard/assets/lang/de/record.json \
  core/dashboard/assets/lang/de/settings.json \
  core/dashboard/assets/lang/de/settle.json \
  core/dashboard/assets/lang/de/shell.json \
  core/dashboard/assets/lang/de/users.json \
  core/dashboard/assets/lang/en/activity.json \
  core/dashboard/assets/lang/en/alerts.json \
  core/dashboard/assets/lang/en/audit.json \
  core/dashboard/assets/lang/en/entry.json \
  core/dashboard/assets/lang/en/errors.json \
  core/dashboard/assets/lang/en/flow.json \
  core/dashboard/assets/lang/en/jobs.json \
  core/dashboard/assets/lang/en/mapper.json \
  core/dashboard/assets/lang/en/me.json \
  core/dashboard/assets/lang/en/overview.json \
  core/dashboard/assets/lang/en/reasons.json \
  core/dashboard/assets/lang/en/reconcile.json \
  core/dashboard/assets/lang/en/record.json \
  core/dashboard/assets/lang/en/settings.json \
  core/dashboard/assets/lang/en/settle.json \
  core/dashboard/assets/lang/en/shell.json \
  core/dashboard/assets/lang/en/users.json \
  core/dashboard/assets/lang/nl/activity.json \
  core/dashboard/assets/lang/nl/alerts.json \
  core/dashboard/assets/lang/nl/audit.json \
  core/dashboard/assets/lang/nl/entry.json \
  core/dashboard/assets/lang/nl/errors.json \
  core/dashboard/assets/lang/nl/flow.json \
  core/dashboard/assets/lang/nl/jobs.json \
  core/dashboard/assets/lang/nl/mapper.json \
  core/dashboard/assets/lang/nl/me.json \
  core/dashboard/assets/lang/nl/overview.json \
  core/dashboard/assets/lang/nl/reasons.json \
  core/dashboard/assets/lang/nl/reconcile.json \
  core/dashboard/assets/lang/nl/record.json \
  core/dashboard/assets/lang/nl/settings.json \
  core/dashboard/assets/lang/nl/settle.json \
  core/dashboard/assets/lang/nl/shell.json \
  core/dashboard/assets/lang/nl/users.json
DASHBOARD_OTHERS = core/dashboard/node_modules/lit-html core/dashboard/node_modules/axe-core
if PAGES
BUILT_SOURCES += core/dashboard/dashboard_table.h
endif
CLEANFILES += core/dashboard/dashboard_table.h core/dashboard/assets.bin
EXTRA_DIST += core/dashboard/README core/dashboard/assets.py core/dashboard/fetch.py core/dashboard/package.json \
  core/dashboard/package-lock.json $(DASHBOARD_ASSETS) $(DASHBOARD_OTHERS)
core/dashboard/dashboard_table.h: core/dashboard/assets.py $(DASHBOARD_ASSETS)
	$(AM_V_GEN)$(PYTHON) $(srcdir)/core/dashboard/fetch.py && $(PYTHON) $(srcdir)/core/dashboard/assets.py core/dashboard
