/* SPDX-License-Identifier: MIT
 * A person who becomes a company, or the reverse: the destination has another kind of card for each, so
 * this is never done silently. What a customer was when it was sent last is remembered beside its link. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/work.h"

#define TYPE_SCOPE_BYTES 400

static const char *type_of(const json_t *customer)
{
    const char *company = json_string_value(json_object_get(customer, "company"));
    return company && company[strspn(company, " \t\r\n")] ? "company" : "person";
}

static void type_scope(const char *scope, char out[TYPE_SCOPE_BYTES])
{
    snprintf(out, TYPE_SCOPE_BYTES, "%.380s#type", scope);
}

int flow_customer_type(struct flow *f, const char *scope, const char *key, json_t *customer, const char *policy,
                       bool *make_new, struct koppel_error *err)
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
            rc = err_reason(err, KOPPEL_E_REJECTED, "customer.type", "customer %s was a %s and is a %s now", key,
                            was.id, is);
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
