/* SPDX-License-Identifier: MIT
 * koppel publish: one configuration for all hosts that share a store. */
#include "commands/command_publish.h"

#include <stdio.h>

#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/saved.h"

static json_t *question(const struct command_line *line)
{
    json_t *in = json_object();
    if (line->revision > 0)
        json_object_set_new(in, "revision", json_integer(line->revision));
    if (line->over > 0)
        json_object_set_new(in, "over", json_integer(line->over));
    if (line->why)
        json_object_set_new(in, "why", command_json_text(line->why));
    return in;
}

static void print_published(const json_t *out)
{
    json_int_t now = json_integer_value(json_object_get(out, "revision"));
    json_int_t before = json_integer_value(json_object_get(out, "before"));
    if (now == before)
        visible_print(stdout, "revision %" JSON_INTEGER_FORMAT " is published already\n", now);
    else if (before > 0)
        visible_print(stdout, "revision %" JSON_INTEGER_FORMAT " is published; it was %"
                      JSON_INTEGER_FORMAT "\n", now, before);
    else
        visible_print(stdout, "revision %" JSON_INTEGER_FORMAT " is published\n", now);
    if (now != before)
        visible_print(stdout, "every host takes it within seconds; see: koppel hosts\n");
}

int command_publish(const struct command_line *line)
{
    json_t *out = NULL;
    int rc = command_ask(line, "config.publish", question(line), NULL, NULL, &out);
    if (rc != EXIT_OK)
        return rc;
    bool published = json_is_true(json_object_get(out, "published"));
    const json_t *taken = json_object_get(out, "reload");
    rc = published ? EXIT_OK : EXIT_CONFIG;
    if (line->json) {
        command_print_json(out);
        return rc;
    }
    saved_mistakes(json_object_get(out, "mistakes"));
    if (published)
        print_published(out);
    else
        visible_print(stderr, "koppel: nothing was published, as it has mistakes\n");
    if (json_is_object(taken) && !json_is_true(json_object_get(taken, "active"))) {
        saved_mistakes(json_object_get(taken, "mistakes"));
        visible_print(stderr, "koppel: this host cannot take it\n");
        rc = EXIT_CONFIG;
    }
    json_decref(out);
    return rc;
}
