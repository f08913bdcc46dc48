/* SPDX-License-Identifier: MIT
 * Creating and changing records; see entities.h. */
#include "entities.h"
#include "records.h"

/* The row of what was just created, although the answer did not hold it. NULL and err. */
static json_t *created_row(struct asperion *a, const struct entity_use *u, const json_t *body,
                           struct koppel_error *err)
{
    int64_t year = 0;
    if (u->kind->journal)
        koppel_get_int(body, records_wire(u->fields, "bookyear"), &year);
    for (int i = 0; i < 2 && u->kind->own_keys[i]; i++) {
        const char *wire = records_wire(u->fields, u->kind->own_keys[i]);
        const char *key = koppel_get_text(body, wire, "");
        json_t *row = NULL;
        if (!*key)
            continue;
        json_t *rows = find_rows(a, u, wire, key, year, err);
        if (!rows)
            break;
        if (json_array_size(rows) == 1)
            row = json_incref(json_array_get(rows, 0));
        json_decref(rows);
        if (row)
            return row;
    }
    a->host->fail(err, KOPPEL_E_UNSURE, "%s: Asperion took it, but did not say under which id",
                  u->kind->create_what);
    return NULL;
}

static int done(struct asperion *a, const struct entity_use *u, const char *id, const json_t *row,
                uint32_t index, struct koppel_results *out, struct koppel_error *err)
{
    json_t *record = row ? records_read(u->fields, row) : NULL;
    if (record && u->kind->journal)
        journal_tidy(record);
    return a->host->result_done(out, index, id, record, err);
}

/* The answer of a create; where it does not tell the id (zero is none) the record is looked up. */
static int report_created(struct asperion *a, const struct entity_use *u, const json_t *body,
                          json_t *answer, uint32_t index, struct koppel_results *out,
                          struct koppel_error *err)
{
    char id[ID_BYTES] = "";
    json_t *row;
    records_id(answer, id, sizeof id);
    if (*id && strcmp(id, "0") != 0)
        return done(a, u, id, answer, index, out, err);
    row = created_row(a, u, body, err);
    if (!row)
        return -1;
    records_id(row, id, sizeof id);
    int rc = done(a, u, id, row, index, out, err);
    json_decref(row);
    return rc;
}

static int complete(struct asperion *a, const struct entity_use *u, json_t *body,
                    struct koppel_error *err)
{
    if (u->kind->periods)
        journal_periods(u->fields, body);
    return u->kind->journal ? journal_complete(a, u->fields, body, err) : 0;
}

static int create(struct asperion *a, const struct entity_use *u,
                  const struct koppel_write_item *item, uint32_t index, bool dry_run,
                  struct koppel_results *out, struct koppel_error *err)
{
    json_t *answer = NULL;
    struct api_request r = entities_request(u, u->kind->create_what);
    r.method = "POST";
    r.write = !dry_run;
    r.body = records_write(a, u->fields, item->record, err);
    if (!r.body)
        return -1;
    if (dry_run)
        api_query(&r, "validateOnly", "true");
    int rc = complete(a, u, r.body, err);
    if (rc == 0)
        rc = api_call(a, &r, &answer, err);
    if (rc == 0)
        rc = api_check_tenant(a, r.what, answer, false, err);
    if (rc == 0)
        rc = dry_run ? done(a, u, "", answer, index, out, err)
                     : report_created(a, u, r.body, answer, index, out, err);
    json_decref(answer);
    json_decref(r.body);
    return rc;
}

/* The catalogue says by which field, and by which of its values, a record may still be changed. */
static int check_editable(struct asperion *a, const struct entity_use *u, const json_t *row,
                          struct koppel_error *err)
{
    size_t i;
    json_t *value;
    const json_t *rule = json_object_get(u->entry, "editable");
    const char *field = koppel_get_text(rule, "field", NULL);
    if (!field)
        return 0;
    json_t *record = records_read(u->fields, row);
    const char *now = koppel_get_text(record, field, "");
    bool found = false;
    json_array_foreach(json_object_get(rule, "values"), i, value)
        found = found || strcmp(json_string_value(value), now) == 0;
    if (!found) {
        a->host->fail(err, KOPPEL_E_REJECTED, "%s: it can no longer be changed, its %s is %s",
                      u->kind->update_what, field, *now ? now : "unknown");
        api_reason(a, err, "locked");
    }
    json_decref(record);
    return found ? 0 : -1;
}

/* The record as it is there, without what cannot be written. NULL and err. */
static json_t *row_now(struct asperion *a, const struct entity_use *u, const char *id,
                       struct koppel_error *err)
{
    json_t *row = NULL;
    json_t *rows = find_rows(a, u, records_wire(u->fields, "id"), id, 0, err);
    if (!rows)
        return NULL;
    if (json_array_size(rows) != 1) {
        a->host->fail(err, KOPPEL_E_REJECTED, "%s: Asperion has no %s with id %s (any more)",
                      u->kind->update_what, u->kind->name, id);
        api_reason(a, err, "gone");
    } else if (check_editable(a, u, json_array_get(rows, 0), err) == 0) {
        row = json_incref(json_array_get(rows, 0));
        records_strip(u->fields, row);
    }
    json_decref(rows);
    return row;
}

/* Whether both say the same, however their numbers and dates are written. */
static bool same_record(const struct entity_use *u, const json_t *one, const json_t *other)
{
    json_t *a = records_read(u->fields, one), *b = records_read(u->fields, other);
    bool same = a && b && json_equal(a, b);
    json_decref(a);
    json_decref(b);
    return same;
}

/* Whether a change replaces the whole or only what it names is not known: so the record is read,
 * the change is laid over it, and the whole is sent. Where nothing differs nothing is sent. */
static int update(struct asperion *a, const struct entity_use *u,
                  const struct koppel_write_item *item, uint32_t index, struct koppel_results *out,
                  struct koppel_error *err)
{
    char path[PATH_BYTES + 24];
    json_t *answer = NULL, *now = NULL, *whole = NULL;
    int rc = -1;
    if (!item->id || strspn(item->id, "0123456789") != strlen(item->id) || strlen(item->id) > 18)
        return a->host->fail(err, KOPPEL_E_BUG, "%s: \"%.40s\" is no id", u->kind->update_what,
                             item->id ? item->id : "");
    struct api_request r = entities_request(u, u->kind->update_what);
    snprintf(path, sizeof path, "%s/%s", u->path, item->id);
    r.method = "PUT";
    r.path = path;
    r.write = true;
    json_t *change = records_write(a, u->fields, item->record, err);
    if (!change || complete(a, u, change, err) != 0)
        goto out;
    now = row_now(a, u, item->id, err);
    if (!now)
        goto out;
    whole = json_copy(now);
    if (!whole || json_object_update(whole, change) != 0) {
        api_no_memory(a, err);
        goto out;
    }
    if (same_record(u, whole, now)) {
        rc = a->host->result_done(out, index, item->id, NULL, err);
        goto out;
    }
    r.body = whole;
    if (api_call(a, &r, &answer, err) != 0 || api_check_tenant(a, r.what, answer, false, err) != 0)
        goto out;
    rc = done(a, u, item->id, answer, index, out, err);
out:
    json_decref(answer);
    json_decref(whole);
    json_decref(now);
    json_decref(change);
    return rc;
}

/* What may be asked for; the catalogue of the entity has the last word. */
static int check_verb(struct asperion *a, const struct entity_use *u, uint32_t verb, bool dry_run,
                      struct koppel_error *err)
{
    const char *what = verb == KOPPEL_VERB_CREATE   ? u->kind->create_what
                       : verb == KOPPEL_VERB_UPDATE ? u->kind->update_what
                                                    : NULL;
    if (verb == KOPPEL_VERB_REMOVE)
        return a->host->fail(err, KOPPEL_E_BUG, "%s: nothing is ever removed", u->kind->name);
    if (!what)
        return a->host->fail(err, KOPPEL_E_REJECTED, "%s: Asperion cannot do this",
                             u->kind->name);
    if (verb == KOPPEL_VERB_UPDATE && dry_run)
        return a->host->fail(err, KOPPEL_E_REJECTED,
                             "%s: Asperion can try a new record only, not a change", what);
    return 0;
}

int entities_write(struct asperion *a, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err)
{
    struct entity_use u;
    bool dry_run = request->flags & KOPPEL_WRITE_DRY_RUN;
    if (entities_use(a, request->entity, &u, err) != 0 ||
        check_verb(a, &u, request->verb, dry_run, err) != 0)
        return -1;
    /* Not before it is sure whose books these are. */
    if (api_know_tenant(a, err) != 0)
        return -1;
    /* The catalogue says one record at a time, so a failure of the call is that of its record. */
    for (uint32_t i = 0; i < request->count; i++) {
        const struct koppel_write_item *item = request->items[i];
        int rc = request->verb == KOPPEL_VERB_CREATE ? create(a, &u, item, i, dry_run, out, err)
                                                     : update(a, &u, item, i, out, err);
        if (rc != 0)
            return -1;
    }
    return 0;
}
