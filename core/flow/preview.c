/* SPDX-License-Identifier: MIT
 * Preview: source -> core -> destination of some records. Nothing is journalled, looked up or
 * written. */
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "mapping/map.h"
#include "flow/work.h"

/* Nothing is looked up or created in a preview: "?" stands where a reference's alias would. */
static int preview_mark(void *arg, json_t *part)
{
    (void)arg;
    return json_is_object(part) ? json_object_set_new(part, "ref", json_string("?")) : 0;
}

static void preview_references(const struct flow *f, json_t *core)
{
    for (int i = 0; i < f->dest->reference_count; i++) {
        struct koppel_error ignored = {0};
        struct path *path = path_parse(f->dest->references[i].from, &ignored);
        if (path && path_is_plural(path))
            (void)path_each(path, core, preview_mark, NULL);
        else if (path)
            (void)preview_mark(NULL, path_get(path, core));
        path_free(path);
    }
}

int flow_preview(struct flow *f, int limit, int (*visit)(void *arg, json_t *row), void *arg,
                 struct koppel_error *err)
{
    struct koppel_batch batch = {0};
    if (connection_read(f->from, f->conf->from_entity, NULL, limit, f->conf->options, &batch, NULL,
                        err) != 0)
        return -1;
    int rc = 0;
    for (int i = 0; i < batch.count && i < limit && rc == 0; i++) {
        struct koppel_error problem = {0};
        char *text = json_text(batch.records[i].record, false, NULL);
        struct store_job job = {.key = batch.records[i].key, .version = batch.records[i].version,
                                .payload = text, .payload_bytes = text ? strlen(text) : 0};
        struct work w;
        if (work_init(&w, &job) == 0 && work_prepare(f, &w, &problem) == 0 && !w.settled) {
            preview_references(f, w.core);
            json_object_set(w.core, "settings", f->conf->settings);
            if (map_apply(&f->conf->send, w.core, MAP_CREATE, &w.document, w.steps, &problem) == 0)
                work_end(&w, JOB_DONE, "", NULL);
        }
        if (!w.settled)
            work_park(&w, &problem);
        json_t *row = json_pack("{s:s,s:O?,s:O?,s:O?,s:s,s:s,s:s,s:O}", "key", job.key, "source",
                                w.source, "core", w.core, "destination", w.document, "outcome",
                                w.state == JOB_DONE ? "would be sent" : job_state_name(w.state),
                                "reason", w.reason, "detail", w.detail, "steps", w.steps);
        rc = row ? visit(arg, row) : err_set(err, KOPPEL_E_BUG, "out of memory");
        json_decref(row);
        work_done(&w);
        free(text);
    }
    batch_done(&batch);
    return rc;
}
