/* SPDX-License-Identifier: MIT
 * Finds and runs one row of the table. */
#include "service/service.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/nearest.h"
#include "service/audit.h"
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

/* Into the store that there is when the order is through, which who had only names to go by opens
 * for that: what a backup was put back into knows nothing of the one before. */
static void keep_audit(const struct service_row *row, struct service *s,
                       const struct service_ask *ask, const json_t *out)
{
    struct koppel_error err = {0};
    struct store *own = NULL;
    if (row->need == SERVICE_NAMES && s->conf &&
        engine_open_store(s->conf, ENGINE_ORDER, &own, &err) != 0)
        log_warning(LOG_ABOUT(.event = "audit.lost"), "%s (%s) is not in the audit: %s", row->name,
                    ask->who->name, err.text);
    if (s->store || own)
        audit_add(own ? own : s->store, row->name, row->audit, ask, out);
    if (own)
        own->ops->close(own);
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
    if (row->audit && !json_is_true(json_object_get(ask->in, "plan")))
        keep_audit(row, s, ask, *out);
    if (row->audit && s->engine)
        engine_ordered(s->engine);
    return 0;
}
