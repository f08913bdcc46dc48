/* SPDX-License-Identifier: MIT
 * koppel map: rules are typed and seen on a record at once, and saved when they are right. */
#include "commands/command_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/line_edit.h"
#include "commands/map_changes.h"
#include "commands/map_complete.h"
#include "commands/preview_print.h"
#include "commands/record_file.h"
#include "commands/saved.h"

#define FIRST_RECORDS 20 /* of the source, that :next goes through */
#define RULE_LIMIT 65000

struct mapping {
    const struct command_line *line;
    const char *flow;
    json_t *fields;  /* what can be named */
    json_t *records; /* rows of a preview */
    size_t at;
    json_t *rules;   /* those that are typed, as edits: [{"path": "map/+", "value"}] */
    json_t *row;     /* what comes of the record with them */
    bool get;        /* typed rules make the core record, else what is sent */
    bool over;
};

static const char help[] =
    "A rule is typed as it stands in a file, with or without its braces:\n"
    "  { to = \"description\"; from = \"reference\"; via = \"upper\"; }\n"
    "  :show [FIELD]  the whole record with what decides; or the fields whose names begin so\n"
    "  :next          another record\n"
    "  :key KEY       the record of that key\n"
    "  :get, :send    rules for the core record; for what is sent (so it begins)\n"
    "  :rules         what was typed\n"
    "  :undo          take the last rule back\n"
    "  :save [WHY]    check and save what was typed, as a revision\n"
    "  :quit          end without saving\n";

/* ---- the record at hand ---- */

static const json_t *record_at(const struct mapping *m)
{
    return json_array_get(m->records, m->at);
}

/* What comes of it with these rules. NULL: it was told why not. */
static json_t *try(const struct mapping *m, json_t *rules)
{
    const json_t *record = record_at(m);
    json_t *out = NULL, *row = NULL, *mistake;
    size_t i;
    json_t *in = json_pack("{s:s,s:O,s:[{s:O,s:O}]}", "flow", m->flow, "edits", rules, "records",
                           "record", json_object_get(record, "source"), "key",
                           json_object_get(record, "key"));
    if (command_ask(m->line, "flows.try", in, NULL, NULL, &out) != EXIT_OK)
        return NULL;
    json_array_foreach(json_object_get(out, "mistakes"), i, mistake)
        visible_print(stderr, "%s:%d: %s\n", json_string_value(json_object_get(mistake, "file")),
                      (int)json_integer_value(json_object_get(mistake, "line")),
                      json_string_value(json_object_get(mistake, "text")));
    row = json_incref(json_array_get(json_object_get(out, "rows"), 0));
    json_decref(out);
    return row;
}

static void put_row(struct mapping *m, json_t *row_take)
{
    if (!row_take)
        return;
    json_decref(m->row);
    m->row = row_take;
}

static void tell_record(const struct mapping *m)
{
    visible_print(stdout, "record %s: %s%s%s\n",
                  json_string_value(json_object_get(record_at(m), "key")),
                  json_string_value(json_object_get(m->row, "outcome")),
                  *json_string_value(json_object_get(m->row, "detail")) ? ": " : "",
                  json_string_value(json_object_get(m->row, "detail")));
}

/* Rows of the source's records, with what the flow makes of them now. */
static int fetch(struct mapping *m, json_t *how_take)
{
    json_t *out = NULL;
    json_object_set_new(how_take, "flow", json_string(m->flow));
    json_object_set_new(how_take, "alone", json_true());
    int rc = command_ask(m->line, "flows.preview", how_take, NULL, NULL, &out);
    json_t *rows = json_object_get(out, "rows");
    if (rc == EXIT_OK && json_array_size(rows) == 0) {
        visible_print(stderr, "koppel: the source has no record to try on; --file takes one\n");
        rc = EXIT_FAILED;
    } else if (rc == EXIT_OK) {
        json_decref(m->records);
        m->records = json_incref(rows);
        m->at = 0;
    }
    json_decref(out);
    return rc;
}

/* Another record is at hand. */
static void turn(struct mapping *m)
{
    put_row(m, try(m, m->rules));
    if (m->row)
        tell_record(m);
}

/* ---- orders ---- */

static void show(const struct mapping *m, const char *field)
{
    if (*field)
        preview_print_fields(m->row, field);
    else
        preview_print(m->row);
}

static void list_rules(const struct mapping *m)
{
    size_t i;
    json_t *rule;
    json_array_foreach(m->rules, i, rule) {
        const char *path = json_string_value(json_object_get(rule, "path"));
        visible_print(stdout, "%zu %.*s %s\n", i + 1, (int)strcspn(path, "/"), path,
                      json_string_value(json_object_get(rule, "value")));
    }
}

static void undo(struct mapping *m)
{
    size_t n = json_array_size(m->rules);
    if (n == 0) {
        visible_print(stderr, "koppel: nothing was typed that could be taken back\n");
        return;
    }
    json_array_remove(m->rules, n - 1);
    json_t *row = try(m, m->rules);
    if (row)
        map_changes_print(m->row, row);
    put_row(m, row);
}

static int save(struct mapping *m, const char *why)
{
    if (json_array_size(m->rules) == 0) {
        visible_print(stderr, "koppel: nothing was typed that could be saved\n");
        return EXIT_USAGE;
    }
    json_t *in = json_pack("{s:s,s:O,s:s*}", "flow", m->flow, "edits", m->rules, "why",
                           *why ? why : NULL);
    int rc = saved_ask(m->line, "flows.edit", in);
    if (rc == EXIT_OK)
        json_array_clear(m->rules);
    return rc;
}

static int order(struct mapping *m, const char *text)
{
    size_t n = strcspn(text, " ");
    const char *rest = text + n + strspn(text + n, " ");
    char name[16];
    int count = 0;
    snprintf(name, sizeof name, "%.*s", (int)n, text);
    while (map_complete_orders[count])
        count++;
    if (strcmp(name, ":help") == 0)
        fputs(help, stdout);
    else if (strcmp(name, ":quit") == 0)
        m->over = true;
    else if (strcmp(name, ":get") == 0 || strcmp(name, ":send") == 0)
        m->get = name[1] == 'g';
    else if (strcmp(name, ":show") == 0)
        show(m, rest);
    else if (strcmp(name, ":rules") == 0)
        list_rules(m);
    else if (strcmp(name, ":undo") == 0)
        undo(m);
    else if (strcmp(name, ":save") == 0)
        return save(m, rest);
    else if (strcmp(name, ":next") == 0) {
        m->at = (m->at + 1) % json_array_size(m->records);
        turn(m);
    } else if (strcmp(name, ":key") == 0 && *rest) {
        int rc = fetch(m, json_pack("{s:s}", "key", rest));
        if (rc == EXIT_OK)
            turn(m);
        return rc;
    } else {
        return command_unknown("order", name, "koppel map, which has :help", map_complete_orders,
                               count);
    }
    return EXIT_OK;
}

/* ---- rules ---- */

static int add_rule(struct mapping *m, const char *text)
{
    json_t *rules = json_copy(m->rules);
    bool braces = *text == '{';
    json_array_append_new(rules, json_pack("{s:s,s:o}", "path", m->get ? "get_map/+" : "map/+",
                                           "value", json_sprintf(braces ? "%s" : "{ %s }", text)));
    json_t *row = try(m, rules);
    if (row) {
        map_changes_print(m->row, row);
        json_decref(m->rules);
        m->rules = json_incref(rules);
    }
    json_decref(rules);
    put_row(m, row);
    return row ? EXIT_OK : EXIT_CONFIG;
}

/* How many brackets are open. */
static int depth_of(const char *text)
{
    int depth = 0;
    bool quoted = false;
    for (; *text; text++) {
        if (quoted && *text == '\\' && text[1])
            text++;
        else if (*text == '"')
            quoted = !quoted;
        else if (!quoted && strchr("{([", *text))
            depth++;
        else if (!quoted && strchr("})]", *text))
            depth--;
    }
    return depth;
}

/* A rule goes on over lines until its brackets are closed. false: there are no more lines. */
static bool read_text(const struct mapping *m, struct buf *out)
{
    char prompt[160];
    snprintf(prompt, sizeof prompt, "%.120s %s> ", m->flow, m->get ? "get" : "send");
    char *line = line_edit_read(prompt);
    if (!line)
        return false;
    buf_add_text(out, line + strspn(line, " \t"));
    free(line);
    while (buf_text(out)[0] != ':' && depth_of(buf_text(out)) > 0 &&
           (line = line_edit_read("...> "))) {
        buf_printf(out, "\n    %s", line);
        free(line);
    }
    return true;
}

static int talk(struct mapping *m)
{
    int rc = EXIT_OK;
    while (!m->over) {
        struct buf text;
        buf_init(&text, RULE_LIMIT);
        bool more = read_text(m, &text);
        if (!more)
            m->over = true;
        else if (!buf_ok(&text))
            visible_print(stderr, "koppel: the rule is too long\n");
        else if (*buf_text(&text) == ':')
            rc = order(m, buf_text(&text));
        else if (*buf_text(&text))
            rc = add_rule(m, buf_text(&text));
        buf_done(&text);
        fflush(stdout);
        if (line_edit_is_terminal())
            rc = EXIT_OK; /* whoever types has seen it */
    }
    if (json_array_size(m->rules) > 0)
        visible_print(stderr, "koppel: %zu rule%s not saved\n", json_array_size(m->rules),
                      json_array_size(m->rules) == 1 ? " was" : "s were");
    return rc;
}

/* ---- beginning ---- */

static json_t *complete(void *arg, const char *line, size_t end, size_t *start)
{
    const struct mapping *m = arg;
    return map_complete(m->fields, m->get, line, end, start);
}

static int open_mapping(struct mapping *m)
{
    const struct command_line *line = m->line;
    json_t *records = line->file ? record_file_read(line->file) : NULL;
    if (line->file && !records)
        return EXIT_USAGE;
    json_t *how = records     ? json_pack("{s:o}", "records", records)
                  : line->key ? json_pack("{s:o}", "key", command_json_text(line->key))
                              : json_pack("{s:i}", "limit", FIRST_RECORDS);
    int rc = command_ask(line, "flows.fields", json_pack("{s:s}", "flow", m->flow), NULL, NULL,
                         &m->fields);
    if (rc != EXIT_OK) {
        json_decref(how);
        return rc;
    }
    rc = fetch(m, how);
    if (rc == EXIT_OK)
        turn(m);
    return rc == EXIT_OK && !m->row ? EXIT_CONFIG : rc;
}

int command_map(const struct command_line *line)
{
    struct mapping m = {.line = line, .flow = line->words[0], .rules = json_array()};
    if (line->key && line->file)
        return COMMAND_MISUSED;
    int rc = open_mapping(&m);
    if (rc == EXIT_OK) {
        if (line_edit_is_terminal())
            printf("type a rule and see what it makes of this record; :help tells more\n");
        line_edit_begin(complete, &m);
        rc = talk(&m);
    }
    json_decref(m.fields);
    json_decref(m.records);
    json_decref(m.rules);
    json_decref(m.row);
    return rc;
}
