/* SPDX-License-Identifier: MIT
 * koppel sync: runs flows once, shows a progress bar on a terminal, and prints what happened. An
 * engine that runs is told to; without one this is the engine. */
#include "commands/command_sync.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/visible.h"
#include "commands/command_again.h"
#include "commands/command_ask.h"
#include "commands/command_report.h"
#include "commands/command_resend.h"
#include "commands/paper.h"
#include "service/flows.h"

#define BAR_CELLS 20
#define RATE_FROM_MS 2000 /* a rate of less time says nothing */

struct sync {
    bool json, bar;
    bool drawn; /* a bar stands on the last line */
    int rc;
    char flow[64];     /* which one the bar is of */
    int64_t began_ms;  /* when it came, by the clock of time-outs */
};

/* ", 12/s, 3 min left" of what was read so far; "" where that cannot be told yet. */
static void tell_rate(const struct sync *s, json_int_t read, json_int_t settled, char *out,
                      size_t room)
{
    char left[PAPER_TIME_BYTES];
    int64_t ms = clock_monotonic_ms() - s->began_ms;
    *out = '\0';
    if (ms < RATE_FROM_MS || settled <= 0)
        return;
    int n = snprintf(out, room, ", %lld/s", (long long)(settled * 1000 / ms));
    if (read > settled)
        snprintf(out + n, room - (size_t)n, ", %s left",
                 paper_span((read - settled) * ms / settled, left));
}

static void draw_bar(struct sync *s, const char *flow, json_int_t read, json_int_t settled)
{
    int cells = read > 0 ? (int)(settled * BAR_CELLS / read) : 0;
    char rate[80];
    if (strncmp(s->flow, flow, sizeof s->flow - 1) != 0) {
        snprintf(s->flow, sizeof s->flow, "%.60s", flow);
        s->began_ms = clock_monotonic_ms();
    }
    if (cells > BAR_CELLS)
        cells = BAR_CELLS;
    tell_rate(s, read, settled, rate, sizeof rate);
    /* what stood there before may be longer */
    visible_print(stderr, "\r%-12.12s [%.*s%.*s] %lld of %lld%s", flow, cells,
                  "####################", BAR_CELLS - cells, "                    ",
                  (long long)settled, (long long)read, rate);
    fputs("\033[K", stderr);
    fflush(stderr);
    s->drawn = true;
    log_over_bar(true);
}

/* One flow is through; what the exit code is to say of it. */
static void print_row(struct sync *s, const json_t *row)
{
    const json_t *error = json_object_get(row, "error");
    const char *kind = json_string_value(json_object_get(error, "kind"));
    const char *reason = json_string_value(json_object_get(error, "reason"));
    log_over_bar(false);
    if (s->drawn)
        fputc('\n', stderr);
    s->drawn = false;
    if (kind) {
        bool paused = strcmp(reason, "flow.paused") == 0;
        visible_print(stderr, "koppel: %s\n", json_string_value(json_object_get(error, "text")));
        int failed = strcmp(kind, err_kind_name(KOPPEL_E_CONFIG)) == 0 ? EXIT_CONFIG : EXIT_FAILED;
        s->rc = command_worse(s->rc, paused ? EXIT_PARKED : failed);
    }
    command_report_flow(row, s->json);
    if (flows_are_open(row))
        s->rc = command_worse(s->rc, EXIT_PARKED);
}

static int on_progress(void *arg, const json_t *progress)
{
    struct sync *s = arg;
    const json_t *row = json_object_get(progress, "over");
    if (row)
        print_row(s, row);
    else if (s->bar)
        draw_bar(s, json_string_value(json_object_get(progress, "flow")),
                 json_integer_value(json_object_get(progress, "read")),
                 json_integer_value(json_object_get(progress, "settled")));
    return 0;
}

int command_sync(const struct command_line *line)
{
    struct sync s = {.json = line->json, .bar = !line->json && isatty(STDERR_FILENO) &&
                                               !paper_is_dumb()};
    json_t *out, *in;
    if (line->resend)
        return command_resend(line);
    if (line->since || line->keys)
        return command_again(line);
    if (line->all == (line->count > 0))
        return COMMAND_MISUSED; /* flows by name, or all of them */
    in = line->all ? json_pack("{s:b}", "all", 1) : json_pack("{s:o}", "flows",
                                                              command_words(line, 0));
    if (line->wait_s >= 0)
        json_object_set_new(in, "wait_ms", json_integer(line->wait_s * (json_int_t)1000));
    int rc = command_ask(line, "flows.run", in, on_progress, &s, &out);
    if (s.drawn)
        fputc('\n', stderr);
    if (json_is_true(json_object_get(out, "stopped")))
        rc = command_worse(rc, EXIT_PARKED);
    json_decref(out);
    return command_worse(rc, s.rc);
}
