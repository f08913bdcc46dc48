/* SPDX-License-Identifier: MIT
 * What an engine that serves tells the log. */
#include "engine/serving.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/revision.h"
#include "engine/run.h"

#define TEXT_LIMIT (64 * 1024)

static void add_name(struct buf *list, const struct conf_flow *f)
{
    buf_printf(list, "%s%s", list->bytes > 0 ? ", " : "", f->name);
}

/* " (revision 3)"; "" where none is kept. */
static const char *revision_words(int64_t revision, char out[32])
{
    *out = '\0';
    if (revision > 0)
        snprintf(out, 32, " (revision %lld)", (long long)revision);
    return out;
}

/* The number of the configuration that is active; 0: none is kept. */
static int64_t active_revision(struct engine *e, const struct conf *conf)
{
    struct revision_place place = {e->store, e->key, conf->dir};
    struct koppel_error ignored = {0};
    json_t *revision = NULL;
    int64_t seq = 0;
    if (conf->whole && revision_get(&place, 0, &revision, &ignored) == 0)
        seq = json_integer_value(json_object_get(revision, "revision"));
    json_decref(revision);
    return seq;
}

void serving_tell(struct engine *e, const char *version)
{
    struct buf runs, off, paused;
    char revision[32];
    buf_init(&runs, TEXT_LIMIT);
    buf_init(&off, TEXT_LIMIT);
    buf_init(&paused, TEXT_LIMIT);
    struct generation *g = engine_hold(e);
    for (int i = 0; i < g->conf->flow_count; i++) {
        const struct conf_flow *f = &g->conf->flows[i];
        struct koppel_error ignored = {0};
        char *why = NULL, every[CLOCK_DURATION_BYTES];
        (void)flow_paused(e->store, f->name, &why, &ignored);
        add_name(!f->enabled ? &off : why ? &paused : &runs, f);
        if (f->enabled && why)
            buf_printf(&paused, " (%s)", why);
        if (f->enabled && !why) {
            clock_format_duration(f->every_ms, every);
            buf_printf(&runs, " every %s", every);
        }
        free(why);
    }
    log_info(LOG_ABOUT(.event = "start"),
             "serving %s%s%s%s%s; koppel %s, configuration %s%s, store %s",
             runs.bytes > 0 ? buf_text(&runs) : "no flow", paused.bytes > 0 ? "; paused: " : "",
             buf_text(&paused), off.bytes > 0 ? "; off: " : "", buf_text(&off), version,
             g->conf->dir, revision_words(active_revision(e, g->conf), revision),
             g->conf->store_path);
    engine_let_go(e, g);
    buf_done(&runs);
    buf_done(&off);
    buf_done(&paused);
}

static void add_names(struct buf *out, const char *what, const json_t *names)
{
    size_t i;
    json_t *name;
    json_array_foreach(names, i, name)
        buf_printf(out, "%s%s", i > 0 ? ", " : what, json_string_value(name));
}

void serving_tell_reload(int64_t revision, const json_t *changed, const json_t *begun,
                         const json_t *ended)
{
    struct buf words;
    char number[32];
    buf_init(&words, TEXT_LIMIT);
    add_names(&words, "; changed: ", changed);
    add_names(&words, "; new: ", begun);
    add_names(&words, "; ended: ", ended);
    log_info(LOG_ABOUT(.event = "reload"), "another configuration is active%s%s",
             revision_words(revision, number),
             words.bytes > 0 ? buf_text(&words) : "; no flow changed");
    buf_done(&words);
}

void serving_tell_pause(struct serving_log *log, const char *flow, const char *why)
{
    const struct log_about *about = LOG_ABOUT(.event = why ? "paused" : "resumed", .flow = flow);
    if (log->seen && why && !log->paused)
        log_info(about, "paused: %s", why);
    else if (log->seen && !why && log->paused)
        log_info(about, "it goes on");
    log->seen = true;
    log->paused = why != NULL;
}

void serving_tell_end(struct serving_log *log, const char *flow, int rc,
                      const struct koppel_error *err)
{
    const char *as = err->reason[0] ? err->reason : err->text;
    if (rc == 0 && log->failures > 0)
        log_info(LOG_ABOUT(.event = "recovered", .flow = flow, .count = log->failures),
                 "it runs again");
    if (rc == 0 || err->kind == KOPPEL_E_CANCELLED) {
        log->failures = 0;
        log->failed_as[0] = '\0';
        return;
    }
    if (run_pauses(err)) { /* which the run has told */
        log->paused = log->paused || strcmp(err->reason, "flow.paused") != 0;
        return;
    }
    bool again = log->failures++ > 0 && strcmp(as, log->failed_as) == 0;
    log_at(again ? LOG_DEBUG : LOG_ERROR,
           LOG_ABOUT(.event = "failed", .flow = flow, .reason = err->reason), "%s", err->text);
    snprintf(log->failed_as, sizeof log->failed_as, "%s", as);
}
