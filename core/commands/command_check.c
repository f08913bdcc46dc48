/* SPDX-License-Identifier: MIT
 * koppel check: loads everything as the engine would, looks whether the store is whole, and says
 * what each flow can promise. */
#include "commands/command_check.h"

#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_check_online.h"
#include "commands/session.h"
#include "flow/cases.h"
#include "config/conf_store.h"
#include "store/store_kind.h"

static const char *promise(const struct cat_entity *to)
{
    switch (to->repeat) {
    case REPEAT_IDEMPOTENT:
        return "exactly once (idempotency key)";
    case REPEAT_UPSERT:
        return "exactly once (upsert by natural key)";
    case REPEAT_LOOKUP:
        return "exactly once (look-up before every create)";
    case REPEAT_NEVER:
        break;
    }
    return "at least once; a lost answer parks the record";
}

/* A damaged store is no mistake in the configuration: it has the code of a failure. One that the
 * key does not open is. */
static int check_store(const struct conf *conf, bool json, struct conf_report *report)
{
    struct koppel_error err = {0};
    struct store_conf where = conf_store_place(conf, conf->key);
    int exists = 0;
    if (store_kind(&where)->check(&where, &exists, &err) != 0) {
        bool key = strcmp(err.reason, "store.key") == 0;
        struct conf_at at = key ? conf->key_at : conf->store_at;
        const char *place = where.connection ? "store/connection" : "store/path";
        conf_report_put(report, &(struct conf_mistake){.file = (char *)at.file,
                                                       .line = at.line,
                                                       .path = key ? "key" : (char *)place,
                                                       .text = err.text});
        bool mistake = err.kind == KOPPEL_E_CONFIG && strcmp(err.reason, "store.damaged") != 0;
        return mistake ? EXIT_CONFIG : EXIT_FAILED;
    }
    if (err.text[0])
        conf_report_put(report, &(struct conf_mistake){.warning = true,
                                                       .file = (char *)conf->store_at.file,
                                                       .line = conf->store_at.line,
                                                       .path = (char *)"store/connection",
                                                       .text = err.text});
    if (!json)
        visible_print(stdout, "store %s: %s\n",
                      where.connection ? where.connection : conf->store_path,
                      exists ? "whole" : "not made yet");
    return EXIT_OK;
}

static void flows_print(const struct conf *conf)
{
    for (int i = 0; i < conf->flow_count; i++) {
        const struct conf_flow *f = &conf->flows[i];
        const struct cat_entity *to = catalogue_entity(f->to->catalogue, f->to_entity);
        visible_print(stdout, "flow %s: %s/%s to %s/%s, %s\n", f->name, f->from->name,
                      f->from_entity, f->to->name, f->to_entity,
                      f->cannot || !to ? "cannot be switched on" : promise(to));
    }
    fflush(stdout);
}

/* Beside the files: the store, and with --online the systems, whose mistakes go into the report. */
static int check_more(struct session *s, const struct command_line *line,
                      struct conf_report *report)
{
    if (!line->json)
        flows_print(s->conf);
    int rc = check_store(s->conf, line->json, report);
    if (rc == EXIT_OK && line->online)
        rc = session_start(s, ENGINE_LOOK);
    if (rc == EXIT_OK && line->online)
        rc = command_check_online(s, line->json ? NULL : stdout, report);
    return rc;
}

static void report_print(const struct conf_report *report, bool json)
{
    if (!json)
        conf_report_print(report, true);
    for (int i = 0; json && i < report->count; i++)
        command_print_json(conf_report_json(&report->items[i]));
}

int command_check(const struct command_line *line)
{
    struct session s;
    struct conf_report report = {0};
    bool failing = false;
    int rc = session_try(&s, line, &report);
    if (rc == EXIT_OK) {
        cases_check(s.conf, &report);
        failing = report.errors > 0;
        rc = check_more(&s, line, &report);
    }
    if (rc == EXIT_OK && failing)
        rc = EXIT_CONFIG;
    fflush(stdout);
    report_print(&report, line->json);
    if (rc == EXIT_OK && !line->json)
        visible_print(stdout, "%s: no mistakes, %d connections, %d flows\n", s.conf->dir,
                      s.conf->connection_count, s.conf->flow_count);
    conf_report_done(&report);
    session_close(&s);
    return rc;
}
