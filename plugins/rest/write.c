/* SPDX-License-Identifier: MIT
 * Creating, changing and removing records; see write.h. A call whose body holds {records}, or that
 * says how its answer tells of many, takes a batch; any other is made for each record. */
#include "write.h"

#include <stdlib.h>

#include "place.h"
#include "problem.h"
#include "record.h"

static const char *const names[] = {"", "create", "update", "remove"};
static const char *const methods[] = {"", "POST", "PUT", "DELETE"};

struct writing {
    struct rest *r;
    const json_t *entity, *call;
    uint32_t verb;
    bool dry_run;
    struct request q;
};

static struct vars vars_of(const struct koppel_write_item *item, const json_t *sent)
{
    struct vars v = VARS_NONE;
    v.job = item->job;
    v.id = item->id;
    v.version = item->version;
    v.record = sent;
    return v;
}

/* The record as it is sent, with what the call puts into each; new. NULL: fault says why. */
static json_t *sent_record(struct writing *w, const struct koppel_write_item *item, bool many,
                           struct record_fault *fault)
{
    struct rest *r = w->r;
    const char *key = koppel_get_text(w->entity, "key", NULL), *name;
    json_t *value, *sent, *own;
    *fault = (struct record_fault){KOPPEL_E_RETRY, "out of memory"};
    if (w->verb == KOPPEL_VERB_REMOVE)
        sent = json_object();
    else
        sent = record_send(r, w->entity, item->record, fault);
    const json_t *put = json_object_get(w->call, "put");
    if (!sent || (!put && !(many && key && item->id)))
        return sent;
    own = json_copy(sent); /* of an entity without fields it is the core's own record */
    json_decref(sent);
    if (own && many && key && item->id)
        json_object_set_new(own, record_wire(w->entity, key), json_string(item->id));
    struct vars v = vars_of(item, own);
    template_begin(r);
    json_object_foreach((json_t *)put, name, value) {
        json_t *made = template_json(r, value, &v);
        if (own && made)
            json_object_set(own, name, made);
        json_decref(made);
    }
    if (!own || !template_fault(r, fault->words, sizeof fault->words)[0])
        return own;
    fault->kind = r->misfit || template_is_of_call(r->unfit) ? KOPPEL_E_REJECTED : KOPPEL_E_CONFIG;
    json_decref(own);
    return NULL;
}

/* The id of what was written: where the call says it stands, else under the key in the answer's
 * record, else what was sent under it. "": it is not known. */
static void find_id(struct writing *w, const struct vars *v, const json_t *answer,
                    const char *place, const json_t *sent, const struct answer *a,
                    char id[REST_KEY_BYTES])
{
    const char *header = koppel_get_text(w->call, "id_header", NULL);
    const json_t *row = place_get(answer, koppel_get_text(w->call, "record", ""));
    struct text made = {0};
    id[0] = '\0';
    if (place && strchr(place, '{')) {
        if (template_text(w->r, place, v, TEMPLATE_PLAIN, &made) == 0 &&
            made.bytes < REST_KEY_BYTES)
            memcpy(id, made.data, made.bytes + 1);
        text_done(&made);
    } else if (place) {
        place_text(answer, place, id, REST_KEY_BYTES);
    } else {
        record_key(w->entity, row, id);
    }
    const char *value = header && a ? rest_header(a->http.headers, a->http.header_count, header)
                                    : NULL;
    if (!id[0] && value) { /* "/orders/17", or "/orders/17/": the end of an address */
        size_t end = strlen(value);
        while (end > 0 && value[end - 1] == '/')
            end--;
        size_t begin = end;
        while (begin > 0 && value[begin - 1] != '/')
            begin--;
        if (end - begin < REST_KEY_BYTES)
            snprintf(id, REST_KEY_BYTES, "%.*s", (int)(end - begin), value + begin);
    }
    if (!id[0] && !place)
        record_key(w->entity, sent, id);
}

/* Item `index` was written. */
static int done(struct writing *w, const struct koppel_write_item *item, const char *id,
                const json_t *answer, uint32_t index, struct koppel_results *out,
                struct koppel_error *err)
{
    char place[REST_PLACE_BYTES];
    const char *own = item->id ? item->id : id;
    const char *at = koppel_get_text(w->call, "record", NULL);
    const json_t *row = at ? place_get(answer, at) : NULL;
    /* An answer that tells its id is a success, even where the rest of it cannot be read. */
    json_t *record = json_is_object(row) ? record_take(w->entity, row, place) : NULL;
    if (!own[0] && !w->dry_run) {
        json_decref(record);
        return w->r->host->fail(err, KOPPEL_E_UNSURE, "%s: the system took it, but did not say "
                                "under which id", w->q.what);
    }
    return w->r->host->result_done(out, index, own, record, err);
}

static int write_one(struct writing *w, const struct koppel_write_item *item, uint32_t index,
                     struct koppel_results *out, struct koppel_error *err)
{
    char id[REST_KEY_BYTES];
    struct answer a;
    struct record_fault fault;
    json_t *sent = sent_record(w, item, false, &fault);
    if (!sent)
        return w->r->host->fail(err, fault.kind, "%s.%s: %s", w->q.entity, w->q.name, fault.words);
    struct vars v = vars_of(item, sent);
    w->q.one = true;
    struct vars request = v;
    if (w->verb == KOPPEL_VERB_REMOVE && !json_object_get(w->call, "body"))
        request.record = NULL; /* a DELETE has no body unless the call says so */
    int rc = request_run(w->r, &w->q, &request, &a, err);
    if (rc == 0) {
        find_id(w, &v, a.json, koppel_get_text(w->call, "id", NULL), sent, &a, id);
        rc = done(w, item, id, a.json, index, out, err);
        answer_done(w->r, &a);
    }
    json_decref(sent);
    return rc;
}

/* The records of a batch that can be sent. */
struct many {
    json_t *records;
    uint32_t *index; /* of each among the items */
};

/* What the answer says of each. Without "rows" it says whether all were taken. */
static int tell_many(struct writing *w, const struct koppel_write_request *request,
                     const struct answer *a, const struct many *m, struct koppel_results *out,
                     struct koppel_error *err)
{
    const struct koppel_host *h = w->r->host;
    const json_t *rows = json_object_get(w->call, "rows");
    const json_t *list = rows ? place_get(a->json, koppel_get_text(rows, "list", "")) : NULL;
    size_t count = json_array_size(m->records);
    if (rows && json_array_size(list) != count)
        return h->fail(err, KOPPEL_E_UNSURE, "%s: %zu of %zu records are in the answer", w->q.what,
                       json_array_size(list), count);
    for (size_t i = 0; i < count; i++) {
        const struct koppel_write_item *item = request->items[m->index[i]];
        const json_t *row = json_array_get(list, i), *sent = json_array_get(m->records, i);
        char id[REST_KEY_BYTES];
        struct vars v = vars_of(item, sent);
        if (rows && problem_row(w->r, &w->q, rows, row, m->index[i], out) != 0)
            continue;
        find_id(w, &v, row, koppel_get_text(rows ? rows : w->call, "id", NULL), sent, NULL, id);
        int rc;
        if (!item->id && !id[0] && !w->dry_run)
            rc = h->result_error(out, m->index[i], KOPPEL_E_UNSURE, "%s: the system took it, but "
                                 "did not say under which id", w->q.what);
        else
            rc = h->result_done(out, m->index[i], item->id ? item->id : id, NULL, err);
        if (rc != 0)
            return -1;
    }
    return 0;
}

/* Those that cannot be sent fail alone. */
static int gather(struct writing *w, const struct koppel_write_request *request, struct many *m,
                  struct koppel_results *out, struct koppel_error *err)
{
    struct record_fault fault;
    m->records = json_array();
    m->index = calloc((size_t)request->count + 1, sizeof *m->index);
    if (!m->records || !m->index)
        return rest_no_memory(w->r, err);
    for (uint32_t i = 0; i < request->count; i++) {
        json_t *sent = sent_record(w, request->items[i], true, &fault);
        if (!sent) {
            w->r->host->result_error(out, i, fault.kind, "%s.%s: %s", w->q.entity, w->q.name,
                                     fault.words);
            continue;
        }
        m->index[json_array_size(m->records)] = i;
        if (json_array_append_new(m->records, sent) != 0)
            return rest_no_memory(w->r, err);
    }
    return 0;
}

static int write_many(struct writing *w, const struct koppel_write_request *request,
                      struct koppel_results *out, struct koppel_error *err)
{
    struct answer a;
    struct many m = {0};
    struct vars v = VARS_NONE;
    int rc = gather(w, request, &m, out, err);
    v.records = m.records;
    v.job = request->count == 1 ? request->items[0]->job : NULL;
    w->q.one = false;
    if (rc == 0 && json_array_size(m.records) > 0) {
        rc = request_run(w->r, &w->q, &v, &a, err);
        if (rc == 0) {
            rc = tell_many(w, request, &a, &m, out, err);
            answer_done(w->r, &a);
        }
    }
    json_decref(m.records);
    free(m.index);
    return rc;
}

int write_records(struct rest *r, const struct koppel_write_request *request,
                  struct koppel_results *out, struct koppel_error *err)
{
    struct writing w = {.r = r, .entity = rest_entity(r, request->entity), .verb = request->verb,
                        .dry_run = (request->flags & KOPPEL_WRITE_DRY_RUN) != 0};
    const char *name = w.dry_run ? "dry-run" : names[request->verb];
    w.call = rest_call(w.entity, name);
    if (!w.call)
        return r->host->fail(err, KOPPEL_E_REJECTED, "%s: the description has no call \"%s\"",
                             request->entity, name);
    w.q = (struct request){.call = w.call, .entity = request->entity, .name = name,
                           .method = methods[request->verb], .write = !w.dry_run};
    if (template_uses(json_object_get(w.call, "body"), "records"))
        return write_many(&w, request, out, err);
    for (uint32_t i = 0; i < request->count; i++) {
        if (write_one(&w, request->items[i], i, out, err) != 0)
            return -1;
    }
    return 0;
}
