/* SPDX-License-Identifier: MIT
 * Direction: products travel one way between two connections, never both. The flow that runs claims
 * its way in the store, so that another configuration, or another engine on the same store, is
 * refused too. `koppel pause` gives the claim back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/flow.h"

#define NOTE_BYTES 300

static bool is_goods(const char *model)
{
    return strcmp(model, "product") == 0 || strcmp(model, "category") == 0;
}

int flow_claim_direction(const struct flow *f, struct koppel_error *err)
{
    const char *from = f->conf->from->name, *to = f->conf->to->name;
    bool ordered = strcmp(from, to) < 0;
    char name[NOTE_BYTES], value[NOTE_BYTES], *holder = NULL;
    if (!is_goods(f->conf->model))
        return 0;
    snprintf(name, sizeof name, "direction/%.120s|%.120s", ordered ? from : to,
             ordered ? to : from);
    snprintf(value, sizeof value, "%.120s|%.120s", from, f->conf->name);
    if (f->store->ops->note_claim(f->store, name, value, &holder, err) != 0)
        return -1;
    size_t n = strlen(from);
    bool same = holder && strncmp(holder, from, n) == 0 && holder[n] == '|';
    int rc = same ? 0
                  : err_set(err, KOPPEL_E_CONFIG,
                            "products already travel from %s to %s (flow %s); both ways at "
                            "once would undo each other: run koppel pause %s first",
                            to, from, holder ? strchr(holder, '|') + 1 : "?",
                            holder ? strchr(holder, '|') + 1 : "?");
    free(holder);
    return rc;
}

struct release {
    const char *flow;
    char name[NOTE_BYTES]; /* of the claim; "" none */
};

static int find_claim(void *arg, const char *name, const char *value)
{
    struct release *r = arg;
    const char *bar = strchr(value, '|');
    if (bar && strcmp(bar + 1, r->flow) == 0)
        snprintf(r->name, sizeof r->name, "%s", name);
    return 0;
}

int flow_release_direction(struct store *s, const char *flow, struct koppel_error *err)
{
    struct release r = {.flow = flow};
    if (s->ops->notes(s, "direction/", find_claim, &r, err) != 0)
        return -1;
    return r.name[0] ? s->ops->note_put(s, r.name, NULL, err) : 0;
}
