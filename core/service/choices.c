/* SPDX-License-Identifier: MIT
 * What a system has to choose from. */
#include "service/choices.h"

#include <stdio.h>
#include <string.h>

#include "connection/connection_choices.h"
#include "service/ask.h"

static int show_lists(const struct catalogue *c, json_t **out, struct koppel_error *err)
{
    json_t *names = json_array();
    for (int i = 0; i < c->choice_count; i++)
        (void)json_array_append_new(names, ask_json_text(c->choices[i]));
    *out = json_pack("{s:o}", "lists", names);
    return *out ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

static int show_values(struct connection *c, const char *list, json_t **out,
                       struct koppel_error *err)
{
    struct koppel_list rows = {0};
    json_t *values = json_array();
    int rc = connection_choices(c, list, &rows, err);
    for (int i = 0; i < rows.count; i++)
        (void)json_array_append_new(values, json_pack("{s:o,s:o}", "value",
                                                      ask_json_text(rows.rows[i].value), "title",
                                                      ask_json_text(rows.rows[i].title)));
    list_done(&rows);
    if (rc == 0)
        *out = json_pack("{s:O}", "values", values);
    json_decref(values);
    return rc == 0 && !*out ? err_set(err, KOPPEL_E_BUG, "out of memory") : rc;
}

int choices_show(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    const struct conf_connection *conf = ask_connection(s, ask_text(ask, "connection"), err);
    const char *list = ask_text(ask, "list");
    char place[300];
    if (!conf)
        return -1;
    const struct catalogue *c = conf->catalogue;
    if (!list)
        return show_lists(c, out, err);
    for (int i = 0; i < c->choice_count; i++) {
        if (strcmp(c->choices[i], list) == 0)
            return show_values(engine_connection(s->engine, conf), list, out, err);
    }
    snprintf(place, sizeof place, "%s; koppel choices %s shows them", conf->name, conf->name);
    return ask_unknown("list", list, place, c->choices, c->choice_count, err);
}
