/* SPDX-License-Identifier: MIT
 * Finds and runs one row of the table. */
#include "service/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/log.h"
#include "base/nearest.h"
#include "service/service_table.h"

const struct service_row *service_find(const char *name)
{
    for (const struct service_row *row = service_table; row->name; row++) {
        if (strcmp(row->name, name) == 0)
            return row;
    }
    return NULL;
}

static const struct service_member *member_of(const struct service_row *row, const char *name)
{
    for (const struct service_member *m = row->members; m->name; m++) {
        if (strcmp(m->name, name) == 0)
            return m;
    }
    return NULL;
}

static bool is_list_of(json_type type, const json_t *value)
{
    size_t i;
    json_t *one;
    if (!json_is_array(value))
        return false;
    json_array_foreach(value, i, one) {
        if (json_typeof(one) != type)
            return false;
    }
    return true;
}

static bool fits(const struct service_member *m, const json_t *value)
{
    switch (m->type) {
    case SERVICE_TEXT:
        return json_string_length(value) > 0;
    case SERVICE_LINE:
        return json_is_string(value);
    case SERVICE_NUMBER:
        return json_is_integer(value) && json_integer_value(value) >= 0;
    case SERVICE_FLAG:
        return json_is_boolean(value);
    case SERVICE_LIST:
        return is_list_of(JSON_STRING, value);
    case SERVICE_OBJECT:
        return json_is_object(value);
    case SERVICE_OBJECTS:
        return is_list_of(JSON_OBJECT, value);
    }
    return false;
}

static int wrong_member(const struct service_row *row, const char *name, struct koppel_error *err)
{
    const char *names[SERVICE_MEMBERS];
    int count = 0;
    for (const struct service_member *m = row->members; m->name; m++)
        names[count++] = m->name;
    const char *nearest = nearest_name(name, names, count);
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s takes no \"%s\"%s%s%s", row->name,
                      name, nearest ? ", perhaps \"" : "", nearest ? nearest : "",
                      nearest ? "\"" : "");
}

int service_check(const struct service_row *row, const json_t *in, struct koppel_error *err)
{
    static const char *const kinds[] = {"", "a text", "a text", "a whole number", "true or false",
                                        "a list of texts", "an object", "a list of objects"};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)in, name, value) {
        const struct service_member *m = member_of(row, name);
        if (!m)
            return wrong_member(row, name, err);
        if (!fits(m, value))
            return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s: %s must be %s", row->name,
                              name, kinds[m->type]);
    }
    for (const struct service_member *m = row->members; m->name; m++) {
        if (m->required && !json_object_get(in, m->name))
            return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s: %s is missing", row->name,
                              m->name);
    }
    return 0;
}

/* What an order was about. */
static const char *subject_of(const json_t *in)
{
    static const char *const members[] = {"flow", "connection", "job", "path", "table",
                                          "file", "channel", "rule", "user", "token",
                                          "backup"};
    static const char *const lists[] = {"flows", "jobs"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *subject = json_string_value(json_object_get(in, members[i]));
        if (subject)
            return subject;
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const json_t *list = json_object_get(in, lists[i]);
        if (json_array_size(list) == 1)
            return json_string_value(json_array_get(list, 0));
    }
    return NULL;
}

/* Which jobs an order meant, where a filter said so; keys and words of records are not told. */
static json_t *filter_of(const json_t *in)
{
    static const char *const members[] = {"state", "reason", "cause", "since", "until"};
    json_t *filter = json_object();
    for (size_t i = 0; filter && i < sizeof members / sizeof *members; i++) {
        json_t *value = json_object_get(in, members[i]);
        if (value)
            (void)json_object_set(filter, members[i], value);
    }
    return filter;
}

/* The members of the order are not told: among them are values, and the answers of log-ins. */
void service_audit(const struct service_row *row, struct store *store,
                   const struct service_ask *ask, const json_t *out)
{
    struct koppel_error err = {0};
    const char *why = json_string_value(json_object_get(ask->in, "why"));
    json_t *body = json_pack("{s:s,s:s,s:s,s:s*,s:O*,s:o}", "order", row->name, "what", row->audit,
                             "via", ask->who->via, "why", why, "count",
                             json_object_get(out, "count"), "filter", filter_of(ask->in));
    size_t bytes = 0;
    char *text = body ? json_text(body, true, &bytes) : NULL;
    struct store_entry e = {.kind = "audit", .who = ask->who->name, .subject = subject_of(ask->in),
                            .body = text, .body_bytes = bytes};
    if (!text || store->ops->entry_add(store, &e, NULL, &err) != 0)
        log_warning(LOG_ABOUT(.event = "audit.lost"), "%s (%s) is not in the audit: %s", row->name,
                    ask->who->name, text ? err.text : "out of memory");
    free(text);
    json_decref(body);
}

int service_call(const struct service_row *row, struct service *s, const struct service_ask *ask,
                 json_t **out, struct koppel_error *err)
{
    *out = NULL;
    if (ask->who->role < row->role)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_DENIED, "%s may not do this: %s",
                          ask->who->name, row->name);
    s->pages = strcmp(ask->who->via, "gui") == 0 || strcmp(ask->who->via, "token") == 0;
    if (service_check(row, ask->in, err) != 0 || row->run(s, ask, out, err) != 0)
        return -1;
    /* a plan does nothing */
    if (row->audit && s->store && !json_is_true(json_object_get(ask->in, "plan")))
        service_audit(row, s->store, ask, *out);
    if (row->audit && s->engine)
        engine_ordered(s->engine);
    return 0;
}
