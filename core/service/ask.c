/* SPDX-License-Identifier: MIT
 * What the functions of the table share: members of a question, and names that are not there. */
#include "service/ask.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/nearest.h"
#include "base/zone.h"

#define DAY_S 86400

const char *ask_text(const struct service_ask *ask, const char *name)
{
    return json_string_value(json_object_get(ask->in, name));
}

int64_t ask_number(const struct service_ask *ask, const char *name)
{
    const json_t *value = json_object_get(ask->in, name);
    return value ? json_integer_value(value) : -1;
}

/* When a day of a zone begins: the clock there may have been put on or back meanwhile. */
static int64_t day_begins(const struct zone *zone, int64_t utc)
{
    int64_t begins = utc - zone_offset(zone, utc);
    return utc - zone_offset(zone, begins);
}

int ask_moment(struct service *s, const struct service_ask *ask, const char *name, bool end,
               int64_t *out, struct koppel_error *err)
{
    const char *text = ask_text(ask, name);
    const struct zone *zone = zone_find(s->conf->home.zone);
    char day[64];
    int64_t ms;
    if (!text || clock_parse(text, out) == 0)
        return 0;
    snprintf(day, sizeof day, "%.40sT00:00:00Z", text);
    if (clock_parse(day, &ms) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "%s: \"%s\" is no day such as 2026-11-26, and no moment", name, text);
    *out = day_begins(zone, ms / 1000 + (end ? DAY_S : 0)) * 1000;
    return 0;
}

bool ask_flag(const struct service_ask *ask, const char *name)
{
    return json_is_true(json_object_get(ask->in, name));
}

/* ---- what goes out ---- */

bool ask_tell(const struct service_ask *ask, json_t *progress_take)
{
    int rc = ask->tell && progress_take ? ask->tell(ask->arg, progress_take) : 0;
    json_decref(progress_take);
    return rc == 0 && !ask_stopped(ask);
}

bool ask_stopped(const struct service_ask *ask)
{
    return ask->stop && atomic_load(ask->stop);
}

json_t *ask_json_text(const char *text)
{
    return text ? json_string_nocheck(text) : json_null();
}

json_t *ask_copy(const json_t *value)
{
    return value ? json_deep_copy(value) : NULL;
}

/* ---- names ---- */

int ask_unknown(const char *thing, const char *name, const char *place,
                    const char *const *names, int count, struct koppel_error *err)
{
    const char *nearest = nearest_name(name, names, count);
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "no %s \"%s\" in %s%s%s%s", thing,
                      name, place, nearest ? ", perhaps \"" : "", nearest ? nearest : "",
                      nearest ? "\"" : "");
}

const struct conf_flow *ask_flow(struct service *s, const char *name, struct koppel_error *err)
{
    const struct conf_flow *found = conf_flow(s->conf, name);
    if (found)
        return found;
    char place[600];
    const char **names = calloc((size_t)s->conf->flow_count + 1, sizeof *names);
    for (int i = 0; names && i < s->conf->flow_count; i++)
        names[i] = s->conf->flows[i].name;
    snprintf(place, sizeof place, "%s/flows.d", s->dir);
    ask_unknown("flow", name, place, names, names ? s->conf->flow_count : 0, err);
    free(names);
    return NULL;
}

const struct conf_connection *ask_connection(struct service *s, const char *name,
                                                 struct koppel_error *err)
{
    const struct conf_connection *found = conf_connection(s->conf, name);
    if (found)
        return found;
    char place[600];
    const char **names = calloc((size_t)s->conf->connection_count + 1, sizeof *names);
    for (int i = 0; names && i < s->conf->connection_count; i++)
        names[i] = s->conf->connections[i].name;
    snprintf(place, sizeof place, "%s/connections.d", s->dir);
    ask_unknown("connection", name, place, names, names ? s->conf->connection_count : 0, err);
    free(names);
    return NULL;
}
