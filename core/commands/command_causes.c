/* SPDX-License-Identifier: MIT
 * koppel causes: what records wait for, most of them first, and what helps. */
#include "commands/command_causes.h"

#include "commands/command_ask.h"
#include "commands/paper.h"

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void print_count(json_int_t count, const char *state, const char *gap)
{
    if (count > 0)
        paper_print(PAPER_CARE, "%s%" JSON_INTEGER_FORMAT " %s", gap, count, state);
}

static void print_cause(const json_t *c, const struct zone *zone)
{
    char at[PAPER_TIME_BYTES];
    const json_t *remedy = json_object_get(c, "remedy");
    json_int_t parked = json_integer_value(json_object_get(c, "parked"));
    paper_print(PAPER_STRONG, "%s", text_of(c, "reason"));
    paper_print(PAPER_PLAIN, "  flow %s  ", text_of(c, "flow"));
    print_count(parked, "parked", "");
    print_count(json_integer_value(json_object_get(c, "waiting")), "waiting",
                parked > 0 ? ", " : "");
    paper_print(PAPER_FAINT, "  since %s  cause %s\n",
                paper_ago_text(text_of(c, "first"), "", zone, at), text_of(c, "cause"));
    paper_print(PAPER_PLAIN, "  %s\n", text_of(c, "text"));
    if (*text_of(remedy, "text"))
        paper_print(PAPER_PLAIN, "  what helps: %s\n", text_of(remedy, "text"));
    if (*text_of(remedy, "command"))
        paper_print(PAPER_STRONG, "    %s\n", text_of(remedy, "command"));
    paper_print(PAPER_FAINT, "  such as: koppel activity %s\n", text_of(c, "job"));
}

int command_causes(const struct command_line *line)
{
    json_t *out, *c, *in = json_object();
    size_t i;
    if (line->count > 0)
        json_object_set_new(in, "flow", json_string(line->words[0]));
    const struct zone *zone = line->json ? NULL : command_ask_zone(line);
    int rc = command_ask(line, "jobs.causes", in, NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "causes"), i, c) {
        if (json_integer_value(json_object_get(c, "parked")) > 0)
            rc = EXIT_PARKED;
        if (line->json)
            command_print_json(json_incref(c));
        else
            print_cause(c, zone);
    }
    json_decref(out);
    return rc;
}
