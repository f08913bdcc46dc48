/* SPDX-License-Identifier: MIT
 * Retention as a person asks for it. */
#include "service/retention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "config/conf_edit.h"
#include "config/conf_edit_json.h"
#include "config/conf_edit_where.h"
#include "engine/keeper.h"
#include "service/ask.h"
#include "service/configs_edit.h"

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

/* ---- other ages ---- */

/* The age of that name among those that jobs come to; NULL: it is one of other things. */
static int64_t *job_age(struct keeping *k, const char *name)
{
    return strcmp(name, "payloads") == 0  ? &k->done_ms
           : strcmp(name, "skipped") == 0 ? &k->skipped_ms
           : strcmp(name, "rows") == 0    ? &k->rows_ms
                                          : NULL;
}

/* What is no age is left to the check of the configuration. */
static void take_age(struct keeping *k, const char *name, const char *text)
{
    int64_t *at = job_age(k, name), ms;
    if (at && strcmp(text, "ever") == 0)
        *at = KEEPING_EVER;
    else if (at && clock_parse_duration(text, &ms) == 0)
        *at = ms;
}

static int edit_age(struct conf_edit_files *files, const char *file, const char *name,
                    const json_t *age, struct koppel_error *err)
{
    char path[64], *value = conf_edit_json_text(age, err);
    struct conf_edit_order order = {.kind = CONF_EDIT_SET, .file = file, .path = path,
                                    .value = value};
    snprintf(path, sizeof path, "keep/%.40s", name);
    int rc = value ? conf_edit(files, &order, err) : -1;
    free(value);
    return rc;
}

static int edit_ages(const struct service_ask *ask, struct conf_edit_files *files,
                     struct keeping *k, struct koppel_error *err)
{
    static const char *const names[] = {"payloads", "skipped", "rows",
                                        "runs",     "audit",   "revisions"};
    const char *name;
    json_t *age;
    char *file;
    const char *rest;
    int rc = conf_edit_where(files, "keep/payloads", &file, &rest, err);
    json_object_foreach(json_object_get(ask->in, "ages"), name, age) {
        bool known = false;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            known = known || strcmp(names[i], name) == 0;
        if (rc == 0 && !known)
            rc = ask_unknown("age", name, "keep", names, sizeof names / sizeof *names, err);
        if (rc == 0 && !json_is_string(age))
            rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s must be a text such as "
                            "\"30d\", or \"ever\"", name);
        if (rc != 0)
            break;
        take_age(k, name, json_string_value(age));
        rc = edit_age(files, file, name, age, err);
    }
    free(file);
    return rc;
}

static int change(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    struct conf_edit_files files = {.dir = s->dir};
    struct keeping k = s->conf->keep.jobs;
    struct keeper_sum sum = {0};
    int rc = edit_ages(ask, &files, &k, err);
    if (rc == 0)
        rc = s->store->ops->keep_plan(s->store, &k, &sum.jobs, err);
    if (rc == 0)
        rc = configs_edit_save(s, ask, &files, out, err);
    if (rc == 0)
        rc = json_object_set_new(*out, "old", sums(&sum));
    conf_edit_files_done(&files);
    return rc;
}

int retention_change(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    return configs_edit_locked(s, ask, change, out, err);
}
