/* SPDX-License-Identifier: MIT
 * Creating and changing records; see write.h. */
#include "write.h"

#include <stdlib.h>

#include "body.h"
#include "debtor.h"
#include "find.h"
#include "journal.h"
#include "period.h"

/* ---- What both have in common ---- */

static int done(struct asperion *a, const struct entity_use *u, const char *id, const json_t *row,
                uint32_t index, struct koppel_results *out, struct koppel_error *err)
{
    char place[ANSWER_PLACE_BYTES];
    /* An answer that tells its id is a success, even where the rest of it cannot be read. Nobody
     * asks it for the lines of a document, which are what was sent. */
    json_t *record = !row             ? NULL
                     : u->kind->debtor ? entity_record(a, u, row, place)
                                       : records_head(u->fields, row, place);
    return a->host->result_done(out, index, id, record, err);
}

/* The record in the peer's members; new. NULL and err. */
static json_t *make_body(struct asperion *a, const struct entity_use *u, const json_t *record,
                         uint32_t index, struct koppel_results *out, struct koppel_error *err)
{
    bool left_out = false;
    json_t *plain = u->kind->debtor ? debtor_unshape(a, record, &left_out, err)
                                    : json_incref((json_t *)record);
    json_t *body = plain ? body_make(a, u->fields, plain, err) : NULL;
    json_decref(plain);
    if (left_out)
        a->host->result_note(out, index, "iban", "left out: its check digits are wrong");
    if (body && u->kind->periods)
        period_fill(u->fields, body);
    if (!body || !u->kind->journal || journal_complete(a, u->fields, body, err) == 0)
        return body;
    json_decref(body);
    return NULL;
}

/* One request with this body. */
static int send_body(struct asperion *a, const struct entity_use *u, struct api_request *r,
                     const json_t *body, struct answer_text raw, json_t **answer,
                     struct koppel_error *err)
{
    char *text = body_text(u->fields, body, raw);
    *answer = NULL;
    if (!text)
        return api_no_memory(a, err);
    r->body = text;
    int rc = api_call(a, r, answer, err);
    r->body = NULL;
    free(text);
    return rc == 0 ? api_check_tenant(a, r->what, *answer, false, err) : -1;
}

/* ---- Creating ---- */

/* Whether a row says everything that was sent. */
static bool says(const struct entity_use *u, const json_t *row, const json_t *body)
{
    json_t *both = json_deep_copy(row), *inside, *sent;
    const char *name;
    size_t i;
    bool same = both != NULL;
    /* Lines have numbers of their own there, and what they were given besides. */
    json_object_foreach((json_t *)body, name, sent) {
        json_t *list = json_object_get(sent, "_data");
        json_t *there = json_object_get(json_object_get(both, name), "_data");
        if (!list) {
            same = same && json_object_set(both, name, sent) == 0;
            continue;
        }
        same = same && json_array_size(list) == json_array_size(there);
        json_array_foreach(there, i, inside)
            same = same && json_object_update(inside, json_array_get(list, i)) == 0;
    }
    same = same && records_same(u->fields, both, row);
    json_decref(both);
    return same;
}

/* The row of what was just created, although the answer did not hold it: the only one under its own
 * key, and it says what was sent. NULL and err. */
static json_t *created_row(struct asperion *a, const struct entity_use *u, const json_t *body,
                           struct koppel_error *err)
{
    int64_t year = 0;
    if (u->kind->journal)
        koppel_get_int(body, records_wire(u->fields, "bookyear"), &year);
    for (int i = 0; i < 2 && u->kind->own_keys[i]; i++) {
        const char *wire = records_wire(u->fields, u->kind->own_keys[i]);
        const char *key = koppel_get_text(body, wire, "");
        struct find_rows found;
        json_t *row = NULL;
        if (!*key)
            continue;
        if (find_rows(a, u, wire, key, year, &found, err) != 0)
            break;
        if (json_array_size(found.list) == 1 && says(u, json_array_get(found.list, 0), body))
            row = json_incref(json_array_get(found.list, 0));
        find_rows_done(&found);
        if (row)
            return row;
    }
    a->host->fail(err, KOPPEL_E_UNSURE, "%s: Asperion took it, but did not say under which id",
                  u->kind->create_what);
    return NULL;
}

/* The answer of a create; where it does not tell the id (zero is none) the record is looked up. */
static int report_created(struct asperion *a, const struct entity_use *u, const json_t *body,
                          json_t *answer, uint32_t index, struct koppel_results *out,
                          struct koppel_error *err)
{
    char id[API_ID_BYTES] = "";
    records_id(answer, id, sizeof id);
    if (*id && strcmp(id, "0") != 0)
        return done(a, u, id, answer, index, out, err);
    json_t *row = created_row(a, u, body, err);
    if (!row)
        return -1;
    records_id(row, id, sizeof id);
    int rc = done(a, u, id, row, index, out, err);
    json_decref(row);
    return rc;
}

/* The journal that the connection's settings name, where the record names none. */
static int fill_journal(struct asperion *a, const struct entity_use *u, json_t *body,
                        struct koppel_error *err)
{
    const char *wire = records_wire(u->fields, "journalId");
    if (!u->kind->journal_setting || *koppel_get_text(body, wire, ""))
        return 0;
    const char *id = a->host->setting(a->ctx, u->kind->journal_setting);
    if (!id || !*id)
        return a->host->fail(err, KOPPEL_E_CONFIG,
                             "%s: set %s of this connection to one of the list journals",
                             u->kind->create_what, u->kind->journal_setting);
    return json_object_set_new(body, wire, json_string(id)) == 0 ? 0 : api_no_memory(a, err);
}

/* Sends a new record; where its period is closed, and the setting says so, into the next one that
 * is not. A period that is refused is no doubt: nothing was stored. */
static int send_new(struct asperion *a, const struct entity_use *u, struct api_request *r,
                    json_t *body, uint32_t index, struct koppel_results *out, json_t **answer,
                    struct koppel_error *err)
{
    const struct answer_text none = {0};
    const char *how = a->host->setting(a->ctx, "closed_period");
    bool next = u->kind->periods && how && strcmp(how, "next") == 0;
    for (;;) {
        bool refused = false;
        r->period_refused = &refused;
        int rc = send_body(a, u, r, body, none, answer, err);
        r->period_refused = NULL;
        if (rc == 0 || !next || !refused ||
            !period_next(u->fields, body, a->host->now_ms(a->ctx)))
            return rc;
        a->host->result_note(out, index, "closed period", "tried in the next one");
        json_decref(*answer);
        *answer = NULL;
    }
}

static int create(struct asperion *a, const struct entity_use *u,
                  const struct koppel_write_item *item, uint32_t index, bool dry_run,
                  struct koppel_results *out, struct koppel_error *err)
{
    json_t *answer = NULL;
    struct api_request r = entity_request(u, u->kind->create_what);
    r.method = "POST";
    r.write = !dry_run;
    json_t *body = make_body(a, u, item->record, index, out, err);
    if (!body)
        return -1;
    if (dry_run)
        api_query(&r, "validateOnly", "true");
    int rc = fill_journal(a, u, body, err);
    if (rc == 0)
        rc = send_new(a, u, &r, body, index, out, &answer, err);
    if (rc == 0)
        rc = dry_run ? done(a, u, "", answer, index, out, err)
                     : report_created(a, u, body, answer, index, out, err);
    json_decref(answer);
    json_decref(body);
    return rc;
}

/* ---- Changing ---- */

/* The catalogue says by which field, and by which of its values, a record may still be changed. */
static int check_editable(struct asperion *a, const struct entity_use *u, const json_t *row,
                          struct koppel_error *err)
{
    size_t i;
    json_t *value;
    char place[ANSWER_PLACE_BYTES];
    const json_t *rule = json_object_get(u->entry, "editable");
    const char *field = koppel_get_text(rule, "field", NULL);
    if (!field)
        return 0;
    json_t *record = records_read(u->fields, row, place);
    const char *now = koppel_get_text(record, field, "");
    bool found = false;
    json_array_foreach(json_object_get(rule, "values"), i, value)
        found = found || strcmp(json_string_value(value), now) == 0;
    if (!found) {
        a->host->fail(err, KOPPEL_E_REJECTED, "%s: it can no longer be changed, its %s is %s",
                      u->kind->update_what, field, *now ? now : "unknown");
        a->host->reason(err, "locked");
    }
    json_decref(record);
    return found ? 0 : -1;
}

/* The record as it is there, without what cannot be written; found holds its words. NULL and
 * err. */
static json_t *row_now(struct asperion *a, const struct entity_use *u, const char *id,
                       struct find_rows *found, struct koppel_error *err)
{
    if (find_rows(a, u, records_wire(u->fields, "id"), id, 0, found, err) != 0)
        return NULL;
    json_t *row = json_array_get(found->list, 0);
    if (*found->place) {
        entity_unreadable(a, u->kind->update_what, found->place, err);
        return NULL;
    }
    if (json_array_size(found->list) != 1) {
        a->host->fail(err, KOPPEL_E_REJECTED, "%s: Asperion has no %s with id %s (any more)",
                      u->kind->update_what, u->kind->name, id);
        a->host->reason(err, "gone");
        return NULL;
    }
    if (check_editable(a, u, row, err) != 0)
        return NULL;
    body_strip(u->fields, row);
    return row;
}

/* Lays the change over the record and sends the whole. */
static int send_change(struct asperion *a, const struct entity_use *u, struct api_request *r,
                       const struct find_rows *found, json_t *now, json_t *change,
                       const char *id, uint32_t index, struct koppel_results *out,
                       struct koppel_error *err)
{
    json_t *answer = NULL;
    struct answer_text raw = {found->raw, found->raw_bytes};
    if (u->kind->debtor)
        debtor_keep_address(u->fields, now, change);
    json_t *whole = json_copy(now);
    int rc = whole && json_object_update(whole, change) == 0 ? 0 : api_no_memory(a, err);
    bool same = rc == 0 && records_same(u->fields, whole, now);
    if (rc == 0 && !same)
        rc = send_body(a, u, r, whole, raw, &answer, err);
    if (rc == 0)
        rc = done(a, u, id, answer, index, out, err);
    json_decref(answer);
    json_decref(whole);
    return rc;
}

/* Whether a change replaces the whole or only what it names is not known: so the record is read,
 * the change is laid over it, and the whole is sent. Where nothing differs nothing is sent. */
static int update(struct asperion *a, const struct entity_use *u,
                  const struct koppel_write_item *item, uint32_t index, struct koppel_results *out,
                  struct koppel_error *err)
{
    char path[ENTITY_PATH_BYTES + 24];
    struct find_rows found = {0};
    if (!item->id || strspn(item->id, "0123456789") != strlen(item->id) || strlen(item->id) > 18)
        return a->host->fail(err, KOPPEL_E_BUG, "%s: \"%.40s\" is no id", u->kind->update_what,
                             item->id ? item->id : "");
    struct api_request r = entity_request(u, u->kind->update_what);
    snprintf(path, sizeof path, "%s/%s", u->path, item->id);
    r.method = "PUT";
    r.path = path;
    r.write = true;
    json_t *change = make_body(a, u, item->record, index, out, err);
    json_t *now = change ? row_now(a, u, item->id, &found, err) : NULL;
    int rc = now ? send_change(a, u, &r, &found, now, change, item->id, index, out, err) : -1;
    find_rows_done(&found);
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

int write_records(struct asperion *a, const struct koppel_write_request *request,
                  struct koppel_results *out, struct koppel_error *err)
{
    struct entity_use u;
    bool dry_run = request->flags & KOPPEL_WRITE_DRY_RUN;
    if (entity_use(a, request->entity, &u, err) != 0 ||
        check_verb(a, &u, request->verb, dry_run, err) != 0)
        return -1;
    u.one = true;
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
