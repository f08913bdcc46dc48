/* SPDX-License-Identifier: MIT
 * Claims are notes, one per pair of connections and flow: "direction/A|B/FLOW" -> "A DIR" for from
 * A, by the configuration in DIR. The first flow of a pair decides, while it holds its claim, which
 * way the others may go. */
#include "flow/direction.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTE_BYTES 400
#define NAME_BYTES (NOTE_BYTES + 160)
#define VALUE_BYTES (PATH_MAX + 160)

static void pair_prefix(const char *from, const char *to, char out[NOTE_BYTES])
{
    bool ordered = strcmp(from, to) < 0;
    snprintf(out, NOTE_BYTES, "direction/%.120s|%.120s/", ordered ? from : to, ordered ? to : from);
}

struct search {
    const char *from;
    char other[NOTE_BYTES]; /* a flow that goes the other way; "": none */
};

static int find_other(void *arg, const char *name, const char *value)
{
    struct search *s = arg;
    size_t n = strlen(s->from);
    if (strncmp(value, s->from, n) != 0 || value[n] != ' ')
        snprintf(s->other, sizeof s->other, "%s", strrchr(name, '/') + 1);
    return 0;
}

static void claim_name(const struct conf_flow *conf, char out[NAME_BYTES])
{
    char prefix[NOTE_BYTES];
    pair_prefix(conf->from->name, conf->to->name, prefix);
    snprintf(out, NAME_BYTES, "%s%.140s", prefix, conf->name);
}

static void claim_value(const struct conf_flow *conf, const char *dir, char out[VALUE_BYTES])
{
    snprintf(out, VALUE_BYTES, "%.150s %s", conf->from->name, dir);
}

int direction_claim(const struct flow *f, const struct conf *conf, struct koppel_error *err)
{
    const char *from = f->conf->from->name, *to = f->conf->to->name;
    struct search search = {.from = from};
    char prefix[NOTE_BYTES], name[NAME_BYTES], value[VALUE_BYTES], *holder = NULL;
    if (!f->behaviour->one_way)
        return 0;
    pair_prefix(from, to, prefix);
    claim_name(f->conf, name);
    claim_value(f->conf, conf->dir, value);
    /* written first, looked at after: of two that claim at once at least one sees the other */
    if (f->store->ops->note_claim(f->store, name, value, &holder, err) != 0)
        return -1;
    free(holder);
    if (f->store->ops->notes(f->store, prefix, find_other, &search, err) != 0)
        return -1;
    if (!search.other[0])
        return 0;
    struct koppel_error ignored = {0};
    (void)f->store->ops->note_put(f->store, name, NULL, &ignored);
    return err_set(err, KOPPEL_E_CONFIG,
                   "products already travel from %s to %s (flow %s); both ways at once would undo "
                   "each other: run koppel pause %s first",
                   to, from, search.other, search.other);
}

struct release {
    const char *flow;
    char name[NOTE_BYTES]; /* of the claim; "": none */
};

static int find_claim(void *arg, const char *name, const char *value)
{
    struct release *r = arg;
    (void)value;
    if (strcmp(strrchr(name, '/') + 1, r->flow) == 0)
        snprintf(r->name, sizeof r->name, "%s", name);
    return 0;
}

int direction_release(struct store *s, const char *flow, struct koppel_error *err)
{
    struct release r = {.flow = flow};
    if (s->ops->notes(s, "direction/", find_claim, &r, err) != 0)
        return -1;
    return r.name[0] ? s->ops->note_put(s, r.name, NULL, err) : 0;
}

struct unused {
    struct store *store;
    const struct conf *conf;
    bool (*running)(void *arg, const char *flow);
    void *arg;
    struct koppel_error *err;
};

/* Would the flow make this claim today? */
static bool is_claim_of(const struct unused *u, const char *flow, const char *name,
                        const char *value)
{
    const struct conf_flow *conf = conf_flow(u->conf, flow);
    char own[NAME_BYTES], claim[VALUE_BYTES];
    if (!conf || !conf->enabled || !behaviour_for(conf->model)->one_way)
        return false;
    claim_name(conf, own);
    claim_value(conf, u->conf->dir, claim);
    return strcmp(name, own) == 0 && strcmp(value, claim) == 0;
}

static int release_unused(void *arg, const char *name, const char *value)
{
    struct unused *u = arg;
    const char *flow = strrchr(name, '/') + 1, *dir = strchr(value, ' ');
    if (!dir || strcmp(dir + 1, u->conf->dir) != 0 || is_claim_of(u, flow, name, value) ||
        u->running(u->arg, flow))
        return 0;
    return u->store->ops->note_put(u->store, name, NULL, u->err);
}

int direction_release_unused(struct store *s, const struct conf *conf,
                             bool (*running)(void *arg, const char *flow), void *arg,
                             struct koppel_error *err)
{
    struct unused u = {s, conf, running, arg, err};
    return s->ops->notes(s, "direction/", release_unused, &u, err);
}
