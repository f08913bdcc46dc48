/* SPDX-License-Identifier: MIT
 * Retention as a person asks for it. */
#include "service/retention.h"

#include "base/clock.h"
#include "engine/keeper.h"
#include "service/ask.h"

#define TELL_MS 200 /* between two lines of progress */

static json_t *age(int64_t ms)
{
    return ms == KEEPING_EVER ? json_null() : json_integer((json_int_t)ms);
}

static json_t *ages(const struct conf_keep *k)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "payloads", age(k->jobs.done_ms), "skipped",
                     age(k->jobs.skipped_ms), "rows", age(k->jobs.rows_ms), "runs",
                     age(k->runs_ms), "audit", age(k->audit_ms), "revisions",
                     age(k->revisions_ms));
}

static json_t *sums(const struct keeper_sum *sum)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:I}", "contents", (json_int_t)sum->jobs.contents, "rows",
                     (json_int_t)sum->jobs.rows, "documents", (json_int_t)sum->jobs.documents,
                     "entries", (json_int_t)sum->entries, "bytes", (json_int_t)sum->jobs.bytes);
}

/* The answer, with what went or would go under a name. */
static int answer(struct service *s, const char *name, const struct keeper_sum *sum, json_t **out,
                  struct koppel_error *err)
{
    struct keeping_size size;
    if (s->store->ops->size(s->store, &size, err) != 0)
        return -1;
    *out = json_pack("{s:o,s:o,s:{s:I,s:I,s:I,s:I}}", "ages", ages(&s->conf->keep), name, sums(sum),
                     "store", "file", (json_int_t)size.file_bytes, "log",
                     (json_int_t)size.wal_bytes, "free", (json_int_t)size.free_bytes, "disk_free",
                     (json_int_t)size.disk_free_bytes);
    return *out ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
}

int retention_plan(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    struct keeper_sum sum = {0};
    (void)ask;
    return s->store->ops->keep_plan(s->store, &s->conf->keep.jobs, &sum.jobs, err) == 0
               ? answer(s, "old", &sum, out, err)
               : -1;
}

struct telling {
    const struct service_ask *ask;
    int64_t told_ms;
};

static bool next_slice(void *arg, const struct keeper_sum *sum)
{
    struct telling *t = arg;
    if (ask_stopped(t->ask))
        return false;
    if (clock_monotonic_ms() - t->told_ms < TELL_MS)
        return true;
    t->told_ms = clock_monotonic_ms();
    return ask_tell(t->ask, sums(sum));
}

int retention_erase(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    struct telling t = {ask, clock_monotonic_ms()};
    struct keeper_sum sum;
    if (keeper_erase(s->store, &s->conf->keep, next_slice, &t, &sum, err) != 0)
        return -1;
    if (ask_stopped(ask))
        return err_set(err, KOPPEL_E_CANCELLED, "it was ended before all was looked at");
    return answer(s, "erased", &sum, out, err);
}
