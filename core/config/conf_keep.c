/* SPDX-License-Identifier: MIT
 * The ages and their defaults. What is deleted cannot be had back, so nothing is guessed here: an
 * age that makes no sense beside the others is a mistake. */
#include "config/conf_keep.h"

#include <string.h>

#include "base/clock.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

#define DAY_MS INT64_C(86400000)
#define LEAST_MS 1000
#define FREE_MB 200
#define FREE_MB_MAX (16 * 1024 * 1024)

static int64_t age(struct conf_loader *l, config_setting_t *group, const char *name, int64_t absent)
{
    config_setting_t *s = conf_member_get(group, name);
    int64_t ms = 0;
    if (!s)
        return absent;
    const char *text = config_setting_get_string(s);
    if (text && strcmp(text, "ever") == 0)
        return KEEPING_EVER;
    if (text && clock_parse_duration(text, &ms) == 0 && ms >= LEAST_MS)
        return ms;
    conf_mistake(l, s, "\"%s\" must be an age such as \"30d\", or \"ever\"", name);
    return absent;
}

/* A job that is gone has no payload: whoever sets `rows` shorter means something else. */
static void check_rows(struct conf_loader *l, config_setting_t *group, const struct conf_keep *k)
{
    config_setting_t *at = conf_member_get(group, "rows");
    const char *longer = k->jobs.done_ms > k->jobs.rows_ms  ? "payloads"
                         : k->jobs.skipped_ms > k->jobs.rows_ms ? "skipped"
                                                      : NULL;
    if (longer)
        conf_mistake(l, at ? at : conf_member_get(group, longer),
                     "\"%s\" is longer than \"rows\": with the row of a job all of it goes",
                     longer);
}

void conf_keep_load(struct conf_loader *l, config_setting_t *group, struct conf_keep *out)
{
    static const char *const keys[] = {"payloads", "skipped", "rows",   "runs",
                                       "audit",    "revisions", "free_mb"};
    *out = (struct conf_keep){.jobs = {30 * DAY_MS, 7 * DAY_MS, 400 * DAY_MS},
                              .runs_ms = 90 * DAY_MS,
                              .audit_ms = 400 * DAY_MS,
                              .revisions_ms = 400 * DAY_MS,
                              .free_bytes = (int64_t)FREE_MB << 20};
    if (!group)
        return;
    conf_member_check_names(l, group, keys, COUNT(keys));
    out->jobs.done_ms = age(l, group, "payloads", out->jobs.done_ms);
    out->jobs.skipped_ms = age(l, group, "skipped", out->jobs.skipped_ms);
    out->jobs.rows_ms = age(l, group, "rows", out->jobs.rows_ms);
    out->runs_ms = age(l, group, "runs", out->runs_ms);
    out->audit_ms = age(l, group, "audit", out->audit_ms);
    out->revisions_ms = age(l, group, "revisions", out->revisions_ms);
    out->free_bytes = conf_member_number(l, group, "free_mb", 0, FREE_MB_MAX, FREE_MB) << 20;
    check_rows(l, group, out);
}
