/* SPDX-License-Identifier: MIT
 * The parties of sales orders; see orders.h. */
#include "orders.h"

#include "entity.h"
#include "find.h"
#include "records.h"

#define KEEP_MS (5 * 60 * 1000)
#define KEEP_MAX 20000

/* A debtor is told whole. Of an article only what does not change with its stock, as an order would
 * otherwise seem to change with it. */
static json_t *telling(struct asperion *a, const struct entity_use *u, const json_t *row,
                       char place[ANSWER_PLACE_BYTES])
{
    static const char *const members[] = {"articleNumber", "salesTypeId"};
    json_t *record = entity_record(a, u, row, place);
    if (!record || !u->kind->article)
        return record;
    json_t *out = json_object();
    for (size_t i = 0; out && i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(record, members[i]);
        if (value)
            json_object_set(out, members[i], value);
    }
    json_decref(record);
    return out;
}

/* The record with that key, or null where there is not exactly one; borrowed. NULL: place says why
 * it cannot be read, or it is "" and err says why it cannot be had. */
static json_t *known(struct asperion *a, json_t *kept, const char *entity, const char *field,
                     const char *key, char place[ANSWER_PLACE_BYTES], struct koppel_error *err)
{
    struct entity_use u;
    struct find_rows rows;
    place[0] = '\0';
    json_t *found = json_object_get(kept, key);
    if (found)
        return found;
    if (entity_use(a, entity, &u, err) != 0 ||
        find_rows(a, &u, records_wire(u.fields, field), key, 0, &rows, err) != 0)
        return NULL;
    if (*rows.place)
        snprintf(place, ANSWER_PLACE_BYTES, "%s", rows.place);
    else
        found = json_array_size(rows.list) == 1
                    ? telling(a, &u, json_array_get(rows.list, 0), place) : json_null();
    find_rows_done(&rows);
    if (found && json_object_set_new(kept, key, found) == 0)
        return found;
    if (!*place)
        api_no_memory(a, err);
    return NULL;
}

static int add(struct asperion *a, json_t *to, const char *member, json_t *kept, const char *entity,
               const char *field, const char *key, char place[ANSWER_PLACE_BYTES],
               struct koppel_error *err)
{
    char inner[ANSWER_PLACE_BYTES];
    if (!*key)
        return 0;
    json_t *found = known(a, kept, entity, field, key, inner, err);
    if (!found && *inner)
        snprintf(place, ANSWER_PLACE_BYTES, "%s %.40s: %.140s", entity, key, inner);
    if (!found)
        return *inner ? 1 : -1;
    if (json_is_object(found) && json_object_set(to, member, found) != 0)
        return api_no_memory(a, err);
    return 0;
}

int orders_begin_page(struct asperion *a, struct koppel_error *err)
{
    int64_t now = a->host->now_ms(a->ctx);
    if (a->debtors && a->articles && now - a->kept_since < KEEP_MS && now >= a->kept_since &&
        json_object_size(a->debtors) + json_object_size(a->articles) < KEEP_MAX)
        return 0;
    orders_forget(a);
    a->debtors = json_object();
    a->articles = json_object();
    a->kept_since = now;
    return a->debtors && a->articles ? 0 : api_no_memory(a, err);
}

void orders_forget(struct asperion *a)
{
    json_decref(a->debtors);
    json_decref(a->articles);
    a->debtors = a->articles = NULL;
}

int orders_add_parties(struct asperion *a, json_t *record, char place[ANSWER_PLACE_BYTES],
                       struct koppel_error *err)
{
    size_t i;
    json_t *line;
    int rc = add(a, record, "debtor", a->debtors, "debtor", "customerNumber",
                 koppel_get_text(record, "debtorCustomerNumber", ""), place, err);
    json_array_foreach(json_object_get(record, "lines"), i, line) {
        if (rc == 0)
            rc = add(a, line, "article", a->articles, "article", "id",
                     koppel_get_text(line, "articleId", ""), place, err);
    }
    return rc;
}
