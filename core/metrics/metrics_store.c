/* SPDX-License-Identifier: MIT
 * The store's series. */
#include "metrics/metrics_store.h"

#include "engine/room.h"
#include "metrics/metrics_text.h"

#define US INT64_C(1000000)

static void add_commits(void *arg, const struct meter_row *row)
{
    metrics_text_histogram(arg, "koppel_store_commit_duration_seconds", NULL,
                           meter_bounds(METER_COMMIT_US), row, US);
}

static void add_tasks(void *arg, const struct meter_row *row)
{
    metrics_text_histogram(arg, "koppel_store_batch_records", NULL,
                           meter_bounds(METER_COMMIT_TASKS), row, 1);
}

int metrics_store_add(struct buf *out, struct engine *e, const struct generation *g,
                      struct koppel_error *err)
{
    struct keeping_size size;
    if (e->store->ops->size(e->store, &size, err) != 0)
        return -1;
    metrics_text_family(out, "koppel_store_bytes", "gauge",
                        "Size of the store's files; of these, free pages that are used again");
    metrics_text_number(out, "koppel_store_bytes", METRICS_TEXT_LABELS({"part", "file"}),
                        size.file_bytes);
    metrics_text_number(out, "koppel_store_bytes", METRICS_TEXT_LABELS({"part", "log"}),
                        size.wal_bytes);
    metrics_text_number(out, "koppel_store_bytes", METRICS_TEXT_LABELS({"part", "free"}),
                        size.free_bytes);
    if (size.disk_free_bytes >= 0) {
        metrics_text_family(out, "koppel_store_disk_free_bytes", "gauge",
                            "What the store's disk has left");
        metrics_text_number(out, "koppel_store_disk_free_bytes", NULL, size.disk_free_bytes);
    }
    metrics_text_family(out, "koppel_store_disk_reserve_bytes", "gauge",
                        "What is left free: below it nothing is read (keep.free_mb)");
    metrics_text_number(out, "koppel_store_disk_reserve_bytes", NULL, g->conf->keep.free_bytes);
    metrics_text_family(out, "koppel_reading_stopped", "gauge",
                        "1 while nothing is read, as the store's disk is almost full");
    metrics_text_number(out, "koppel_reading_stopped", NULL,
                        room_check(e, &g->conf->keep, NULL) != 0);
    metrics_text_family(out, "koppel_store_commit_duration_seconds", "histogram",
                        "How long the store took to write a change");
    meter_each(METER_COMMIT_US, add_commits, out);
    metrics_text_family(out, "koppel_store_batch_records", "histogram",
                        "Changes that were written together");
    meter_each(METER_COMMIT_TASKS, add_tasks, out);
    return 0;
}
