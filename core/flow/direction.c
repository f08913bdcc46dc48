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

int direction_claim(const struct flow *f, const struct conf *conf, struct koppel_error *err)
{
    const char *from = f->conf->from->name, *to = f->conf->to->name;
    struct search search = {.from = from};
    char prefix[NOTE_BYTES], name[NOTE_BYTES + 160], value[PATH_MAX + 160], *holder = NULL;
    if (!f->behaviour->one_way)
        return 0;
    pair_prefix(from, to, prefix);
    snprintf(name, sizeof name, "%s%.140s", prefix, f->conf->name);
    /* written first, looked at after: of two that claim at once at least one sees the other */
    snprintf(value, sizeof value, "%.150s %s", from, conf->dir);
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
    const char *dir; /* of the configuration that must have made it; NULL: any */
    char name[NOTE_BYTES]; /* of the claim; "": none */
};

static int find_claim(void *arg, const char *name, const char *value)
{
    struct release *r = arg;
    const char *dir = strchr(value, ' ');
    if (strcmp(strrchr(name, '/') + 1, r->flow) == 0 &&
        (!r->dir || (dir && strcmp(dir + 1, r->dir) == 0)))
        snprintf(r->name, sizeof r->name, "%s", name);
    return 0;
}

static int release(struct store *s, const char *flow, const char *dir, struct koppel_error *err)
{
    struct release r = {.flow = flow, .dir = dir};
    if (s->ops->notes(s, "direction/", find_claim, &r, err) != 0)
        return -1;
    return r.name[0] ? s->ops->note_put(s, r.name, NULL, err) : 0;
}

int direction_release(struct store *s, const char *flow, struct koppel_error *err)
{
    return release(s, flow, NULL, err);
}

int direction_release_disabled(struct store *s, const struct conf *conf, struct koppel_error *err)
{
    for (int i = 0; i < conf->flow_count; i++) {
        const struct conf_flow *flow = &conf->flows[i];
        if (!flow->enabled && behaviour_for(flow->model)->one_way &&
            release(s, flow->name, conf->dir, err) != 0)
            return -1;
    }
    return 0;
}
