/* SPDX-License-Identifier: MIT
 * Hold: a till's stock must never be raised by its own sales that are not in the books yet. Before
 * stock goes to the till, the flows that bring its orders to the books (the feeders) are read up to
 * now, and every article of an order that is not settled is held; all are, while such a flow is
 * stopped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/log.h"
#include "mapping/map.h"
#include "flow/work.h"

#define FRESH_MS 5000 /* how long a look at the feeders is good for */

void flow_held_free(struct flow_held *h)
{
    if (!h)
        return;
    json_decref(h->articles);
    free(h->all);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

int flow_hold_by(struct flow *f, struct flow *const *feeders, int count, struct koppel_error *err)
{
    struct flow_held *h = calloc(1, sizeof *h);
    if (!h)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    pthread_mutex_init(&h->lock, NULL);
    h->feeders = feeders;
    h->count = count;
    f->held = h;
    return 0;
}

struct gather {
    struct flow *feeder;
    json_t *articles;
};

/* The articles of one order that is not settled. An order that cannot be mapped holds by its raw
 * lines nothing: it is parked and named, and its articles are found once its mapping works. */
static int gather_articles(void *arg, const char *key, enum job_state state, const char *payload,
                           size_t bytes)
{
    struct gather *g = arg;
    json_t *core = NULL, *line, *source = payload ? json_read(payload, bytes, NULL, NULL) : NULL;
    struct koppel_error ignored = {0};
    size_t i;
    if (!source ||
        map_apply(&g->feeder->conf->get, source, MAP_CREATE, &core, NULL, &ignored) != 0) {
        json_decref(source);
        return 0;
    }
    json_array_foreach(json_object_get(core, "lines"), i, line) {
        char buf[32];
        const char *number;
        json_t *value = json_object_get(line, "number");
        if (value && map_text(value, buf, &number) && *number)
            json_object_set_new(g->articles, number,
                                json_sprintf("order %s of flow %s is not in the books yet (%s)",
                                             key, g->feeder->conf->name, job_state_name(state)));
    }
    json_decref(core);
    json_decref(source);
    return 0;
}

/* Reads the feeder up to now, so that what was sold a moment ago is known. */
static int read_up(struct flow *feeder, struct koppel_error *err)
{
    bool more = true;
    while (more && !flow_stopping(feeder)) {
        if (flow_read_page(feeder, &more, err) != 0)
            return -1;
    }
    return 0;
}

static int look(struct flow *f, struct flow_held *h, struct koppel_error *err)
{
    free(h->all);
    h->all = NULL;
    json_decref(h->articles);
    h->articles = json_object();
    bool any = false; /* of several kinds of document a shop enables one */
    for (int i = 0; i < h->count; i++)
        any = any || h->feeders[i]->conf->enabled;
    for (int i = 0; i < h->count && !h->all; i++) {
        struct flow *feeder = h->feeders[i];
        if (any && !feeder->conf->enabled)
            continue;
        struct gather g = {feeder, h->articles};
        char *paused = flow_paused(f->store, feeder->conf->name);
        if (paused || !feeder->conf->enabled) {
            if (asprintf(&h->all, "flow %s is %s, so the sales of %s may not be in the books",
                         feeder->conf->name, paused ? "paused" : "not enabled",
                         feeder->conf->from->name) < 0)
                h->all = NULL;
            free(paused);
            continue;
        }
        if (read_up(feeder, err) != 0)
            return err_prefix(err, "flow %s", feeder->conf->name);
        if (f->store->ops->unsettled(f->store, feeder->conf->name, gather_articles, &g, err) != 0)
            return -1;
    }
    if (h->all)
        log_warning("flow=%s holds every article: %s", f->conf->name, h->all);
    return 0;
}

int flow_held(struct flow *f, const char *article, char **why, struct koppel_error *err)
{
    struct flow_held *h = f->held;
    *why = NULL;
    if (!h || h->count == 0)
        return 0;
    pthread_mutex_lock(&h->lock);
    int rc = 0;
    if (h->looked_ms == 0 || clock_monotonic_ms() - h->looked_ms > FRESH_MS) {
        h->why = (struct koppel_error){0};
        (void)look(f, h, &h->why);
        h->looked_ms = clock_monotonic_ms();
    }
    if (h->why.kind) {
        *err = h->why;
        rc = -1;
    }
    const char *text = rc != 0 ? NULL
                       : h->all ? h->all : json_string_value(json_object_get(h->articles, article));
    if (text && !(*why = strdup(text)))
        rc = err_set(err, KOPPEL_E_BUG, "out of memory");
    pthread_mutex_unlock(&h->lock);
    return rc;
}
