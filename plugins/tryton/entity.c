/* SPDX-License-Identifier: MIT
 * What the kinds of records have in common; see entity.h. */
#include "entity.h"

#include "customer.h"
#include "invoice.h"
#include "product.h"
#include "wire.h"

const struct entity *entity_find(struct tryton *t, const char *name, struct koppel_error *err)
{
    const struct entity *all[] = {&customer_entity, &product_entity, &invoice_entity};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    }
    t->host->fail(err, KOPPEL_E_BUG, "there is no entity %s", name);
    return NULL;
}

static json_t *field_list(const char *names)
{
    json_t *list = json_array();
    while (*names) {
        size_t n = strcspn(names, " ");
        json_array_append_new(list, json_stringn(names, n));
        names += n + (names[n] == ' ');
    }
    return list;
}

int entity_rows(struct tryton *t, const struct entity *e, const char *what, json_t *domain_take,
                uint32_t limit, json_t **rows, struct koppel_error *err)
{
    char method[80];
    snprintf(method, sizeof method, "model.%s.search_read", e->model);
    const struct rpc call = {.what = what, .method = method, .one = limit > 0};
    *rows = NULL;
    if (!domain_take)
        return rpc_no_memory(t, err);
    if (rpc_session(t, err) != 0) {
        json_decref(domain_take);
        return -1;
    }
    json_t *domain = e->domain(t);
    json_array_extend(domain, domain_take);
    json_decref(domain_take);
    return rpc_call_all(t, &call,
                        json_pack("[o,i,o,[[s,s]],o]", domain, 0,
                                  limit ? json_integer(limit) : json_null(), "id", "ASC",
                                  field_list(e->fields)),
                        rows, err);
}

int entity_row(struct tryton *t, const struct entity *e, const char *what, int64_t id,
               json_t **row, struct koppel_error *err)
{
    json_t *rows = NULL;
    *row = NULL;
    if (entity_rows(t, e, what, json_pack("[[s,s,I]]", "id", "=", (json_int_t)id), 1, &rows, err)
        != 0)
        return -1;
    *row = json_incref(json_array_get(rows, 0));
    json_decref(rows);
    return 0;
}

int entity_done(struct tryton *t, const struct entity *e, int64_t id, uint32_t index,
                struct koppel_results *out, struct koppel_error *err)
{
    char text[24];
    json_t *row = NULL;
    snprintf(text, sizeof text, "%lld", (long long)id);
    if (entity_row(t, e, e->read_what, id, &row, err) != 0)
        return -1;
    json_t *record = row ? e->record(row) : NULL;
    json_decref(row);
    return t->host->result_done(out, index, text, record, err);
}

void entity_put(json_t *object, const char *name, json_t *value_take)
{
    if (value_take)
        json_object_set_new(object, name, value_take);
}

void entity_put_text(json_t *object, const char *name, const char *text)
{
    if (text && *text)
        json_object_set_new(object, name, json_string(text));
}

void entity_put_id(json_t *object, const char *name, int64_t id)
{
    if (id)
        json_object_set_new(object, name, json_sprintf("%lld", (long long)id));
}

json_t *entity_condition(const char *field, const char *value)
{
    int64_t id = wire_id_of(value);
    if (strcmp(field, "id") == 0)
        return id ? json_pack("[s,s,I]", "id", "=", (json_int_t)id) : NULL;
    return json_pack("[s,s,s]", field, "=", value);
}

const char *entity_text(const json_t *record, const char *name, char word[KOPPEL_WORD_TEXT])
{
    const char *text = koppel_value_text(json_object_get(record, name), word);
    return text ? text : "";
}
