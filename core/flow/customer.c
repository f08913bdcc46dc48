/* SPDX-License-Identifier: MIT
 * A person who becomes a company, or the reverse: the destination has another kind of card for
 * each, so this is never done silently. What a customer was when it was sent last is remembered
 * beside its link. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mapping/map.h"
#include "flow/work.h"

#define TYPE_SCOPE_BYTES 400

static const char *type_of(const json_t *customer)
{
    const char *company = json_string_value(json_object_get(customer, "company"));
    return company && company[strspn(company, " \t\r\n")] ? "company" : "person";
}

static bool is_filled(const json_t *customer, const char *name)
{
    const char *text = json_string_value(json_object_get(customer, name));
    return text && text[strspn(text, " \t\r\n")];
}

bool flow_customer_findable(const struct cat_entity *e, const json_t *customer)
{
    for (int i = 0; i < e->match_count; i++) {
        if (strcmp(e->match[i].core, "number") != 0 && is_filled(customer, e->match[i].core))
            return true;
    }
    return false;
}

void flow_customer_lock(const char *scope, const json_t *customer, char *out, size_t room)
{
    const char *key = json_string_value(
        json_object_get(customer, is_filled(customer, "email") ? "email" : "number"));
    int n = snprintf(out, room, "%s|", scope);
    for (; key && *key && n > 0 && (size_t)n + 1 < room; key++) {
        if (!isspace((unsigned char)*key))
            out[n++] = (char)tolower((unsigned char)*key);
    }
    if (n > 0 && (size_t)n < room)
        out[n] = '\0';
}

/* Equal but for case and white space, where ASCII. */
static bool same_words(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (isspace((unsigned char)*a))
            a++;
        while (isspace((unsigned char)*b))
            b++;
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        if (!*a)
            return true;
    }
}

bool flow_customer_same(const struct conf_mapping *send, const json_t *customer,
                        const json_t *record)
{
    json_t *mapped = NULL;
    struct koppel_error ignored = {0};
    const char *there = json_string_value(json_object_get(record, "name")), *here;
    if (!there || map_apply(send, customer, MAP_CREATE, &mapped, NULL, &ignored) != 0)
        return false;
    here = json_string_value(json_object_get(mapped, "name"));
    bool same = here && same_words(here, there);
    json_decref(mapped);
    return same;
}

static void type_scope(const char *scope, char out[TYPE_SCOPE_BYTES])
{
    snprintf(out, TYPE_SCOPE_BYTES, "%.380s#type", scope);
}

int flow_customer_type(struct flow *f, const char *scope, const char *key, json_t *customer,
                       const char *policy, bool *make_new, struct koppel_error *err)
{
    char types[TYPE_SCOPE_BYTES];
    struct store_link was = {0};
    int found = 0, rc = 0;
    const char *is = type_of(customer);
    *make_new = false;
    json_object_del(customer, "type_changed");
    type_scope(scope, types);
    if (f->store->ops->link_get(f->store, types, key, &was, &found, err) != 0)
        return -1;
    if (found && was.id && strcmp(was.id, is) != 0) {
        *make_new = strcmp(policy, "new") == 0;
        if (strcmp(policy, "convert") == 0)
            rc = json_object_set_new(customer, "type_changed", json_true());
        else if (!*make_new)
            rc = err_reason(err, KOPPEL_E_REJECTED, "customer.type",
                            "customer %s was a %s and is a %s now", key, was.id, is);
    }
    store_link_done(&was);
    return rc;
}

int flow_customer_sent(struct flow *f, const char *scope, const char *key, const json_t *customer,
                       struct koppel_error *err)
{
    char types[TYPE_SCOPE_BYTES];
    struct store_link was = {0};
    int found = 0;
    const char *is = type_of(customer);
    type_scope(scope, types);
    if (f->store->ops->link_get(f->store, types, key, &was, &found, err) != 0)
        return -1;
    bool same = found && was.id && strcmp(was.id, is) == 0;
    store_link_done(&was);
    struct store_link_change change = {.scope = types, .key = key, .id = is};
    return same ? 0 : f->store->ops->link_put(f->store, &change, err);
}
