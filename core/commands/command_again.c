/* SPDX-License-Identifier: MIT
 * koppel sync FLOW --since DATE | --keys FILE: reads records again on purpose. */
#include "commands/command_again.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/command_report.h"
#include "commands/paper.h"
#include "service/flows.h"

/* ---- what is asked for ---- */

/* The key in a line, without the blanks around it; NULL: an empty line. */
static char *key_of(char *line)
{
    line += strspn(line, " \t\r\n");
    for (size_t n = strlen(line); n > 0 && strchr(" \t\r\n", line[n - 1]); n--)
        line[n - 1] = '\0';
    return *line ? line : NULL;
}

/* A key per line. NULL: it cannot be read, which is told. */
static json_t *read_keys(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    json_t *keys = file ? json_array() : NULL;
    char *line = NULL, *key;
    size_t room = 0;
    while (keys && getline(&line, &room, file) >= 0) {
        json_t *text = (key = key_of(line)) ? json_string(key) : NULL;
        if (key && (!text || json_array_append_new(keys, text) != 0)) {
            visible_print(stderr, "koppel: %s: \"%s\" is no text\n", path, key);
            json_decref(keys);
            keys = NULL;
        }
    }
    if (!file || ferror(file))
        visible_print(stderr, "koppel: %s: %s\n", path, strerror(errno));
    if (file && ferror(file)) {
        json_decref(keys);
        keys = NULL;
    }
    free(line);
    if (file && file != stdin)
        fclose(file);
    return keys;
}

/* ---- how far it is ---- */

void command_again_begin(struct command_again_bar *b, const struct command_line *line)
{
    *b = (struct command_again_bar){
        .shown = !line->json && isatty(STDERR_FILENO) && !paper_is_dumb(),
        .begun_ms = clock_monotonic_ms()};
}

void command_again_end(struct command_again_bar *b)
{
    if (b->drawn)
        fputc('\n', stderr);
    log_over_bar(false);
}

int command_again_progress(void *arg, const json_t *progress)
{
    struct command_again_bar *b = arg;
    long long looked = json_integer_value(json_object_get(progress, "looked"));
    const json_t *told = json_object_get(progress, "total");
    long long total = json_is_integer(told) ? json_integer_value(told) : 0;
    long long spent = clock_monotonic_ms() - b->begun_ms;
    char of[64] = "", left[64] = "", span[PAPER_TIME_BYTES];
    if (!b->shown)
        return 0;
    if (total > 0)
        snprintf(of, sizeof of, " of %lld", total);
    if (total > looked && looked > 0)
        snprintf(left, sizeof left, ", %s left", paper_span((total - looked) * spent / looked,
                                                            span));
    visible_print(stderr, "\r%lld%s looked at, %lld/s%s, %lld delivered", looked, of,
                  spent > 0 ? looked * 1000 / spent : 0, left,
                  (long long)json_integer_value(json_object_get(progress, "settled")));
    fputs("\033[K", stderr); /* what stood there before may be longer */
    fflush(stderr);
    b->drawn = true;
    log_over_bar(true);
    return 0;
}

/* ---- what came of it ---- */

static void print_again(const json_t *again)
{
    size_t i;
    json_t *name;
    long long unknown = json_integer_value(json_object_get(again, "unknown"));
    visible_print(stdout, "  again    %8lld looked at, %lld read again\n",
                  (long long)json_integer_value(json_object_get(again, "looked")),
                  (long long)json_integer_value(json_object_get(again, "taken")));
    json_array_foreach(json_object_get(again, "names"), i, name)
        visible_print(stdout, "    not known at the source: %s\n", json_string_value(name));
    if (unknown > (long long)i)
        visible_print(stdout, "    and %lld more\n", unknown - (long long)i);
    if (!json_is_true(json_object_get(again, "over")))
        visible_print(stdout, "    not through yet: the flow's next run goes on with it\n");
}

static int code_of(const json_t *row)
{
    const json_t *error = json_object_get(row, "error"), *again = json_object_get(row, "again");
    const char *kind = json_string_value(json_object_get(error, "kind"));
    const char *reason = json_string_value(json_object_get(error, "reason"));
    int rc = flows_are_open(row) || !json_is_true(json_object_get(again, "over")) ||
                     json_integer_value(json_object_get(again, "unknown")) > 0
                 ? EXIT_PARKED : EXIT_OK;
    if (!kind)
        return rc;
    visible_print(stderr, "koppel: %s\n", json_string_value(json_object_get(error, "text")));
    if (reason && strcmp(reason, "flow.paused") == 0)
        return EXIT_PARKED;
    return strcmp(kind, err_kind_name(KOPPEL_E_CONFIG)) == 0 ? EXIT_CONFIG : EXIT_FAILED;
}

int command_again_code(const json_t *out)
{
    const json_t *row = json_object_get(out, "flow");
    if (!row)
        return EXIT_OK;
    return json_is_true(json_object_get(out, "stopped")) ? command_worse(code_of(row), EXIT_PARKED)
                                                         : code_of(row);
}

int command_again_print(const struct command_line *line, const json_t *out)
{
    const json_t *row = json_object_get(out, "flow");
    int rc = command_again_code(out);
    if (!row)
        return rc;
    command_report_flow(row, line->json);
    if (!line->json)
        print_again(json_object_get(row, "again"));
    return rc;
}

int command_again(const struct command_line *line)
{
    struct command_again_bar bar;
    json_t *out = NULL, *keys = NULL, *in;
    if (line->count != 1 || line->all || (line->since && line->keys))
        return COMMAND_MISUSED; /* of one flow, by one of both */
    if (line->keys && !(keys = read_keys(line->keys)))
        return EXIT_USAGE;
    in = json_pack("{s:s,s:s*,s:o*}", "flow", line->words[0], "since", line->since, "keys", keys);
    if (in && line->wait_s >= 0)
        (void)json_object_set_new(in, "wait_ms", json_integer(line->wait_s * (json_int_t)1000));
    command_again_begin(&bar, line);
    int rc = command_ask(line, "flows.again", in, command_again_progress, &bar, &out);
    command_again_end(&bar);
    rc = command_worse(rc, command_again_print(line, out));
    json_decref(out);
    return rc;
}
