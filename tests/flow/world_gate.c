/* SPDX-License-Identifier: MIT
 * Gates: between the flow code and its store, and before what it sends. */
#include "world_parts.h"

#include "base/clock.h"

const char *world_way_name(enum world_way way)
{
    static const char *const names[] = {"look-up",   "look-up, credit", "look-up, difference",
                                        "match key", "idempotent",      "idempotent, credit",
                                        "upsert",    "neither",         "reference"};
    return names[way];
}

const char *world_mood_name(enum world_mood mood)
{
    static const char *const names[] = {"", "unique", "lags", "conditional", "taken", "equal"};
    return names[mood];
}

const char *world_gate_name(enum world_gate gate)
{
    static const char *const names[] = {"lease",    "read",      "aside",  "find",
                                        "announce", "announced", "send",   "answer",
                                        "keep",     "settle",    "release"};
    return names[gate];
}

const char *world_do_name(enum world_do what)
{
    static const char *const names[] = {"go",          "fails", "rejected",      "lost",
                                        "answer lost", "late",  "killed before", "killed after",
                                        "killed, late"};
    return names[what];
}

/* ---- the gate ---- */

enum world_do world_gate_pass(struct world_host *h, enum world_gate gate)
{
    if (h->dead)
        return DO_KILL;
    enum world_do what = h->world->gate ? h->world->gate(h->world->arg, h, gate) : DO_GO;
    if (what == DO_KILL || what == DO_KILL_AFTER || what == DO_KILL_LATE)
        world_kill(h);
    if (what == DO_GO && h->dead)
        return DO_KILL;
    return what;
}

void world_kill(struct world_host *h)
{
    h->dead = true;
}

static int gone(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_CANCELLED, "this host is no more");
}

/* ---- the store as the flow code sees it ---- */

static struct world_host *host_of(struct store *s)
{
    return (struct world_host *)s; /* base is its first member */
}

/* Around one call of the store: `call` is made, or not, as the gate says. */
#define GATED(h, at, call)                                                                         \
    do {                                                                                           \
        enum world_do what = world_gate_pass(h, at);                                               \
        if (what == DO_KILL || what == DO_KILL_LATE || what == DO_FAIL || what == DO_REJECT)       \
            return gone(err);                                                                      \
        int rc = (call);                                                                           \
        return what == DO_GO || rc != 0 ? rc : gone(err);                                          \
    } while (0)

static int gated_lease(struct store *s, const char *const *flows, int n, int want,
                       struct store_lease *out, int *count, struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    GATED(h, GATE_LEASE, h->real->ops->lease(h->real, flows, n, want, out, count, err));
}

static void gated_release(struct store *s, struct store_lease *lease)
{
    struct world_host *h = host_of(s);
    if (!h->dead && world_gate_pass(h, GATE_RELEASE) == DO_GO)
        h->real->ops->release(h->real, lease);
}

static int gated_read(struct store *s, const struct store_lease *lease, int limit, size_t bytes,
                      struct store_batch *out, struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    GATED(h, GATE_READ, h->real->ops->read(h->real, lease, limit, bytes, out, err));
}

static int gated_aside(struct store *s, const struct store_lease *lease, int limit, size_t bytes,
                       struct store_batch *out, struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    GATED(h, GATE_ASIDE, h->real->ops->read_aside(h->real, lease, limit, bytes, out, err));
}

static int gated_links_get(struct store *s, const struct store_lease *lease, int count,
                           const char *const *scopes, const char *const *keys,
                           struct store_link *out, struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    return h->dead ? gone(err)
                   : h->real->ops->links_get(h->real, lease, count, scopes, keys, out, err);
}

static int put_links(struct world_host *h, enum world_gate gate, const struct store_lease *lease,
                     const struct store_link_change *changes, int count, int *lost,
                     struct koppel_error *err)
{
    GATED(h, gate, h->real->ops->links_put(h->real, lease, changes, count, lost, err));
}

static int gated_links_put(struct store *s, const struct store_lease *lease,
                           const struct store_link_change *changes, int count, int *lost,
                           struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    bool announces = false;
    for (int i = 0; i < count; i++)
        announces = announces || changes[i].state == LINK_MAYBE;
    if (put_links(h, announces ? GATE_ANNOUNCE : GATE_KEEP, lease, changes, count, lost, err) != 0)
        return -1;
    return announces && world_gate_pass(h, GATE_ANNOUNCED) != DO_GO ? gone(err) : 0;
}

static int gated_settle(struct store *s, struct store_lease *lease, int64_t cursor,
                        const struct store_outcome *outcomes, int count, int *lost,
                        struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    GATED(h, GATE_SETTLE, h->real->ops->settle(h->real, lease, cursor, outcomes, count, lost, err));
}

static const char *gated_id(struct store *s)
{
    return host_of(s)->real->ops->id(host_of(s)->real);
}

static int64_t gated_now(struct store *s)
{
    (void)s;
    return clock_now_ms();
}

static int gated_declare(struct store *s, const char *flow, int parts, struct koppel_error *err)
{
    return host_of(s)->real->ops->flow_declare(host_of(s)->real, flow, parts, err);
}

static int gated_read_begin(struct store *s, const char *flow, struct store_reader *out, int *none,
                            struct koppel_error *err)
{
    return host_of(s)->real->ops->read_begin(host_of(s)->real, flow, out, none, err);
}

static void gated_read_end(struct store *s, struct store_reader *reader, bool complete)
{
    host_of(s)->real->ops->read_end(host_of(s)->real, reader, complete);
}

static int gated_append(struct store *s, struct store_reader *reader,
                        const struct store_record *records, int count, const char *cursor,
                        int *added, int *lost, struct koppel_error *err)
{
    return host_of(s)->real->ops->append(host_of(s)->real, reader, records, count, cursor, added,
                                         lost, err);
}

static int gated_retry(struct store *s, const struct job_id *ids, int n, bool retried, int *count,
                       struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    return h->dead ? gone(err) : h->real->ops->retry(h->real, ids, n, retried, count, err);
}

static int gated_counts(struct store *s, const char *flow, struct store_counts *out,
                        struct koppel_error *err)
{
    return host_of(s)->real->ops->counts(host_of(s)->real, flow, out, err);
}

static int gated_note_get(struct store *s, const char *name, char **out, struct koppel_error *err)
{
    return host_of(s)->real->ops->note_get(host_of(s)->real, name, out, err);
}

/* Time passes while another holds the name. */
static int gated_lock(struct store *s, const char *name, int64_t ttl_ms, int *taken,
                      struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    if (h->dead)
        return gone(err);
    int rc = h->real->ops->lock(h->real, name, ttl_ms, taken, err);
    if (rc == 0 && !*taken)
        world_pass(h->world, 500, -1);
    return rc;
}

static void gated_unlock(struct store *s, const char *name)
{
    struct world_host *h = host_of(s);
    if (!h->dead)
        h->real->ops->unlock(h->real, name);
}

static void gated_digest(struct store *s, const char *text, char out[STORE_DIGEST_BYTES])
{
    struct world_host *h = host_of(s);
    h->real->ops->digest(h->real, text, out);
}

const struct store_ops world_gate_store = {
    .name = "gated",
    .id = gated_id,
    .digest = gated_digest,
    .now_ms = gated_now,
    .flow_declare = gated_declare,
    .read_begin = gated_read_begin,
    .read_end = gated_read_end,
    .append = gated_append,
    .lease = gated_lease,
    .release = gated_release,
    .read = gated_read,
    .read_aside = gated_aside,
    .links_get = gated_links_get,
    .links_put = gated_links_put,
    .settle = gated_settle,
    .retry = gated_retry,
    .note_get = gated_note_get,
    .lock = gated_lock,
    .unlock = gated_unlock,
    .counts = gated_counts,
};
