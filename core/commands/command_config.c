/* SPDX-License-Identifier: MIT
 * koppel config: the configurations that were active, what differs between them, and the way
 * back. */
#include "commands/command_config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/paper.h"
#include "commands/saved.h"

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

/* A revision's number; -1: it is none. */
static int64_t number_of(const char *word)
{
    char *end;
    if (!word || !*word || strspn(word, "0123456789") != strlen(word) || strlen(word) > 9)
        return -1;
    return strtol(word, &end, 10);
}

/* How the cases of its flows came out; one without cases says nothing. */
static void print_cases(const json_t *cases)
{
    json_t *flow;
    size_t i;
    int passed = (int)json_integer_value(json_object_get(cases, "passed"));
    if (passed > 0)
        visible_print(stdout, "  cases    %d passed\n", passed);
    json_array_foreach(json_object_get(cases, "failing"), i, flow)
        visible_print(stdout, "  cases    of %s failed, so it stayed off\n",
                      json_string_value(flow));
}

static void print_head(const struct command_line *line, const json_t *r)
{
    char at[PAPER_TIME_BYTES];
    size_t i;
    json_t *change;
    paper_moment(json_integer_value(json_object_get(r, "at")), command_ask_zone(line), at);
    visible_print(stdout, "revision %" PRId64 "  %s  %s by %s%s%s%s\n",
                  (int64_t)json_integer_value(json_object_get(r, "revision")), at, text(r, "how"),
                  text(r, "who"),
                  json_is_true(json_object_get(r, "active")) ? "" : ", never active",
                  *text(r, "why") ? ": " : "", text(r, "why"));
    json_array_foreach(json_object_get(r, "changes"), i, change)
        visible_print(stdout, "  %-8s %s\n", text(change, "change"), text(change, "path"));
    print_cases(json_object_get(r, "cases"));
}

static int ask(const struct command_line *line, const char *name, json_t *in_take, json_t **out)
{
    int rc = command_ask(line, name, in_take, NULL, NULL, out);
    if (rc == EXIT_OK && line->json)
        command_print_json(json_incref(*out));
    return rc;
}

static int print_log(const struct command_line *line)
{
    json_t *out = NULL, *one;
    size_t i;
    int rc = ask(line, "config.log", json_pack("{s:i}", "limit", line->limit), &out);
    const json_t *revisions = json_object_get(out, "revisions");
    if (rc == EXIT_OK && !line->json && json_array_size(revisions) == 0)
        visible_print(stdout, "no configuration was active yet\n");
    json_array_foreach(revisions, i, one) {
        if (!line->json)
            print_head(line, one);
    }
    json_decref(out);
    return rc;
}

static int print_one(const struct command_line *line)
{
    json_t *out = NULL, *one;
    size_t i;
    const char *file = line->count > 2 ? line->words[2] : NULL;
    int64_t seq = number_of(line->words[1]);
    json_t *in = seq >= 0 ? json_pack("{s:I,s:s*}", "revision", (json_int_t)seq, "file", file)
                          : json_pack("{s:o,s:s*}", "version", command_json_text(line->words[1]),
                                      "file", file);
    int rc = ask(line, "config.show", in, &out);
    if (rc == EXIT_OK && !line->json && file) {
        visible_print(stdout, "%s", text(out, "text"));
    } else if (rc == EXIT_OK && !line->json) {
        print_head(line, out);
        json_array_foreach(json_object_get(out, "files"), i, one)
            visible_print(stdout, "  %8" PRId64 " %s\n",
                          (int64_t)json_integer_value(json_object_get(one, "bytes")),
                          text(one, "path"));
    }
    json_decref(out);
    return rc;
}

static void print_diffs(const json_t *out)
{
    size_t i;
    json_t *file;
    json_array_foreach(json_object_get(out, "files"), i, file)
        visible_print(stdout, "%s", text(file, "diff"));
}

static int print_diff(const struct command_line *line)
{
    json_t *out = NULL;
    int64_t from = number_of(line->words[1]);
    int64_t to = line->count > 2 ? number_of(line->words[2]) : 0;
    const char *file = line->count > 3 ? line->words[3] : to < 0 ? line->words[2] : NULL;
    if (from < 0 || (to < 0 && line->count > 3))
        return COMMAND_MISUSED;
    json_t *in = json_pack("{s:I,s:s*}", "from", (json_int_t)from, "file", file);
    if (to > 0)
        json_object_set_new(in, "to", json_integer((json_int_t)to));
    int rc = ask(line, "config.diff", in, &out);
    if (!line->json)
        print_diffs(out);
    json_decref(out);
    return rc;
}

static int print_status(const struct command_line *line)
{
    json_t *out = NULL, *m;
    size_t i;
    int rc = ask(line, "config.status", json_object(), &out);
    if (rc != EXIT_OK)
        return rc;
    const json_t *active = json_object_get(out, "revision");
    bool differs = json_array_size(json_object_get(out, "files")) > 0;
    bool faulty = json_integer_value(json_object_get(out, "errors")) > 0;
    if (!line->json) {
        if (json_is_object(active))
            print_head(line, active);
        else
            visible_print(stdout, "no configuration was active yet\n");
        visible_print(stdout, differs ? "on the disk:\n" : "the files are as they were then\n");
        print_diffs(out);
        json_array_foreach(json_object_get(out, "mistakes"), i, m)
            visible_print(stderr, "%s:%d: %s\n", text(m, "file"),
                          (int)json_integer_value(json_object_get(m, "line")), text(m, "text"));
    }
    json_decref(out);
    return faulty ? EXIT_CONFIG : EXIT_OK;
}

static int roll_back(const struct command_line *line)
{
    int64_t seq = number_of(line->words[1]);
    if (seq < 0 || !line->why)
        return COMMAND_MISUSED;
    return saved_ask(line, "config.rollback",
                     json_pack("{s:I,s:s}", "revision", (json_int_t)seq, "why", line->why));
}

static const struct {
    const char *name;
    int least, most; /* words, its name included */
    int (*run)(const struct command_line *line);
} parts[] = {
    {"log", 1, 1, print_log},
    {"show", 2, 3, print_one},
    {"diff", 2, 4, print_diff},
    {"status", 1, 1, print_status},
    {"rollback", 2, 2, roll_back},
};
#define PARTS (int)(sizeof parts / sizeof *parts)

int command_config(const struct command_line *line)
{
    const char *names[PARTS];
    for (int i = 0; i < PARTS; i++) {
        names[i] = parts[i].name;
        if (strcmp(parts[i].name, line->words[0]) == 0)
            return line->count >= parts[i].least && line->count <= parts[i].most
                       ? parts[i].run(line)
                       : COMMAND_MISUSED;
    }
    return command_unknown("question", line->words[0], "koppel config", names, PARTS);
}
