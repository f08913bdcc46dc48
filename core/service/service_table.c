/* SPDX-License-Identifier: MIT
 * Every question and order. A new one is a line here and a function in the file of its area. */
#include "service/service_table.h"

#include "service/activity.h"
#include "service/alerts.h"
#include "service/alerts_change.h"
#include "service/alerts_settings.h"
#include "service/alerts_test.h"
#include "service/connections.h"
#include "service/connection_settings.h"
#include "service/backups.h"
#include "service/backups_kept.h"
#include "service/by_hand.h"
#include "service/choices.h"
#include "service/claims.h"
#include "service/case_orders.h"
#include "service/configs.h"
#include "service/configs_edit.h"
#include "service/files.h"
#include "service/drafts.h"
#include "service/flow_changes.h"
#include "service/flow_forms.h"
#include "service/flow_recent.h"
#include "service/figures.h"
#include "service/flows.h"
#include "service/flows_again.h"
#include "service/jobs.h"
#include "service/logins.h"
#include "service/mapping_fields.h"
#include "service/mapping_try.h"
#include "service/mappings.h"
#include "service/moves.h"
#include "service/previews.h"
#include "service/table_choices.h"
#include "service/plugin_rows.h"
#include "service/privacy.h"
#include "service/publish.h"
#include "service/reconciling.h"
#include "service/reconciling_kept.h"
#include "service/retention.h"
#include "service/setup.h"
#include "service/flows_run.h"
#include "service/history.h"
#include "service/hosts.h"
#include "service/lifecycle.h"
#include "service/system.h"
#include "service/system_bundle.h"
#include "service/me.h"
#include "service/tokens.h"
#include "service/users.h"
#include "service/hook_rows.h"
#include "service/me_totp.h"

#define CONNECTION {"connection", SERVICE_TEXT, true, "name of a connection"}
#define BACKUP {"backup", SERVICE_TEXT, true, "name of a backup that is kept"}
#define USER {"user", SERVICE_TEXT, true, "name of a user"}
#define SESSION {"session", SERVICE_TEXT, true, "id of a session"}
#define TOKEN {"token", SERVICE_TEXT, true, "name of a token"}
#define TABLE {"table", SERVICE_TEXT, true, "name of a table, or FLOW/NAME"}
#define WHY {"why", SERVICE_TEXT, false, "kept with the revision"}
#define EMAIL {"email", SERVICE_TEXT, true, "e-mail address of the person"}
#define FLOW {"flow", SERVICE_TEXT, true, "name of a flow"}
#define SETUP {"setup", SERVICE_TEXT, true, "number of a set-up"}
#define LANGUAGE {"lang", SERVICE_TEXT, false, "en, de or nl"}

#define EDITS                                                                                      \
    {"edits", SERVICE_OBJECTS, true, "{do, path, value or data, to}, in the flow's file"}

#define JOB {"job", SERVICE_TEXT, true, "address of a job"}
#define REASON {"why", SERVICE_TEXT, true, "for whoever looks at it later"}
#define FILTER                                                                                     \
    {"flow", SERVICE_TEXT, false, "of this flow"},                                                 \
        {"state", SERVICE_TEXT, false, "in this state"},                                           \
        {"reason", SERVICE_TEXT, false, "with this reason"},                                       \
        {"cause", SERVICE_TEXT, false, "that wait for this"},                                      \
        {"key", SERVICE_TEXT, false, "of this key of the source"},                                 \
        {"since", SERVICE_TEXT, false, "accepted then or later"},                                  \
        {"until", SERVICE_TEXT, false, "accepted before, or on that day"},                         \
        {"words", SERVICE_LIST, false, "found by all of these"}

#define PLAN {"plan", SERVICE_FLAG, false, "only check; nothing is saved"}
#define CHANNEL {"channel", SERVICE_TEXT, true, "name of a channel"}
#define SECRETS {"secrets", SERVICE_OBJECT, false, "its secrets: texts, or null: it goes"}
#define NUMBER {"number", SERVICE_NUMBER, true, "of a comparison that is kept"}
#define FILE_NAME {"file", SERVICE_TEXT, true, "its name, from the configuration directory on"}
#define AUDIT                                                                                      \
    {"about", SERVICE_TEXT, false, "a flow, a job, a connection"},                                 \
        {"who", SERVICE_TEXT, false, "by this user"},                                              \
        {"order", SERVICE_TEXT, false, "such an order: flows.pause"}, HISTORY

#define HISTORY                                                                                    \
    {"since", SERVICE_TEXT, false, "then or later"},                                               \
        {"until", SERVICE_TEXT, false, "before, or on that day"},                                  \
        {"limit", SERVICE_NUMBER, false, "rows at most"},                                          \
        {"after", SERVICE_NUMBER, false, "what next was"}

const struct service_row service_table[] = {
    {"jobs.causes", SERVICE_VIEWER, SERVICE_STORE, "GET", "/causes", NULL, jobs_causes,
     {{"flow", SERVICE_TEXT, false, "of this flow"}}},
    {"jobs.list", SERVICE_VIEWER, SERVICE_STORE, "GET", "/jobs", NULL, jobs_list,
     {FILTER, {"limit", SERVICE_NUMBER, false, "rows at most"},
      {"after", SERVICE_TEXT, false, "what next was"}}},
    {"jobs.show", SERVICE_VIEWER, SERVICE_STORE, "GET", "/jobs/{job}", NULL, activity_show, {JOB}},
    {"jobs.explain", SERVICE_VIEWER, SERVICE_CONF, "GET", "/jobs/{job}/explain", NULL,
     activity_explain, {JOB}},
    {"jobs.retry", SERVICE_OPERATOR, SERVICE_ORDER, "POST", "/jobs/retry", "jobs tried again",
     by_hand_retry,
     {FILTER, {"jobs", SERVICE_LIST, false, "addresses, in place of a filter"},
      {"skipped", SERVICE_FLAG, false, "those that were skipped"},
      {"wait", SERVICE_FLAG, false, "until each has come to something; tells progress"},
      {"plan", SERVICE_FLAG, false, "only count"}}},
    {"jobs.skip", SERVICE_OPERATOR, SERVICE_ORDER, "POST", "/jobs/skip", "jobs skipped",
     by_hand_skip,
     {FILTER, REASON, {"jobs", SERVICE_LIST, false, "addresses, in place of a filter"},
      {"plan", SERVICE_FLAG, false, "only count"}}},
    {"jobs.done", SERVICE_OPERATOR, SERVICE_LOGIN, "POST", "/jobs/{job}/done",
     "job settled as done", by_hand_done,
     {JOB, REASON, {"id", SERVICE_TEXT, true, "of what stands at the destination"}}},
    {"jobs.edit", SERVICE_OPERATOR, SERVICE_ORDER, "POST", "/jobs/{job}/edit", "record edited",
     by_hand_edit,
     {JOB, REASON, {"record", SERVICE_OBJECT, false, "in place of the one that was read"},
      {"set", SERVICE_OBJECT, false, "path -> value"}}},
    {"flows.status", SERVICE_VIEWER, SERVICE_STORE, "GET", "/flows", NULL, flows_status,
     {{"flows", SERVICE_LIST, false, "names of flows, in place of all"}}},
    {"flows.mapping", SERVICE_VIEWER, SERVICE_CONF, "GET", "/flows/{flow}/mapping", NULL,
     mappings_show, {FLOW}},
    {"runs.list", SERVICE_VIEWER, SERVICE_STORE, "GET", "/runs", NULL, history_runs,
     {{"flow", SERVICE_TEXT, false, "of this flow"}, HISTORY}},
    {"hosts.list", SERVICE_VIEWER, SERVICE_STORE, "GET", "/hosts", NULL, hosts_list, {{0}}},
    {"store.move", SERVICE_ADMIN, SERVICE_NAMES, "POST", "/store/move", NULL, moves_store,
     {{"from", SERVICE_TEXT, true, "a file, or a connection string of PostgreSQL"},
      {"to", SERVICE_TEXT, true, "the same; what is there must be empty"}}},
    {"store.upgrade", SERVICE_ADMIN, SERVICE_ORDER, "POST", "/store/upgrade", "store taken on",
     moves_upgrade, {{0}}},
    {"history.figures", SERVICE_VIEWER, SERVICE_STORE, "GET", "/history", NULL, figures_show,
     {{"flow", SERVICE_TEXT, false, "of this flow"},
      {"since", SERVICE_TEXT, false, "then or later; else of the last 24 hours"},
      {"until", SERVICE_TEXT, false, "before, or on that day"}}},
    {"tables.choices", SERVICE_VIEWER, SERVICE_CONF, "GET", "/flows/{flow}/tables/{table}/choices",
     NULL, table_choices_show,
     {FLOW, {"table", SERVICE_TEXT, true, "as the flow names it"}}},
    {"audit.list", SERVICE_ADMIN, SERVICE_STORE, "GET", "/audit", NULL, history_audit,
     {AUDIT}},
    {"audit.csv", SERVICE_ADMIN, SERVICE_STORE, "GET", "/audit/csv", NULL, history_audit_csv,
     {AUDIT}},
    {"flows.fields", SERVICE_VIEWER, SERVICE_CONF, "GET", "/flows/{flow}/fields", NULL,
     mapping_fields, {FLOW}},
    {"flows.form", SERVICE_VIEWER, SERVICE_EDIT, "GET", "/flows/{flow}/form", NULL,
     flow_forms_show, {FLOW}},
    {"flows.edit", SERVICE_ADMIN, SERVICE_EDIT, "PATCH", "/flows/{flow}", "flow changed",
     flow_changes_save,
     {FLOW, EDITS, {"match", SERVICE_TEXT, false, "digest of the file that they were made on"}, WHY,
      {"accept", SERVICE_LIST, false, "cases that are to expect what comes out then"},
      {"plan", SERVICE_FLAG, false, "only tell what it would come to"}}},
    {"flows.try", SERVICE_OPERATOR, SERVICE_EDIT, "POST", "/flows/{flow}/mapping/try", NULL,
     mapping_try_run,
     {FLOW, EDITS,
      {"records", SERVICE_OBJECTS, false, "{key, record}, in the source's shape"},
      {"cases", SERVICE_FLAG, false, "run the cases of the flow, too"}}},
    {"flows.recent", SERVICE_VIEWER, SERVICE_EDIT, "POST", "/flows/{flow}/recent", NULL,
     flow_recent_show,
     {FLOW, {"edits", SERVICE_OBJECTS, false, "{do, path, value or data, to}, in the flow's file"},
      {"limit", SERVICE_NUMBER, false, "records at most"}}},
    {"drafts.show", SERVICE_VIEWER, SERVICE_STORE, "GET", "/flows/{flow}/draft", NULL, drafts_show,
     {FLOW}},
    {"drafts.keep", SERVICE_OPERATOR, SERVICE_ORDER, "PUT", "/flows/{flow}/draft", NULL,
     drafts_keep, {FLOW, {"draft", SERVICE_OBJECT, false, "without it the one kept is forgotten"}}},
    {"flows.preview", SERVICE_OPERATOR, SERVICE_CONF, "POST", "/flows/{flow}/preview", NULL,
     previews_show,
     {FLOW,
      {"key", SERVICE_TEXT, false, "the record of this key"},
      {"job", SERVICE_TEXT, false, "what was read for this job"},
      {"records", SERVICE_OBJECTS, false, "records in the source's shape"},
      {"limit", SERVICE_NUMBER, false, "so many of the first records"},
      {"check", SERVICE_FLAG, false, "ask the destination to judge them"},
      {"alone", SERVICE_FLAG, false, "ask the source only"}}},
    {"flows.pause", SERVICE_OPERATOR, SERVICE_ORDER, "POST", "/flows/{flow}/pause", "flow paused",
     flows_pause, {FLOW, {"why", SERVICE_TEXT, false, "for whoever finds it paused"}}},
    {"flows.run", SERVICE_OPERATOR, SERVICE_ENGINE, "POST", "/flows/run", "flows run by hand",
     flows_run,
     {{"flows", SERVICE_LIST, false, "names of flows"},
      {"all", SERVICE_FLAG, false, "every enabled flow"},
      {"wait_ms", SERVICE_NUMBER, false, "how long a run waits for what comes later"}}},
    {"flows.resend", SERVICE_OPERATOR, SERVICE_CONF, "POST", "/flows/{flow}/resend", NULL,
     flows_again_plan, {FLOW, {"since", SERVICE_TEXT, false, "only records of that day or later"}}},
    {"flows.again", SERVICE_OPERATOR, SERVICE_ENGINE, "POST", "/flows/{flow}/again",
     "records read again", flows_again,
     {FLOW,
      {"since", SERVICE_TEXT, false, "records of that day or later"},
      {"keys", SERVICE_LIST, false, "these records, by their keys at the source"},
      {"wait_ms", SERVICE_NUMBER, false, "how long the run waits for what comes later"}}},
    {"reconcile", SERVICE_OPERATOR, SERVICE_CONF, "POST", "/reconcile", NULL, reconciling_compare,
     {FLOW,
      {"from", SERVICE_TEXT, true, "the first day"},
      {"to", SERVICE_TEXT, false, "the last day; today where it is left out"}}},
    {"reconcile.queue", SERVICE_OPERATOR, SERVICE_ENGINE, "POST", "/reconcile/queue",
     "missing documents taken again", reconciling_queue,
     {FLOW,
      {"keys", SERVICE_LIST, true, "of the missing documents, at the source"},
      {"wait_ms", SERVICE_NUMBER, false, "how long the run waits for what comes later"}}},
    {"reconcile.list", SERVICE_VIEWER, SERVICE_STORE, "GET", "/reconcile", NULL, history_reconcile,
     {{"flow", SERVICE_TEXT, false, "of this flow"}, HISTORY}},
    {"reconcile.show", SERVICE_VIEWER, SERVICE_STORE, "GET", "/reconcile/{number}", NULL,
     reconciling_kept_show, {NUMBER}},
    {"reconcile.csv", SERVICE_VIEWER, SERVICE_STORE, "GET", "/reconcile/{number}/csv", NULL,
     reconciling_kept_csv, {NUMBER}},
    {"flows.resume", SERVICE_OPERATOR, SERVICE_ORDER, "POST", "/flows/{flow}/resume",
     "flow resumed", flows_resume, {FLOW}},
    {"cases.run", SERVICE_VIEWER, SERVICE_EDIT, "GET", "/cases", NULL, case_orders_run,
     {{"flow", SERVICE_TEXT, false, "of this flow"},
      {"case", SERVICE_TEXT, false, "this one of it"}}},
    {"cases.make", SERVICE_ADMIN, SERVICE_EDIT, "POST", "/flows/{flow}/cases", "case made",
     case_orders_make,
     {FLOW, {"key", SERVICE_TEXT, true, "of the record, at the source"},
      {"case", SERVICE_TEXT, false, "its name; the key where none is given"}}},
    {"cases.accept", SERVICE_ADMIN, SERVICE_EDIT, "POST", "/flows/{flow}/cases/{case}/accept",
     "case accepted", case_orders_accept, {FLOW, {"case", SERVICE_TEXT, true, "name of a case"}}},
    {"connections.list", SERVICE_VIEWER, SERVICE_CONF, "GET", "/connections", NULL,
     connections_list, {{0}}},
    {"plugins.list", SERVICE_ADMIN, SERVICE_EDIT, "GET", "/plugins", NULL, plugin_rows_list, {{0}}},
    {"plugins.show", SERVICE_ADMIN, SERVICE_EDIT, "GET", "/plugins/{plugin}", NULL,
     plugin_rows_show, {{"plugin", SERVICE_TEXT, true, "name of a plugin"}}},
    {"connections.choices", SERVICE_VIEWER, SERVICE_CONF, "GET",
     "/connections/{connection}/choices", NULL, choices_show,
     {CONNECTION, {"list", SERVICE_TEXT, false, "one of its lists; else their names"}}},
    {"connections.test", SERVICE_OPERATOR, SERVICE_CONF, "POST", "/connections/{connection}/test",
     NULL, connections_test, {CONNECTION}},
    {"connections.show", SERVICE_ADMIN, SERVICE_CONF, "GET", "/connections/{connection}", NULL,
     connection_settings_show, {CONNECTION, LANGUAGE}},
    {"connections.replace", SERVICE_ADMIN, SERVICE_LOGIN, "POST",
     "/connections/{connection}/credentials", "settings of a connection replaced",
     connection_settings_replace,
     {CONNECTION, {"settings", SERVICE_OBJECT, true, "name -> value; null takes it away"},
      {"force", SERVICE_FLAG, false, "another account is meant"}, WHY}},
    {"setup.list", SERVICE_ADMIN, SERVICE_EDIT, "GET", "/setup", NULL, setup_list, {{0}}},
    {"setup.begin", SERVICE_ADMIN, SERVICE_EDIT, "POST", "/setup", NULL, setup_begin,
     {LANGUAGE, {"anew", SERVICE_FLAG, false, "a new one, beside what is under way"}}},
    {"setup.show", SERVICE_ADMIN, SERVICE_EDIT, "GET", "/setup/{setup}", NULL, setup_show,
     {SETUP, LANGUAGE, {"step", SERVICE_TEXT, false, "an earlier one"}}},
    {"setup.answer", SERVICE_ADMIN, SERVICE_EDIT, "POST", "/setup/{setup}", NULL, setup_answer,
     {SETUP, LANGUAGE, {"step", SERVICE_TEXT, true, "that is answered"},
      {"answers", SERVICE_OBJECT, false, "question -> value; what is left out stays"}}},
    {"setup.save", SERVICE_ADMIN, SERVICE_EDIT, "POST", "/setup/{setup}/save", "set-up saved",
     setup_save, {SETUP, LANGUAGE, WHY}},
    {"setup.drop", SERVICE_ADMIN, SERVICE_EDIT, "DELETE", "/setup/{setup}", NULL, setup_drop,
     {SETUP}},
    {"logins.begin", SERVICE_ADMIN, SERVICE_LOGIN, "POST", "/connections/{connection}/login", NULL,
     logins_begin,
     {CONNECTION, {"redirect", SERVICE_TEXT, true, "where the browser is sent to in the end"}}},
    {"logins.finish", SERVICE_ADMIN, SERVICE_LOGIN, "POST",
     "/connections/{connection}/login/finish", "connection logged in", logins_finish,
     {CONNECTION, {"answer", SERVICE_TEXT, true, "address that it came to, or its query"}}},
    {"backups.make", SERVICE_ADMIN, SERVICE_NAMES, "POST", "/backups", "backup made", backups_make,
     {{"file", SERVICE_TEXT, true, "absolute path of the new file"}}},
    {"backups.restore", SERVICE_ADMIN, SERVICE_NAMES, "POST", "/backups/restore", "backup put back",
     backups_restore, {{"file", SERVICE_TEXT, true, "absolute path of the backup"}}},
    {"backups.unpack", SERVICE_ADMIN, SERVICE_NAMES, "POST", "/backups/unpack", NULL,
     backups_unpack,
     {{"file", SERVICE_TEXT, true, "absolute path of the backup"},
      {"to", SERVICE_TEXT, true, "absolute path of a folder with nothing but a key in it"}}},
    {"backups.list", SERVICE_ADMIN, SERVICE_STORE, "GET", "/backups", NULL, backups_kept_list,
     {{0}}},
    {"backups.keep", SERVICE_ADMIN, SERVICE_STORE, "POST", "/backups/kept", "backup made",
     backups_kept_make, {{0}}},
    {"backups.drop", SERVICE_ADMIN, SERVICE_STORE, "DELETE", "/backups/kept/{backup}",
     "backup removed", backups_kept_drop, {BACKUP}},
    {"backups.back", SERVICE_ADMIN, SERVICE_STORE, "POST", "/backups/kept/{backup}/restore",
     "backup ordered back", backups_kept_restore, {BACKUP, WHY}},
    {"persons.find", SERVICE_ADMIN, SERVICE_STORE, "POST", "/persons/find", NULL, privacy_find,
     {EMAIL}},
    {"persons.export", SERVICE_ADMIN, SERVICE_STORE, "POST", "/persons/export",
     "a person's records were exported", privacy_export,
     {EMAIL, {"whole", SERVICE_FLAG, false, "the records in the answer, not told one by one"}}},
    {"persons.reports", SERVICE_ADMIN, SERVICE_STORE, "GET", "/persons/reports", NULL,
     history_erased, {HISTORY}},
    {"persons.erase", SERVICE_ADMIN, SERVICE_ORDER, "POST", "/persons/erase",
     "a person's records were erased", privacy_erase,
     {EMAIL, {"why", SERVICE_TEXT, false, "for the report"}}},
    {"retention.plan", SERVICE_VIEWER, SERVICE_STORE, "GET", "/retention/plan", NULL,
     retention_plan, {{0}}},
    {"retention.change", SERVICE_ADMIN, SERVICE_EDIT, "PATCH", "/retention", "ages changed",
     retention_change,
     {{"ages", SERVICE_OBJECT, true, "name -> \"30d\" or \"ever\""}, PLAN, WHY}},
    {"retention.erase", SERVICE_ADMIN, SERVICE_ORDER, "POST", "/retention",
     "what is older than its age was erased", retention_erase, {{0}}},
    {"config.log", SERVICE_VIEWER, SERVICE_STORE, "GET", "/config/revisions", NULL, configs_log,
     {{"limit", SERVICE_NUMBER, false, "how many"},
      {"before", SERVICE_NUMBER, false, "only those before this one"}}},
    {"config.show", SERVICE_ADMIN, SERVICE_EDIT, "GET", "/config/revisions/{revision}", NULL,
     configs_show,
     {{"revision", SERVICE_NUMBER, false, "its number"},
      {"version", SERVICE_TEXT, false, "instead: the version of a flow, as activities have it"},
      {"file", SERVICE_TEXT, false, "the file whose text is wanted"}}},
    {"config.diff", SERVICE_ADMIN, SERVICE_EDIT, "GET", "/config/revisions/{from}/diff", NULL,
     configs_diff,
     {{"from", SERVICE_NUMBER, true, "the older revision"},
      {"to", SERVICE_NUMBER, false, "the newer one; without it what is on the disk"},
      {"file", SERVICE_TEXT, false, "this file only"}}},
    {"config.status", SERVICE_VIEWER, SERVICE_EDIT, "GET", "/config", NULL, configs_status, {{0}}},
    {"config.set", SERVICE_ADMIN, SERVICE_EDIT, "POST", "/config/settings", "setting changed",
     configs_edit_set,
     {{"path", SERVICE_TEXT, true, "of the setting"},
      {"value", SERVICE_LINE, false, "as it would be typed"},
      {"unset", SERVICE_FLAG, false, "the setting goes"},
      {"insert", SERVICE_FLAG, false, "one more element, before that of the path"},
      {"move", SERVICE_FLAG, false, "the element goes to another place of its list"},
      {"to", SERVICE_NUMBER, false, "that place, from 0"},
      WHY}},
    {"config.rows", SERVICE_VIEWER, SERVICE_EDIT, "GET", "/config/tables/{table}", NULL,
     configs_edit_rows, {TABLE}},
    {"config.table", SERVICE_OPERATOR, SERVICE_EDIT, "POST", "/config/tables/{table}",
     "table changed", configs_edit_table,
     {TABLE,
      {"do", SERVICE_TEXT, true, "add, set or remove"},
      {"key", SERVICE_TEXT, true, "of the row; several columns with | between"},
      {"value", SERVICE_LINE, false, "of the row"},
      WHY}},
    {"config.rollback", SERVICE_ADMIN, SERVICE_EDIT, "POST",
     "/config/revisions/{revision}/rollback", "configuration rolled back", configs_edit_rollback,
     {{"revision", SERVICE_NUMBER, true, "that is to be active again"},
      {"why", SERVICE_TEXT, true, "kept with the new revision"}}},
    {"config.publish", SERVICE_ADMIN, SERVICE_EDIT, "POST", "/config/publish",
     "configuration published", publish_order,
     {{"revision", SERVICE_NUMBER, false, "that is published; else the files of the directory"},
      {"over", SERVICE_NUMBER, false, "the revision that it takes the place of"},
      WHY}},
    {"files.list", SERVICE_VIEWER, SERVICE_EDIT, "GET", "/files", NULL, files_list, {{0}}},
    {"files.show", SERVICE_ADMIN, SERVICE_EDIT, "GET", "/files/{file}", NULL, files_show,
     {FILE_NAME}},
    {"files.check", SERVICE_ADMIN, SERVICE_EDIT, "POST", "/files/{file}/check", NULL, files_check,
     {FILE_NAME, {"text", SERVICE_LINE, true, "as it is to be"},
      {"base", SERVICE_LINE, false, "as it was when the change began"}}},
    {"files.save", SERVICE_ADMIN, SERVICE_EDIT, "PUT", "/files/{file}", "file saved", files_save,
     {FILE_NAME, {"text", SERVICE_LINE, false, "as it is to be; without it the file goes"},
      {"digest", SERVICE_LINE, true, "of the file that was read; empty: there was none"}, WHY}},
    {"system.show", SERVICE_VIEWER, SERVICE_EDIT, "GET", "/system", NULL, system_show, {{0}}},
    {"system.bundle", SERVICE_ADMIN, SERVICE_EDIT, "GET", "/system/bundle", NULL, system_bundle,
     {{0}}},
    {"alerts.list", SERVICE_VIEWER, SERVICE_STORE, "GET", "/alerts", NULL, alerts_list,
     {{"all", SERVICE_FLAG, false, "those that are pending or just over, too"},
      {"language", SERVICE_TEXT, false, "of the texts: en, de or nl"}}},
    {"alerts.acknowledge", SERVICE_OPERATOR, SERVICE_ORDER, "POST", "/alerts/{alert}/acknowledge",
     "alert acknowledged", alerts_acknowledge,
     {{"alert", SERVICE_NUMBER, true, "its number"},
      {"until", SERVICE_TEXT, false, "a moment, a day or a length; else until it grows"}}},
    {"alerts.failed", SERVICE_ADMIN, SERVICE_NAMES, "POST", "/alerts/failed", NULL, alerts_failed,
     {{"unit", SERVICE_TEXT, true, "of the service manager"},
      {"why", SERVICE_TEXT, false, "what that says of it"}}},
    {"alerts.test", SERVICE_ADMIN, SERVICE_STORE, "POST", "/alerts/channels/{channel}/test", NULL,
     alerts_test_channel,
     {CHANNEL, {"settings", SERVICE_OBJECT, false, "its members as they are to be"}, SECRETS}},
    {"alerts.settings", SERVICE_ADMIN, SERVICE_STORE, "GET", "/alerts/settings", NULL,
     alerts_settings_show, {{0}}},
    {"alerts.general", SERVICE_ADMIN, SERVICE_EDIT, "PATCH", "/alerts/settings", "alerts changed",
     alerts_change_general,
     {{"settings", SERVICE_OBJECT, true, "members as they are to be; null: as usual"}, PLAN, WHY}},
    {"alerts.channel", SERVICE_ADMIN, SERVICE_EDIT, "PUT", "/alerts/channels/{channel}",
     "channel changed", alerts_change_channel,
     {CHANNEL, {"settings", SERVICE_OBJECT, true, "its members as they are to be"}, SECRETS, PLAN,
      WHY}},
    {"alerts.remove", SERVICE_ADMIN, SERVICE_EDIT, "DELETE", "/alerts/channels/{channel}",
     "channel removed", alerts_change_remove, {CHANNEL, PLAN, WHY}},
    {"alerts.rule", SERVICE_ADMIN, SERVICE_EDIT, "PUT", "/alerts/rules/{rule}", "rule changed",
     alerts_change_rule,
     {{"rule", SERVICE_TEXT, true, "name of a rule"},
      {"settings", SERVICE_OBJECT, true, "its members that are not as usual"}, PLAN, WHY}},
    {"users.claim", SERVICE_ADMIN, SERVICE_STORE, "POST", "/users/claim",
     "a link for the first user was made", claims_link, {{0}}},
    {"hooks.list", SERVICE_ADMIN, SERVICE_STORE, "GET", "/hooks", NULL, hook_rows_list, {{0}}},
    {"hooks.make", SERVICE_ADMIN, SERVICE_LOGIN, "POST", "/connections/{connection}/hooks",
     "address for messages made", hook_rows_make,
     {CONNECTION, {"entity", SERVICE_TEXT, true, "that the messages are of"},
      {"subscribe", SERVICE_FLAG, false, "ask the system to send there"}}},
    {"hooks.remove", SERVICE_ADMIN, SERVICE_LOGIN, "DELETE",
     "/connections/{connection}/hooks/{entity}", "address for messages taken away",
     hook_rows_remove, {CONNECTION, {"entity", SERVICE_TEXT, true, "that the messages are of"}}},
    {"users.list", SERVICE_ADMIN, SERVICE_STORE, "GET", "/users", NULL, users_list, {{0}}},
    {"users.add", SERVICE_ADMIN, SERVICE_ORDER, "POST", "/users", "user invited", users_add,
     {USER, {"role", SERVICE_TEXT, true, "viewer, operator or admin"},
      {"personal", SERVICE_FLAG, false, "may see personal data as a viewer, too"}}},
    {"users.reset", SERVICE_ADMIN, SERVICE_ORDER, "POST", "/users/{user}/reset",
     "user invited anew", users_reset, {USER}},
    {"users.change", SERVICE_ADMIN, SERVICE_ORDER, "PATCH", "/users/{user}", "user changed",
     users_change,
     {USER, {"role", SERVICE_TEXT, false, "viewer, operator or admin"},
      {"personal", SERVICE_FLAG, false, "may see personal data as a viewer, too"}}},
    {"users.remove", SERVICE_ADMIN, SERVICE_ORDER, "DELETE", "/users/{user}", "user removed",
     users_remove, {USER}},
    {"users.sessions", SERVICE_ADMIN, SERVICE_ORDER, "GET", "/users/{user}/sessions", NULL,
     users_sessions, {USER}},
    {"users.session_end", SERVICE_ADMIN, SERVICE_ORDER, "DELETE",
     "/users/{user}/sessions/{session}", "session ended", users_session_end, {USER, SESSION}},
    {"tokens.list", SERVICE_ADMIN, SERVICE_STORE, "GET", "/tokens", NULL, tokens_list, {{0}}},
    {"tokens.add", SERVICE_ADMIN, SERVICE_ORDER, "POST", "/tokens", "token made", tokens_add,
     {TOKEN, {"role", SERVICE_TEXT, true, "viewer, operator, admin or metrics"},
      {"until", SERVICE_TEXT, false, "a moment, or the last day"}}},
    {"tokens.remove", SERVICE_ADMIN, SERVICE_ORDER, "DELETE", "/tokens/{token}", "token removed",
     tokens_remove, {TOKEN}},
    {"me.sessions", SERVICE_VIEWER, SERVICE_ORDER, "GET", "/me/sessions", NULL, me_sessions,
     {{0}}},
    {"me.session_end", SERVICE_VIEWER, SERVICE_ORDER, "DELETE", "/me/sessions/{session}",
     "session ended", me_session_end, {SESSION}},
    {"me.password", SERVICE_VIEWER, SERVICE_ORDER, "PUT", "/me/password", "password changed",
     me_password,
     {{"current", SERVICE_TEXT, true, "the password as it is"},
      {"password", SERVICE_TEXT, true, "as it is to be"}}},
    {"me.change", SERVICE_VIEWER, SERVICE_ORDER, "PATCH", "/me", NULL, me_change,
     {{"language", SERVICE_LINE, true, "en, de, nl, or that of the browser where it is empty"}}},
    {"me.totp_begin", SERVICE_VIEWER, SERVICE_ORDER, "POST", "/me/totp", NULL, me_totp_begin,
     {{0}}},
    {"me.totp_confirm", SERVICE_VIEWER, SERVICE_ORDER, "PUT", "/me/totp",
     "second factor switched on", me_totp_confirm,
     {{"code", SERVICE_TEXT, true, "that the device shows"}}},
    {"me.totp_end", SERVICE_VIEWER, SERVICE_ORDER, "DELETE", "/me/totp",
     "second factor switched off", me_totp_end, {{0}}},
    {"reload", SERVICE_ADMIN, SERVICE_STORE, "POST", "/reload", "configuration loaded",
     lifecycle_reload, {{0}}},
    {"stop", SERVICE_ADMIN, SERVICE_STORE, "POST", "/stop", "engine stopped", lifecycle_stop,
     {{0}}},
    {.name = NULL},
};
