/* SPDX-License-Identifier: MIT
 * Which articles are held, and why. The look at the feeders is shared by all workers of a stock
 * flow and repeated every few seconds. */
#include "flow/hold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fold.h"
#include "base/json_read.h"
#include "base/log.h"
#include "mapping/map_core.h"
#include "mapping/value.h"

#define FRESH_MS 5000 /* how long a look at the feeders is good for */
#define NOTE_BYTES 200

struct hold {
    struct flow *const *feeders; /* borrowed */
    int count;
    int (*read_up)(struct flow *feeder, struct koppel_error *err);
    pthread_mutex_t lock;        /* guards what follows */
    /* folded number -> {"why", "until": finished_ms or 0}; NULL: not looked */
    json_t *articles;
    char *all;                   /* every article is held, and why; NULL: not so */
    int64_t looked_ms;           /* monotonic; 0: not yet */
    int64_t reading_ms;          /* since when this run reads; 0: it does not */
    int64_t read_ms;             /* when the last complete reading began; 0: there is none */
    struct koppel_error why;     /* kind 0: the look succeeded; else not repeated per article */
};

static void note_name(const struct flow *f, char out[NOTE_BYTES])
{
    snprintf(out, NOTE_BYTES, "read/%.180s", f->conf->name);
}

void hold_free(struct hold *h)
{
    if (!h)
        return;
    json_decref(h->articles);
    free(h->all);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

int hold_by(struct flow *f, struct flow *const *feeders, int count,
            int (*read_up)(struct flow *feeder, struct koppel_error *err), struct koppel_error *err)
{
    char name[NOTE_BYTES], *text = NULL;
    struct hold *h = calloc(1, sizeof *h);
    if (!h)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    pthread_mutex_init(&h->lock, NULL);
    *h = (struct hold){.feeders = feeders, .count = count, .read_up = read_up, .lock = h->lock};
    f->hold = h;
    note_name(f, name);
    if (f->store->ops->note_get(f->store, name, &text, err) != 0)
        return -1;
    h->read_ms = text ? strtoll(text, NULL, 10) : 0;
    free(text);
    return 0;
}

void hold_reading(struct flow *f, int64_t since_ms)
{
    if (!f->hold)
        return;
    pthread_mutex_lock(&f->hold->lock);
    f->hold->reading_ms = since_ms;
    pthread_mutex_unlock(&f->hold->lock);
}

void hold_read(struct flow *f)
{
    char name[NOTE_BYTES], text[32];
    struct koppel_error ignored = {0};
    if (!f->hold)
        return;
    pthread_mutex_lock(&f->hold->lock);
    f->hold->read_ms = f->hold->reading_ms;
    f->hold->looked_ms = 0;
    snprintf(text, sizeof text, "%lld", (long long)f->hold->read_ms);
    pthread_mutex_unlock(&f->hold->lock);
    note_name(f, name);
    (void)f->store->ops->note_put(f->store, name, text, &ignored); /* else the next reading tells */
}

/* ---- looking at the feeders ---- */

struct gather {
    struct flow *feeder;
    struct hold *hold;
    bool failed;
};

static void hold_all(struct hold *h, const char *why)
{
    if (!h->all)
        h->all = strdup(why);
}

static void hold_article(struct gather *g, const char *number, const char *why, int64_t finished_ms)
{
    char key[STORE_KEY_BYTES];
    if (fold_key_into(number, key, sizeof key) >= sizeof key)
        return;
    json_t *was = json_object_get(g->hold->articles, key);
    int64_t until = json_integer_value(json_object_get(was, "until"));
    if (was && (until == 0 || (finished_ms != 0 && until >= finished_ms)))
        return; /* an order that is not settled, or one that was settled later, says more */
    json_t *held = json_pack("{s:s,s:I}", "why", why, "until", (json_int_t)finished_ms);
    if (json_object_set_new(g->hold->articles, key, held) != 0)
        g->failed = true;
}

/* The articles of one order. */
static int gather_articles(void *arg, const char *key, enum job_state state, int64_t finished_ms,
                           const char *payload, size_t bytes)
{
    struct gather *g = arg;
    json_t *core = NULL, *line, *source = payload ? json_read(payload, bytes, NULL, NULL) : NULL;
    struct koppel_error why = {0};
    char *dropped = NULL;
    const char *flow = g->feeder->conf->name;
    char text[400];
    size_t i;
    bool read = source && map_core(g->feeder->conf, source, NULL, &core, &dropped, &why) == 0;
    if (!read && finished_ms == 0) {
        snprintf(text, sizeof text,
                 "what order %s of flow %s holds cannot be read, so it may be any article", key,
                 flow);
        hold_all(g->hold, text);
    }
    if (finished_ms == 0)
        snprintf(text, sizeof text, "order %s of flow %s is not in the books yet (%s)", key, flow,
                 job_state_name(state));
    else
        snprintf(text, sizeof text,
                 "order %s of flow %s came into the books after the level was read", key, flow);
    json_array_foreach(json_object_get(core, "lines"), i, line) {
        char buf[32];
        const char *number;
        json_t *value = json_object_get(line, "number");
        if (value && value_text(value, buf, &number) && !fold_is_blank(number))
            hold_article(g, number, text, finished_ms);
    }
    free(dropped);
    json_decref(core);
    json_decref(source);
    return 0;
}

static int look_at(struct flow *f, struct hold *h, struct flow *feeder, struct koppel_error *err)
{
    struct gather g = {.feeder = feeder, .hold = h};
    char *paused = NULL, text[400];
    int64_t since = h->read_ms && (!h->reading_ms || h->read_ms < h->reading_ms) ? h->read_ms
                                                                               : h->reading_ms;
    if (flow_paused(f->store, feeder->conf->name, &paused, err) != 0)
        return -1;
    if (paused || !feeder->conf->enabled) {
        snprintf(text, sizeof text, "flow %s is %s, so the sales of %s may not be in the books",
                 feeder->conf->name, paused ? "paused" : "not enabled", feeder->conf->from->name);
        hold_all(h, text);
        free(paused);
        return 0;
    }
    if (h->read_up(feeder, err) != 0 && strcmp(err->reason, FLOW_NO_ROOM) == 0) {
        hold_all(h, err->text); /* sales may be there that nobody reads now */
        *err = (struct koppel_error){0};
        return 0;
    }
    if (err->kind)
        return err_prefix(err, "flow %s", feeder->conf->name);
    int64_t mark = -1;
    if (f->store->ops->unsettled(f->store, feeder->conf->name, since ? since : INT64_MAX, &mark,
                                 gather_articles, &g, err) != 0)
        return -1;
    return g.failed ? err_set(err, KOPPEL_E_BUG, "out of memory") : 0;
}

static int look(struct flow *f, struct hold *h, struct koppel_error *err)
{
    free(h->all);
    h->all = NULL;
    json_decref(h->articles);
    h->articles = json_object();
    if (!h->articles)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    bool any = false; /* of several kinds of document a shop enables one */
    for (int i = 0; i < h->count; i++)
        any = any || h->feeders[i]->conf->enabled;
    for (int i = 0; i < h->count && !h->all; i++) {
        if ((!any || h->feeders[i]->conf->enabled) && look_at(f, h, h->feeders[i], err) != 0)
            return -1;
    }
    if (h->all && told_first(f->told, "hold", h->all))
        log_warning(LOG_ABOUT(.event = "held", .flow = f->conf->name), "every article is held: %s",
                    h->all);
    return 0;
}

/* When the level of this job was read at the latest. */
static int64_t read_at(const struct hold *h, const struct store_job *job)
{
    if (h->reading_ms && job->at_ms >= h->reading_ms)
        return h->reading_ms; /* in this run, on one of its pages */
    return h->read_ms ? h->read_ms : job->at_ms; /* and again, unchanged, when all was read last */
}

int hold_check(struct work *w, struct koppel_error *err)
{
    struct flow *f = w->flow;
    struct hold *h = f->hold;
    struct subject subject = work_subject(w);
    char key[STORE_KEY_BYTES];
    if (!h || h->count == 0 || !subject_setting_is(&subject, "hold", "true"))
        return 0;
    (void)fold_key_into(work_text(w, "number"), key, sizeof key);
    pthread_mutex_lock(&h->lock);
    if (h->looked_ms == 0 || clock_monotonic_ms() - h->looked_ms > FRESH_MS) {
        h->why = (struct koppel_error){0};
        (void)look(f, h, &h->why);
        h->looked_ms = clock_monotonic_ms();
    }
    int rc = 0;
    const json_t *article = json_object_get(h->articles, key);
    int64_t until = json_integer_value(json_object_get(article, "until"));
    if (h->why.kind) {
        *err = h->why;
        rc = -1;
    } else if (h->all) {
        work_wait(w, "held", h->all, f->conf->every_ms, false);
    } else if (article && (until == 0 || until >= read_at(h, w->job))) {
        work_wait(w, "held", json_string_value(json_object_get(article, "why")), f->conf->every_ms,
                  false);
    }
    pthread_mutex_unlock(&h->lock);
    return rc;
}
