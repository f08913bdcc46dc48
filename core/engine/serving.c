/* SPDX-License-Identifier: MIT
 * What an engine serves, in one line of the log. */
#include "engine/serving.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"

#define TEXT_LIMIT (64 * 1024)

static void add_name(struct buf *list, const struct conf_flow *f)
{
    buf_printf(list, "%s%s", list->bytes > 0 ? ", " : "", f->name);
}

void serving_tell(struct engine *e, const char *version)
{
    struct buf runs, off, paused;
    buf_init(&runs, TEXT_LIMIT);
    buf_init(&off, TEXT_LIMIT);
    buf_init(&paused, TEXT_LIMIT);
    for (int i = 0; i < e->conf->flow_count; i++) {
        const struct conf_flow *f = &e->conf->flows[i];
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
             "serving %s%s%s%s%s; koppel %s, configuration %s, store %s",
             runs.bytes > 0 ? buf_text(&runs) : "no flow", paused.bytes > 0 ? "; paused: " : "",
             buf_text(&paused), off.bytes > 0 ? "; off: " : "", buf_text(&off), version,
             e->conf->dir, e->conf->store_path);
    buf_done(&runs);
    buf_done(&off);
    buf_done(&paused);
}
