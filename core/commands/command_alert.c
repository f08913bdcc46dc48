/* SPDX-License-Identifier: MIT
 * koppel alert: what needs a person, who knows of it, and whether the channels work. */
#include "commands/command_alert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_ask.h"

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* ---- list ---- */

static void print_alert(const json_t *row)
{
    const char *until = text_of(row, "until"), *silenced = text_of(row, "silenced");
    bool known = strcmp(text_of(row, "state"), "acknowledged") == 0;
    visible_print(stdout, "%lld  %s  %s  since %s  %s\n",
                  (long long)json_integer_value(json_object_get(row, "alert")),
                  text_of(row, "severity"), text_of(row, "rule"), text_of(row, "since"),
                  text_of(row, "text"));
    if (known)
        visible_print(stdout, "    acknowledged by %s until %s\n", text_of(row, "acknowledged"),
                      *until ? until : "it grows");
    else if (strcmp(text_of(row, "state"), "open") != 0)
        visible_print(stdout, "    %s\n", text_of(row, "state"));
    if (*silenced)
        visible_print(stdout, "    nobody is told: %s\n", silenced);
    visible_print(stdout, "    %s\n", text_of(row, "do"));
}

static void print_channel(const json_t *row)
{
    const char *error = text_of(row, "error"), *last = text_of(row, "last");
    visible_print(stdout, "channel %s (%s): %s%s%s\n", text_of(row, "channel"),
                  text_of(row, "type"), *error ? error : *last ? "its last message was taken, "
                                                               : "nothing was sent yet",
                  *error && *last ? "; tried " : "", last);
}

static int list(const struct command_line *line)
{
    json_t *out, *row;
    size_t i;
    int rc = command_ask(line, "alerts.list", json_pack("{s:b}", "all", line->all), NULL, NULL,
                         &out);
    json_t *channels = json_object_get(out, "channels");
    json_array_foreach(json_object_get(out, "alerts"), i, row) {
        if (strcmp(text_of(row, "state"), "open") == 0)
            rc = command_worse(rc, EXIT_PARKED);
        if (line->json)
            command_print_json(json_incref(row));
        else
            print_alert(row);
    }
    json_array_foreach(channels, i, row) {
        if (!line->json)
            print_channel(row);
    }
    if (out && !line->json && json_array_size(channels) == 0)
        printf("nobody is told: alerts.conf names no channel\n");
    json_decref(out);
    return rc;
}

/* ---- acknowledge ---- */

static int acknowledge(const struct command_line *line)
{
    char *end = NULL;
    long long number = strtoll(line->words[1], &end, 10);
    if (*end || number <= 0)
        return COMMAND_MISUSED;
    json_t *out, *in = json_pack("{s:I}", "alert", (json_int_t)number);
    if (line->until)
        json_object_set_new(in, "until", command_json_text(line->until));
    int rc = command_ask(line, "alerts.acknowledge", in, NULL, NULL, &out);
    if (rc == EXIT_OK && line->json)
        command_print_json(json_incref(out));
    else if (rc == EXIT_OK)
        visible_print(stdout, "alert %lld is acknowledged until %s\n", number,
                      *text_of(out, "until") ? text_of(out, "until") : "it grows");
    json_decref(out);
    return rc;
}

/* ---- test ---- */

static int test(const struct command_line *line)
{
    json_t *out, *one;
    size_t i;
    int rc = command_ask(line, "alerts.test", json_pack("{s:s}", "channel", line->words[1]), NULL,
                         NULL, &out);
    if (rc != EXIT_OK)
        return rc;
    bool ok = json_is_true(json_object_get(out, "ok"));
    if (line->json) {
        command_print_json(json_incref(out));
    } else {
        json_array_foreach(json_object_get(out, "dialogue"), i, one)
            visible_print(stdout, "%s\n", json_string_value(one));
        visible_print(stdout, "%s: %s%s (%lld ms)\n", text_of(out, "channel"),
                      ok ? "the message was taken" : "", text_of(out, "error"),
                      (long long)json_integer_value(json_object_get(out, "ms")));
    }
    json_decref(out);
    return ok ? EXIT_OK : EXIT_FAILED;
}

/* ---- the service is gone ---- */

/* What systemd says of the unit that failed; NULL: nothing. */
static json_t *why_of(void)
{
    const char *result = getenv("MONITOR_SERVICE_RESULT"), *status = getenv("MONITOR_EXIT_STATUS");
    if (!result)
        return NULL;
    return json_sprintf("%.60s%s%.20s", result, status ? " " : "", status ? status : "");
}

static int failed(const struct command_line *line)
{
    json_t *out, *in = json_pack("{s:o}", "unit", command_json_text(line->failed));
    json_t *why = why_of();
    if (why)
        json_object_set_new(in, "why", why);
    int rc = command_ask(line, "alerts.failed", in, NULL, NULL, &out);
    if (rc != EXIT_OK)
        return rc;
    json_int_t channels = json_integer_value(json_object_get(out, "channels"));
    json_int_t sent = json_integer_value(json_object_get(out, "sent"));
    if (channels == 0)
        printf("nobody is told: alerts.conf has no channel that can be used\n");
    else
        printf("%lld messages were taken, of %lld channels\n", (long long)sent,
               (long long)channels);
    json_decref(out);
    return sent == 0 ? EXIT_FAILED : EXIT_OK;
}

/* ---- */

int command_alert(const struct command_line *line)
{
    static const struct {
        const char *name;
        int words;
        int (*run)(const struct command_line *line);
    } orders[] = {{"list", 1, list}, {"acknowledge", 2, acknowledge}, {"test", 2, test}};
    const char *names[sizeof orders / sizeof *orders];
    const int count = (int)(sizeof orders / sizeof *orders);
    if (line->failed)
        return line->count == 0 ? failed(line) : COMMAND_MISUSED;
    if (line->count == 0)
        return list(line);
    for (int i = 0; i < count; i++) {
        names[i] = orders[i].name;
        if (strcmp(line->words[0], names[i]) == 0)
            return line->count == orders[i].words ? orders[i].run(line) : COMMAND_MISUSED;
    }
    return command_unknown("order", line->words[0], "koppel alert", names, count);
}
