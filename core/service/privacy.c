/* SPDX-License-Identifier: MIT
 * Every text that the store keeps is looked at: nothing that was left out of an index is missed. */
#include "service/privacy.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "service/address.h"
#include "service/ask.h"
#include "service/privacy_files.h"

#define TELL_MS 200
#define SHRINK_TRIES 200
#define PERSON_BYTES 16
#define ERASED "erased" /* kind of the report, and why a job was skipped */

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- finding ---- */

struct search {
    struct service *service;
    const struct service_ask *ask;
    struct address address;
    char digest[STORE_DIGEST_BYTES]; /* of the address: the key of a link that it alone tells */
    json_t *records; /* "flow\nkey": {"flow","key","jobs","open"} */
    json_t *links;   /* "scope\nkey": {"scope","key"} */
    json_t *ids;     /* of one record: of its jobs that are open */
    json_t *files;   /* of the configuration */
    json_t *exported; /* jobs that the answer is to have; NULL: they are told */
    int64_t jobs, looked, of, told_ms;
};

static int add(json_t *to, const char *a, const char *a_value, const char *key)
{
    json_t *name = json_sprintf("%s\n%s", a_value ? a_value : "", key);
    int rc = -1;
    if (name && json_object_get(to, json_string_value(name)))
        rc = 0;
    else if (name)
        rc = json_object_set_new(to, json_string_value(name),
                                 json_pack("{s:o,s:o}", a, ask_json_text(a_value), "key",
                                           ask_json_text(key)));
    json_decref(name);
    return rc;
}

static int look(void *arg, const struct keeping_text *t)
{
    struct search *x = arg;
    int found = address_in(&x->address, t->text, t->bytes);
    if (found == 0 && t->scope)
        found = strcmp(t->key, x->digest) == 0;
    if (found <= 0)
        return found;
    if (!t->scope)
        return add(x->records, "flow", t->flow, t->key);
    /* a document that was begun belongs to the record of its key */
    return add(x->links, "scope", t->scope, t->key) != 0 ||
                   (t->flow && add(x->records, "flow", t->flow, t->key) != 0)
               ? -1
               : 0;
}

static bool tell_looked(struct search *x)
{
    if (ask_stopped(x->ask))
        return false;
    if (clock_monotonic_ms() - x->told_ms < TELL_MS)
        return true;
    x->told_ms = clock_monotonic_ms();
    return ask_tell(x->ask, json_pack("{s:I,s:I}", "looked", (json_int_t)x->looked, "of",
                                      (json_int_t)x->of));
}

static int look_at_all(struct search *x, struct koppel_error *err)
{
    struct store *store = x->service->store;
    struct keeping_texts place = {0};
    while (place.phase != KEEPING_ALL) {
        if (store->ops->texts(store, &place, look, x, err) != 0)
            return err->kind ? -1 : no_memory(err);
        x->looked = place.jobs;
        if (!tell_looked(x))
            return err_set(err, KOPPEL_E_CANCELLED, "it was ended before all was looked at");
    }
    return 0;
}

static int count_job(void *arg, const struct store_pick *p)
{
    struct search *x = arg;
    x->jobs++;
    if (p->state == JOB_DONE || p->state == JOB_SKIPPED)
        return json_array_append_new(x->ids, json_null());
    char id[JOB_ID_BYTES];
    job_id_format(p->id, id);
    return json_array_append_new(x->ids, json_string(id));
}

/* The jobs of a record: how many, and which have not ended. */
static int pick_jobs(struct search *x, const json_t *record, struct koppel_error *err)
{
    struct store *store = x->service->store;
    struct store_job_filter filter = {
        .flow = json_string_value(json_object_get(record, "flow")), .state = -1,
        .key = json_string_value(json_object_get(record, "key"))};
    json_array_clear(x->ids);
    return store->ops->pick(store, &filter, count_job, x, err);
}

static int count_jobs(struct search *x, struct koppel_error *err)
{
    const char *name;
    void *next;
    json_t *record;
    json_object_foreach_safe(x->records, next, name, record) {
        size_t i;
        json_t *id;
        json_int_t open = 0;
        if (pick_jobs(x, record, err) != 0)
            return err->kind ? -1 : no_memory(err);
        json_array_foreach(x->ids, i, id)
            open += json_is_string(id);
        if (json_array_size(x->ids) == 0) /* the link of a record that retention took away */
            json_object_del(x->records, name);
        else if (json_object_set_new(record, "jobs",
                                     json_integer((json_int_t)json_array_size(x->ids))) != 0 ||
                 json_object_set_new(record, "open", json_integer(open)) != 0)
            return no_memory(err);
    }
    return 0;
}

static int search_begin(struct search *x, struct service *s, const struct service_ask *ask,
                        struct koppel_error *err)
{
    *x = (struct search){.service = s, .ask = ask, .records = json_object(),
                         .links = json_object(), .ids = json_array(),
                         .files = json_array()};
    if (!x->records || !x->links || !x->ids || !x->files)
        return no_memory(err);
    if (address_init(&x->address, ask_text(ask, "email")) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "this is no e-mail address");
    s->store->ops->digest(s->store, x->address.folded, x->digest);
    for (int i = 0; i < s->conf->flow_count; i++) {
        struct store_counts c = {0};
        if (s->store->ops->counts(s->store, s->conf->flows[i].name, &c, err) != 0)
            return -1;
        x->of += c.read;
    }
    if (privacy_files(s->dir, &x->address, x->files) != 0)
        return no_memory(err);
    return look_at_all(x, err) != 0 ? -1 : count_jobs(x, err);
}

static void search_done(struct search *x)
{
    address_done(&x->address);
    json_decref(x->records);
    json_decref(x->links);
    json_decref(x->ids);
    json_decref(x->files);
    json_decref(x->exported);
}

static json_t *values_of(const json_t *object)
{
    const char *name;
    json_t *value, *list = json_array();
    json_object_foreach((json_t *)object, name, value)
        json_array_append(list, value);
    return list;
}

static int answer(const struct search *x, json_t **out, struct koppel_error *err)
{
    *out = json_pack("{s:o,s:o,s:I,s:I,s:O}", "records", values_of(x->records), "links",
                     values_of(x->links), "jobs", (json_int_t)x->jobs, "looked",
                     (json_int_t)x->looked, "files", x->files);
    return *out ? 0 : no_memory(err);
}

int privacy_find(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    struct search x;
    int rc = search_begin(&x, s, ask, err);
    if (rc == 0)
        rc = answer(&x, out, err);
    search_done(&x);
    return rc;
}

/* ---- showing ---- */

struct export {
    struct search *search;
    struct job_id *ids;
    int count;
};

static int keep_id(void *arg, const struct store_pick *p)
{
    struct export *e = arg;
    struct job_id *more = realloc(e->ids, ((size_t)e->count + 1) * sizeof *more);
    if (!more)
        return -1;
    e->ids = more;
    e->ids[e->count++] = (struct job_id){NULL, p->id.part, p->id.off}; /* the flow is known */
    return 0;
}

static json_t *parsed(const char *text)
{
    json_t *value = text ? json_read_text(text, NULL) : NULL;
    return value ? value : ask_json_text(text);
}

static int add_attempt(void *arg, const struct store_activity *a)
{
    char at[CLOCK_TEXT_BYTES];
    clock_format(a->at_ms, at);
    return json_array_append_new(arg, json_pack("{s:s,s:i,s:o}", "at", at, "attempt", a->attempt,
                                                "steps", parsed(a->steps)));
}

static int export_job(struct search *x, struct job_id id, struct koppel_error *err)
{
    struct store *store = x->service->store;
    struct store_job_row row = {0};
    char *payload = NULL, *edited = NULL, name[JOB_ID_BYTES], at[CLOCK_TEXT_BYTES];
    int found = 0;
    json_t *attempts = json_array();
    if (store->ops->job(store, id, &row, &payload, &found, err) != 0 || !found ||
        store->ops->edited(store, id, &edited, NULL, NULL, err) != 0 ||
        store->ops->activity(store, id, add_attempt, attempts, err) != 0) {
        json_decref(attempts);
        free(payload);
        store_job_row_done(&row);
        return err->kind ? -1 : 0; /* it went meanwhile */
    }
    job_id_format(id, name);
    clock_format(row.at_ms, at);
    json_t *job = json_pack(
        "{s:s,s:o,s:o,s:I,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "job", name, "flow",
        ask_json_text(row.flow), "key", ask_json_text(row.key), "version",
        (json_int_t)row.version, "accepted", at, "state", job_state_name(row.state), "reason",
        ask_json_text(row.reason), "detail", ask_json_text(row.detail), "facts",
        parsed(row.facts), "brief", parsed(row.brief), "remote_id", ask_json_text(row.remote_id),
        "source", parsed(payload), "edited", parsed(edited), "attempts", attempts);
    free(payload);
    free(edited);
    store_job_row_done(&row);
    if (!job)
        return no_memory(err);
    if (x->exported)
        return json_array_append_new(x->exported, job) == 0 ? 0 : no_memory(err);
    return ask_tell(x->ask, json_pack("{s:o}", "job", job))
               ? 0
               : err_set(err, KOPPEL_E_CANCELLED, "nobody takes it any more");
}

static int export_record(struct search *x, const json_t *record, struct koppel_error *err)
{
    struct store *store = x->service->store;
    struct export e = {.search = x};
    struct store_job_filter filter = {
        .flow = json_string_value(json_object_get(record, "flow")), .state = -1,
        .key = json_string_value(json_object_get(record, "key"))};
    int rc = store->ops->pick(store, &filter, keep_id, &e, err);
    for (int i = 0; i < e.count && rc == 0; i++) {
        e.ids[i].flow = filter.flow;
        rc = export_job(x, e.ids[i], err);
    }
    free(e.ids);
    return rc == 0 ? 0 : err->kind ? -1 : no_memory(err);
}

int privacy_export(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    struct search x;
    const char *name;
    json_t *record;
    int rc = search_begin(&x, s, ask, err);
    if (rc == 0) {
        x.exported = ask_flag(ask, "whole") ? json_array() : NULL;
        json_object_foreach(x.records, name, record) {
            rc = export_record(&x, record, err);
            if (rc != 0)
                break;
        }
    }
    if (rc == 0)
        rc = answer(&x, out, err);
    if (rc == 0 && x.exported)
        rc = json_object_set(*out, "exported", x.exported);
    search_done(&x);
    return rc;
}

/* ---- erasing ---- */

struct erasing {
    struct keeping_sum sum;
    json_int_t skipped, under_way;
};

/* What has not ended is skipped: without its contents it can go nowhere. */
static int end_open(struct search *x, struct erasing *e, const json_t *record,
                    struct koppel_error *err)
{
    struct store *store = x->service->store;
    size_t i;
    json_t *id;
    if (pick_jobs(x, record, err) != 0)
        return err->kind ? -1 : no_memory(err);
    json_array_foreach(x->ids, i, id) {
        char flow[JOB_ID_BYTES];
        struct store_hand order = {.state = JOB_SKIPPED, .reason = ERASED,
                                   .detail = "a person's records were erased by order"};
        if (!json_is_string(id) || job_id_parse(json_string_value(id), flow, &order.id) != 0)
            continue;
        if (store->ops->settle_by_hand(store, &order, 1, err) != 0)
            return -1;
        e->skipped += order.end == HAND_DONE;
        e->under_way += order.end == HAND_BUSY;
    }
    return 0;
}

static int erase_all(struct search *x, struct erasing *e, struct koppel_error *err)
{
    struct store *store = x->service->store;
    const char *name;
    json_t *record;
    enum keeping_shrunk done = KEEPING_MORE;
    json_object_foreach(x->records, name, record) {
        if (end_open(x, e, record, err) != 0 ||
            store->ops->erase(store, json_string_value(json_object_get(record, "flow")),
                              json_string_value(json_object_get(record, "key")), &e->sum,
                              err) != 0)
            return -1;
    }
    for (int i = 0; i < SHRINK_TRIES && done != KEEPING_SHRUNK; i++) {
        if (store->ops->shrink(store, &done, err) != 0)
            return -1;
    }
    return 0;
}

/* Who it was can be shown to whoever names the address, and to nobody else. */
static void person_of(const struct search *x, char out[2 * PERSON_BYTES + 1])
{
    unsigned char hash[PERSON_BYTES];
    const struct secret *key = x->service->conf->key;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)x->address.folded,
                       strlen(x->address.folded), (const unsigned char *)secret_text(key),
                       SECRET_KEY_BYTES);
    sodium_bin2hex(out, 2 * PERSON_BYTES + 1, hash, sizeof hash);
}

/* The report, which is kept: it names no one. */
static int report(struct search *x, const struct erasing *e, json_t **out,
                  struct koppel_error *err)
{
    struct store *store = x->service->store;
    const char *why = ask_text(x->ask, "why");
    char at[CLOCK_TEXT_BYTES], person[2 * PERSON_BYTES + 1];
    int64_t seq = 0;
    clock_format(store->ops->now_ms(store), at);
    person_of(x, person);
    json_t *more = json_pack(
        "{s:s,s:o,s:o,s:s,s:{s:I,s:I,s:I},s:I,s:I,s:[s,s,s,s]}", "at", at, "who",
        ask_json_text(x->ask->who->name), "why", ask_json_text(why), "person", person, "erased",
        "jobs", (json_int_t)e->sum.contents, "documents", (json_int_t)e->sum.documents, "bytes",
        (json_int_t)e->sum.bytes, "skipped", e->skipped, "under_way", e->under_way, "stays",
        "rows of the jobs: key, version, outcome, id at the destination; by them nothing is booked"
        " twice",
        "links between the two systems: keys and ids",
        "what the two systems themselves hold: erase it there; a record that changes there is read"
        " again",
        "backups that were made before, for as long as you keep them");
    if (!more || json_object_update(*out, more) != 0) {
        json_decref(more);
        return no_memory(err);
    }
    json_decref(more);
    char *body = json_text(*out, false, NULL);
    struct store_entry entry = {.kind = ERASED, .who = x->ask->who->name, .subject = person,
                                .body = body, .body_bytes = body ? strlen(body) : 0};
    int rc = body ? store->ops->entry_add(store, &entry, &seq, err) : no_memory(err);
    free(body);
    return rc == 0 && json_object_set_new(*out, "report", json_integer((json_int_t)seq)) != 0
               ? no_memory(err)
               : rc;
}

int privacy_erase(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    struct search x;
    struct erasing e = {0};
    int rc = search_begin(&x, s, ask, err);
    if (rc == 0)
        rc = erase_all(&x, &e, err);
    if (rc == 0)
        rc = answer(&x, out, err);
    if (rc == 0)
        rc = report(&x, &e, out, err);
    search_done(&x);
    return rc;
}
