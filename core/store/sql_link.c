/* SPDX-License-Identifier: MIT
 * Links: what is known of a source key at its destination, and what was begun there (move 4). */
#include "store/sql_link.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "store/seal.h"
#include "store/sql_lease.h"
#include "store/unseen.h"

/* ---- reading ---- */

struct get_arg {
    const struct store_lease *lease;
    const char *const *scopes, *const *keys;
    struct store_link *out;
    int count;
};

/* Who wrote a link, and when. */
struct writer_of {
    int64_t flow, part, epoch, unseen;
};

static int find_since(struct sql_store *s, struct conn *c, const struct writer_of *w,
                      const struct store_lease *asks, int64_t now, int64_t *since,
                      struct koppel_error *err)
{
    struct conn_rows *st;
    *since = w->unseen;
    if (asks && asks->epoch == w->epoch)
        return 0;
    int row = conn_row(c, &st, SQL_LEASE_GET, err, "ii", w->flow, w->part);
    if (row != 1)
        return row;
    const void *owner = conn_blob(st, 0);
    struct unseen_lease lease = {.same = conn_int64(st, 1) == w->epoch,
                                 .held = owner != NULL,
                                 .ours = owner && memcmp(owner, s->owner, sizeof s->owner) == 0,
                                 .until = conn_int64(st, 2),
                                 .taken = conn_int64(st, 3)};
    conn_reset(st);
    *since = unseen_since(w->unseen, &lease, now);
    return 0;
}

static int take_link(struct sql_store *s, struct conn *c, struct conn_rows *st,
                     const struct store_lease *lease, struct store_link *l,
                     struct koppel_error *err)
{
    bool failed = false;
    size_t bytes;
    l->state = (enum link_state)conn_int(st, 0);
    l->id = conn_text(st, 1, &failed);
    l->alias = conn_text(st, 2, &failed);
    l->digest = conn_text(st, 3, &failed);
    l->version = conn_int64(st, 4);
    l->chain = conn_int(st, 5);
    l->closed = conn_int(st, 6) != 0;
    l->adopted = conn_int(st, 17) != 0;
    if (failed)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (l->state != LINK_MAYBE) {
        int64_t age = conn_now_ms(c) - conn_int64(st, 13);
        l->unseen_ms = age > 0 ? age : 0;
        return 0;
    }
    l->begun.write = (enum link_write)conn_int(st, 7);
    l->begun.ref = conn_text(st, 8, &failed);
    l->begun.key = conn_text(st, 9, &failed);
    l->begun.digest = conn_text(st, 10, &failed);
    l->begun.version = conn_int64(st, 11);
    if (failed)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (conn_unseal(st, 12, s->key, &l->begun.document, &bytes, err) != 0)
        return -1;
    struct writer_of w = {.unseen = conn_int64(st, 13),
                          .flow = conn_int64(st, 14),
                          .part = conn_int64(st, 15),
                          .epoch = conn_int64(st, 16)};
    int64_t now = conn_now_ms(c), since;
    if (find_since(s, c, &w, lease, now, &since, err) != 0)
        return -1;
    l->unseen_ms = now > since ? now - since : 0;
    return 0;
}

/* The numbers of all scopes; 0: there is none, and so no link. */
static int find_scopes(struct sql_store *s, struct conn *c, const struct get_arg *a, int64_t *out,
                       struct koppel_error *err)
{
    for (int i = 0; i < a->count; i++) {
        out[i] = 0;
        if (names_scope(&s->names, c, a->scopes[i], &out[i], err) < 0)
            return -1;
    }
    return 0;
}

static int take_links(struct sql_store *s, struct conn *c, const struct get_arg *a,
                      const int64_t *scopes, struct koppel_error *err)
{
    for (int i = 0; i < a->count; i++) {
        if (scopes[i] && conn_ask(c, SQL_LINK_GET, err, "it", scopes[i], a->keys[i]) != 0)
            return -1;
    }
    for (int i = 0; i < a->count; i++) {
        struct conn_rows *st;
        int row = scopes[i]
                      ? conn_answer(c, &st, SQL_LINK_GET, err, "it", scopes[i], a->keys[i])
                      : 0;
        if (row < 0)
            return -1;
        if (row == 0)
            continue;
        store_link_done(&a->out[i]);
        int rc = take_link(s, c, st, a->lease, &a->out[i], err);
        conn_reset(st);
        if (rc != 0)
            return -1;
    }
    return 0;
}

static int get_links(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct get_arg *a = arg;
    int64_t *scopes = malloc(((size_t)a->count + 1) * sizeof *scopes);
    if (!scopes)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = find_scopes(s, c, a, scopes, err);
    if (rc == 0)
        rc = take_links(s, c, a, scopes, err);
    free(scopes);
    return rc;
}

int sql_link_get(struct store *base, const struct store_lease *lease, int count,
                    const char *const *scopes, const char *const *keys, struct store_link *out,
                    struct koppel_error *err)
{
    struct get_arg a = {.lease = lease, .scopes = scopes, .keys = keys, .out = out, .count = count};
    for (int i = 0; i < count; i++)
        out[i] = (struct store_link){.state = LINK_ABSENT};
    if (sql_look(sql_of(base), get_links, &a, err) == 0)
        return 0;
    for (int i = 0; i < count; i++)
        store_link_done(&out[i]);
    return -1;
}

/* ---- writing ---- */

static int find_scope(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    int64_t id;
    return names_scope(&s->names, c, arg, &id, err) < 0 ? -1 : 0;
}

static int make_scope(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)s;
    return conn_run(c, SQL_SCOPE_PUT, err, "t", (const char *)arg);
}

/* In transactions of their own, so that a number is remembered only once it stands. */
int sql_link_scopes(struct sql_store *s, const struct store_link_change *changes, int count,
                       struct koppel_error *err)
{
    for (int i = 0; i < count; i++) {
        void *scope = (void *)(uintptr_t)changes[i].scope; /* read only */
        int64_t id;
        if (names_scope_known(&s->names, changes[i].scope, &id))
            continue;
        if (sql_look(s, find_scope, scope, err) != 0)
            return -1;
        if (names_scope_known(&s->names, changes[i].scope, &id))
            continue;
        if (sql_change(s, SQL_HARD, make_scope, scope, err) != 0 ||
            sql_look(s, find_scope, scope, err) != 0)
            return -1;
    }
    return 0;
}

/* Of a document. By chance, so that nobody is asked for the next one. */
static int64_t new_number(void)
{
    int64_t number;
    secret_draw(&number, sizeof number);
    return number & INT64_MAX;
}

int sql_link_change(struct sql_store *s, struct conn *c, int64_t flow,
                       const struct store_lease *lease, const struct store_link_change *l,
                       const struct seal *document, struct koppel_error *err)
{
    const struct store_begun *b = &l->begun;
    bool maybe = l->state == LINK_MAYBE;
    int64_t scope, paper = 0;
    if (maybe != (b->write != WRITE_NONE))
        return err_set(err, KOPPEL_E_BUG, "a link is maybe where a write was begun, only there");
    if (!names_scope_known(&s->names, l->scope, &scope))
        return err_set(err, KOPPEL_E_BUG, "scope %s is not made", l->scope);
    if (conn_run(c, SQL_DOCUMENT_FORGET, err, "it", scope, l->key) != 0)
        return -1;
    if (l->forget || (l->state == LINK_ABSENT && !l->closed))
        return conn_run(c, SQL_LINK_DELETE, err, "it", scope, l->key);
    if (maybe && document && document->data) {
        paper = new_number();
        if (conn_run(c, SQL_DOCUMENT_PUT, err, "iitb", paper, scope, l->key, document->data,
                     document->bytes) != 0)
            return -1;
    }
    return conn_run(c, SQL_LINK_PUT, err, "ititttiiiiitttiiiiii", scope, l->key, (int64_t)l->state,
                    l->id, l->alias, l->digest, l->version, (int64_t)l->chain,
                    (int64_t)l->adopted, (int64_t)l->closed,
                    (int64_t)b->write, maybe ? b->ref : NULL, maybe ? b->key : NULL,
                    maybe ? b->digest : NULL, maybe ? b->version : (int64_t)0, paper,
                    conn_now_ms(c), flow, (int64_t)lease->part, lease->epoch);
}

struct put_arg {
    const struct store_lease *lease;
    const struct store_link_change *changes;
    struct seal *documents;
    int count;
    bool lost;
};

static int put_links(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct put_arg *a = arg;
    const struct names_flow *f = names_flow_need(&s->names, c, a->lease->flow, err);
    int stands = f && sql_lease_ask(c, f->id, a->lease, err) == 0
                     ? sql_lease_stands(s, c, f->id, a->lease, err)
                     : -1;
    if (stands < 0)
        return -1;
    a->lost = !stands;
    for (int i = 0; i < a->count && stands; i++) {
        if (sql_link_change(s, c, f->id, a->lease, &a->changes[i], &a->documents[i], err) != 0)
            return -1;
    }
    return 0;
}

int sql_link_put(struct store *base, const struct store_lease *lease,
                    const struct store_link_change *changes, int count, int *lost,
                    struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct put_arg a = {.lease = lease, .changes = changes, .count = count};
    a.documents = calloc((size_t)count + 1, sizeof *a.documents);
    int rc = a.documents ? sql_link_scopes(s, changes, count, err)
                         : err_set(err, KOPPEL_E_RETRY, "out of memory");
    for (int i = 0; i < count && rc == 0; i++) {
        const char *document = changes[i].begun.document;
        rc = seal_text(s->key, document, document ? strlen(document) : 0, &a.documents[i], err);
    }
    if (rc == 0)
        rc = sql_change(s, SQL_HARD, put_links, &a, err);
    if (rc == 0) {
        *lost = a.lost;
        if (a.lost)
            held_until(&s->holds, lease->epoch, 0);
    }
    for (int i = 0; a.documents && i < count; i++)
        free(a.documents[i].data);
    free(a.documents);
    return rc;
}
