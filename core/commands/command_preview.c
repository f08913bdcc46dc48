/* SPDX-License-Identifier: MIT
 * koppel preview: source -> core -> destination of some records. Works on an empty store in memory
 * and calls only read: nothing is written anywhere. */
#include "commands/command_preview.h"

#include <stdio.h>

#include "base/json_text.h"
#include "base/visible.h"
#include "commands/session.h"
#include "flow/preview.h"
#include "store/store_memory.h"

#define LIMIT_DEFAULT 5

static int print_part(const char *title, const json_t *value)
{
    if (!value || json_is_null(value))
        return 0;
    char *text = json_text_lines(value);
    if (!text)
        return -1;
    visible_print(stdout, "-- %s\n%s\n", title, text);
    free(text);
    return 0;
}

static int print_row(void *arg, json_t *row)
{
    const bool *json = arg;
    if (*json) {
        command_print_json(json_incref(row));
        return 0;
    }
    visible_print(stdout, "== %s: %s %s\n", json_string_value(json_object_get(row, "key")),
                  json_string_value(json_object_get(row, "outcome")),
                  json_string_value(json_object_get(row, "detail")));
    return print_part("source", json_object_get(row, "source")) != 0 ||
           print_part("core", json_object_get(row, "core")) != 0 ||
           print_part("destination", json_object_get(row, "destination")) != 0 ? -1 : 0;
}

/* The tokens of the real store are needed to read; only they are carried over. */
int command_preview(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    struct flow flow;
    bool json = line->json;
    int rc = session_open(&s, line, ENGINE_LOOK);
    if (rc != EXIT_OK)
        return rc;
    const struct conf_flow *conf = session_flow(&s, line->words[0]);
    struct store *empty = NULL;
    if (!conf) {
        rc = EXIT_USAGE;
    } else if (store_memory.open(&(struct store_conf){0}, STORE_ENGINE, &empty, &err) != 0) {
        rc = command_failed(&err);
    } else {
        if (flow_init(&flow, conf, engine_connection(&s.engine, conf->from),
                      engine_connection(&s.engine, conf->to), empty, &s.engine.stop, &err) != 0)
            rc = command_failed(&err);
        else if (preview_records(&flow, line->limit > 0 ? line->limit : LIMIT_DEFAULT, 0,
                                 print_row, &json, &err) != 0)
            rc = command_failed(&err);
        flow_done(&flow);
        empty->ops->close(empty);
    }
    session_close(&s);
    return rc;
}
