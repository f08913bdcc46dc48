/* SPDX-License-Identifier: MIT
 * Announce, send, take the answer. */
#include "flow/send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_text.h"
#include "connection/connection_write.h"
#include "flow/knowledge.h"
#include "mapping/value.h"

void send_done(struct send *s)
{
    free(s->new_id);
    json_decref(s->answer);
    s->new_id = NULL;
    s->answer = NULL;
}

void send_job_key(const struct flow *f, const struct store_job *job, const char *what,
                  char out[SEND_KEY_BYTES])
{
    snprintf(out, SEND_KEY_BYTES, "%s/%.100s/%d/%lld/%lld%s%.60s", f->store->ops->id(f->store),
             f->conf->name, job->part, (long long)job->off, (long long)job->at_ms, *what ? "/" : "",
             what);
}

/* ---- announce ---- */

/* What the store is to know of it from now on. Borrows from s and document. */
static struct store_link_change begun_change(const struct send *s, char *document)
{
    struct store_link_change change = links_change(s->scope, s->key, s->link);
    change.state = LINK_MAYBE;
    change.forget = false;
    change.begun = (struct store_begun){.write = s->write,
                                        .ref = (char *)s->ref,
                                        .key = (char *)s->job_key,
                                        .document = document,
                                        .digest = (char *)s->digest,
                                        .version = s->version};
    return change;
}

int send_announce(struct links *l, struct send **sends, int count, struct koppel_error *err)
{
    struct store_link_change *changes = calloc((size_t)count + 1, sizeof *changes);
    char **documents = calloc((size_t)count + 1, sizeof *documents);
    int rc = changes && documents ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; rc == 0 && i < count; i++) {
        documents[i] = json_text(sends[i]->record, false, NULL);
        if (!documents[i])
            rc = err_set(err, KOPPEL_E_BUG, "out of memory");
        else
            changes[i] = begun_change(sends[i], documents[i]);
    }
    if (rc == 0)
        rc = links_put(l, changes, count, err);
    for (int i = 0; rc == 0 && i < count; i++)
        sends[i]->begun = true;
    for (int i = 0; documents && i < count; i++)
        free(documents[i]);
    free(documents);
    free(changes);
    return rc;
}

/* ---- answers ---- */

static char *copy(const char *text, bool *failed)
{
    char *out = text ? strdup(text) : NULL;
    *failed = *failed || (text && !out);
    return out;
}

/* The link says what was begun, as the store does already; but for its document. */
static int was_begun(struct send *s)
{
    bool failed = false;
    struct store_begun begun = {.write = s->write, .version = s->version};
    begun.ref = copy(s->ref, &failed);
    begun.key = copy(s->job_key, &failed);
    begun.digest = copy(s->digest, &failed);
    knowledge_before(s->link);
    s->link->begun = begun;
    s->link->state = LINK_MAYBE;
    s->link->unseen_ms = 0;
    return failed ? -1 : 0;
}

/* The same with its document, by which what is in doubt is looked for. */
static int in_doubt(struct send *s)
{
    int rc = was_begun(s);
    s->link->begun.document = json_text(s->record, false, NULL);
    return s->link->begun.document ? rc : -1;
}

/* Is what the answer tells of our reference the one that was sent? An answer without it says
 * nothing. */
static bool is_ours(const struct send *s)
{
    char buf[32];
    const char *there;
    json_t *value = s->answer && s->entity->document && s->ref
                        ? json_object_get(s->answer, s->entity->document)
                        : NULL;
    return !value || !value_text(value, buf, &there) || !*there || strcmp(there, s->ref) == 0;
}

/* Steps of a sequence inside the connector. */
static void take_notes(const struct send *s, const struct result_entry *entry)
{
    size_t i;
    json_t *note;
    json_array_foreach(entry->notes, i, note) {
        if (s->notes)
            json_array_append(s->notes, note);
    }
}

static void take_done(const struct flow *f, struct send *s, struct result_entry *entry)
{
    struct result_hit *hit = entry->hit_count > 0 ? &entry->hits[0] : NULL;
    const char *id = hit && hit->id ? hit->id : s->id;
    bool failed = false;
    s->answer = hit ? json_incref(hit->record) : NULL;
    if (!is_ours(s)) { /* the answer to another order's request, kept by the peer under our key */
        char buf[32];
        const char *there = "";
        (void)value_text(json_object_get(s->answer, s->entity->document), buf, &there);
        err_reason(&s->err, KOPPEL_E_REJECTED, "replayed",
                   "%s answered with the %s \"%s\" instead of \"%s\": the answer of another "
                   "request",
                   f->conf->to->name, s->entity->name, there, s->ref);
        return;
    }
    s->new_id = copy(id ? id : "", &failed);
    if (failed || was_begun(s) != 0 || knowledge_after(s->link, id, s->digest != NULL) != 0)
        err_set(&s->err, KOPPEL_E_BUG, "out of memory");
    else
        s->done = true;
}

/* What was to be removed is not there any more: an earlier request had no answer, or a person was
 * quicker. */
static bool is_gone_already(struct send *s)
{
    if (s->write != WRITE_REMOVE || s->err.kind != KOPPEL_E_REJECTED ||
        strcmp(s->err.reason, KOPPEL_REASON_GONE) != 0)
        return false;
    s->err = (struct koppel_error){0};
    return true;
}

/* What an answer, or none, makes of the link. */
static void take_answer(const struct flow *f, struct send *s, struct result_entry *entry,
                        const struct koppel_error *whole)
{
    s->put = true;
    take_notes(s, entry);
    if (entry->done) {
        take_done(f, s, entry);
        return;
    }
    s->err = entry->err.kind ? entry->err : *whole;
    if (is_gone_already(s)) {
        take_done(f, s, entry);
        return;
    }
    if (!s->err.kind)
        err_set(&s->err, KOPPEL_E_UNSURE, "%s gave no result", f->conf->to->name);
    switch (s->err.kind) {
    case KOPPEL_E_UNSURE:
    case KOPPEL_E_CANCELLED: /* nobody knows how far it came; from now on it may still do it */
        if (in_doubt(s) != 0)
            s->put = false; /* the store has it already, from when it was announced */
        return;
    case KOPPEL_E_EXISTS: /* a look-up that came unasked: what is there is to be looked at now */
        if (in_doubt(s) == 0)
            s->link->unseen_ms = INT64_MAX;
        return;
    default: /* refused: what was known before holds, which the store is to learn again */
        return;
    }
}

/* ---- calls ---- */

uint32_t send_verb(const struct send *s)
{
    switch (s->write) {
    case WRITE_UPDATE:
        return KOPPEL_VERB_UPDATE;
    case WRITE_REMOVE:
        return KOPPEL_VERB_REMOVE;
    default:
        return KOPPEL_VERB_CREATE;
    }
}

/* What makes the write conditional: the field's value in what was seen last. */
static const char *version_of(const struct send *s, char buf[SEND_VERSION_BYTES])
{
    const char *text = NULL;
    json_t *value = s->previous && s->entity->conditional
                        ? json_object_get(s->previous, s->entity->conditional)
                        : NULL;
    return value && value_text(value, buf, &text) && *text ? text : NULL;
}

struct koppel_write_item send_item(const struct send *s, char buf[SEND_VERSION_BYTES])
{
    return (struct koppel_write_item){.struct_size = sizeof(struct koppel_write_item),
                                      .job = s->job_key,
                                      .id = s->id,
                                      .record = s->record,
                                      .previous = (json_t *)s->previous,
                                      .version = version_of(s, buf)};
}

struct call {
    struct koppel_write_item *items;
    const struct koppel_write_item **pointers;
    struct send **sends;
    char (*buf)[SEND_VERSION_BYTES];
    int count;
};

static int call_init(struct call *c, int room)
{
    size_t n = (size_t)room + 1;
    *c = (struct call){.items = calloc(n, sizeof *c->items),
                       .pointers = calloc(n, sizeof *c->pointers),
                       .sends = calloc(n, sizeof *c->sends),
                       .buf = calloc(n, sizeof *c->buf)};
    return c->items && c->pointers && c->sends && c->buf ? 0 : -1;
}

static void call_done(struct call *c)
{
    free(c->items);
    free(c->pointers);
    free(c->sends);
    free(c->buf);
}

static void call_add(struct call *c, struct send *s)
{
    c->items[c->count] = send_item(s, c->buf[c->count]);
    c->pointers[c->count] = &c->items[c->count];
    c->sends[c->count++] = s;
}

static void keep_pace(struct flow *f, int64_t us)
{
    long long before = atomic_load(&f->call_us);
    atomic_store(&f->call_us, before > 0 ? before + (us - before) / 8 : us);
}

/* May a write of this lease leave now? Asked once more by the client, behind its own waits. */
static bool may_leave(void *arg)
{
    const struct links *l = arg;
    return !l->lost && store_left_ms(l->lease->hold) >= SEND_LEFT_MS;
}

/* It ended before its turn, unless another request of the call had left. A connector that stops by
 * itself does not say how far it came. */
static bool did_not_leave(const struct koppel_error *whole)
{
    return whole->kind == KOPPEL_E_CANCELLED && (strcmp(whole->reason, HTTP_LEASE_OVER) == 0 ||
                                                 strcmp(whole->reason, HTTP_STOPPED) == 0);
}

/* One request, or as few as the connection makes of it. */
static void call_send(struct flow *f, struct links *l, struct call *c)
{
    struct http_leave leave = {.may = may_leave, .arg = l};
    struct koppel_results results;
    struct koppel_error whole = {0};
    struct send *first = c->sends[0];
    if (results_init(&results, (uint32_t)c->count) != 0) {
        for (int i = 0; i < c->count; i++)
            err_set(&c->sends[i]->err, KOPPEL_E_BUG, "out of memory");
        return;
    }
    int64_t begun = clock_monotonic_ns();
    if (connection_write(f->to, first->entity->name, send_verb(first), 0, c->pointers, c->count,
                         &results, &leave, first->trace, &whole) != 0 &&
        !whole.kind)
        err_set(&whole, KOPPEL_E_UNSURE, "%s gave no result", f->conf->to->name);
    keep_pace(f, (clock_monotonic_ns() - begun) / 1000);
    bool none_left = !leave.left && did_not_leave(&whole);
    for (int i = 0; i < c->count; i++) {
        const struct result_entry *entry = &results.entries[i];
        if (none_left && !entry->done && !entry->err.kind)
            continue; /* as if it had not been announced */
        c->sends[i]->sent = true;
        take_answer(f, c->sends[i], &results.entries[i], &whole);
    }
    results_done(&results);
    c->count = 0;
}

void send_all(struct flow *f, struct links *l, struct send **sends, int count)
{
    struct call call;
    struct koppel_error ignored = {0};
    if (call_init(&call, count) != 0)
        return;
    bool go = true;
    for (int i = 0; i < count && go; i++) {
        struct send *next = i + 1 < count ? sends[i + 1] : NULL;
        call_add(&call, sends[i]);
        bool together = next && call.count < sends[i]->entity->batch_write &&
                        next->entity == sends[i]->entity && send_verb(next) == send_verb(sends[i]);
        if (together)
            continue;
        /* who would have to wait goes back to what it was: the lease may end meanwhile */
        go = !flow_stopping(f) && !flow_must_wait(f) && may_leave(l);
        if (go)
            call_send(f, l, &call);
        /* the peer as a whole is away, or lets nobody in: what has not left need not try */
        go = go && !flow_resting(f) && sends[i]->err.kind != KOPPEL_E_AUTH &&
             sends[i]->err.kind != KOPPEL_E_CONFIG;
    }
    /* what was announced and never left is as it was */
    struct store_link_change *changes = calloc((size_t)count + 1, sizeof *changes);
    int n = 0;
    for (int i = 0; changes && i < count; i++) {
        if (sends[i]->begun && !sends[i]->sent)
            changes[n++] = links_change(sends[i]->scope, sends[i]->key, sends[i]->link);
    }
    if (changes)
        (void)links_put(l, changes, n, &ignored);
    free(changes);
    call_done(&call);
}
