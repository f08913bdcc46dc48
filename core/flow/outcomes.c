/* SPDX-License-Identifier: MIT
 * What became of the records of one run. */
#include "flow/outcomes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "flow/remedy.h"

#define REASON_BYTES 48

struct outcomes_reason {
    struct outcomes_reason *next;
    enum job_state state;
    char reason[REASON_BYTES], first[JOB_ID_BYTES]; /* first: the job's address */
    int64_t count;
    bool ours;
};

void outcomes_init(struct outcomes *o)
{
    *o = (struct outcomes){0};
    pthread_mutex_init(&o->lock, NULL);
}

void outcomes_done(struct outcomes *o)
{
    for (struct outcomes_reason *r = o->reasons, *next; r; r = next) {
        next = r->next;
        free(r);
    }
    pthread_mutex_destroy(&o->lock);
}

/* Under the lock. Reasons are few: they are codes. */
static void add_reason(struct outcomes *o, enum job_state state, const char *reason,
                       struct job_id job, bool ours)
{
    struct outcomes_reason **at = &o->reasons;
    while (*at && ((*at)->state != state ||
                   strncmp((*at)->reason, reason, REASON_BYTES - 1) != 0))
        at = &(*at)->next;
    struct outcomes_reason *r = *at;
    if (!r) {
        r = *at = calloc(1, sizeof *r);
        if (!r)
            return;
        r->state = state;
        snprintf(r->reason, sizeof r->reason, "%s", reason);
        (void)job_id_format(job, r->first);
    }
    r->count++;
    r->ours = r->ours || ours;
}

void outcomes_add(struct outcomes *o, enum job_state state, const char *reason, struct job_id job,
                  bool ours)
{
    pthread_mutex_lock(&o->lock);
    o->count[state]++;
    if (reason[0])
        add_reason(o, state, reason, job, ours);
    pthread_mutex_unlock(&o->lock);
}

static void tell_parked(const struct outcomes_reason *r, const char *flow)
{
    const char *remedy = remedy_for(r->reason);
    log_at(r->ours ? LOG_ERROR : LOG_WARNING,
           LOG_ABOUT(.event = "parked", .flow = flow, .job = r->first, .reason = r->reason,
                     .count = r->count),
           "%" PRId64 " %s parked%s%s; see: koppel activity %s", r->count,
           r->count == 1 ? "record is" : "records are", *remedy ? ": " : "", remedy, r->first);
}

json_t *outcomes_json(struct outcomes *o)
{
    json_t *reasons = json_array();
    pthread_mutex_lock(&o->lock);
    for (const struct outcomes_reason *r = o->reasons; r; r = r->next)
        (void)json_array_append_new(
            reasons, json_pack("{s:s,s:o,s:I}", "state", job_state_name(r->state), "reason",
                               json_string_nocheck(r->reason), "count", (json_int_t)r->count));
    json_t *out = json_pack("{s:I,s:I,s:I,s:I,s:o}", "done", (json_int_t)o->count[JOB_DONE],
                            "skipped", (json_int_t)o->count[JOB_SKIPPED], "parked",
                            (json_int_t)o->count[JOB_PARKED], "waiting",
                            (json_int_t)o->count[JOB_WAITING], "reasons", reasons);
    pthread_mutex_unlock(&o->lock);
    return out;
}

void outcomes_tell(struct outcomes *o, const char *flow, bool counted, int64_t read,
                   int64_t took_ms)
{
    pthread_mutex_lock(&o->lock);
    const int64_t *n = o->count;
    bool idle = read == 0 && n[JOB_DONE] + n[JOB_SKIPPED] + n[JOB_PARKED] == 0;
    log_at(counted && !idle ? LOG_INFO : LOG_DEBUG, LOG_ABOUT(.event = "run", .flow = flow),
           "%" PRId64 " read, %" PRId64 " done, %" PRId64 " skipped, %" PRId64 " parked, %" PRId64
           " to be tried again, in %" PRId64 ".%" PRId64 " s",
           read, n[JOB_DONE], n[JOB_SKIPPED], n[JOB_PARKED], n[JOB_WAITING], took_ms / 1000,
           took_ms % 1000 / 100);
    for (const struct outcomes_reason *r = o->reasons; r; r = r->next) {
        if (r->state == JOB_PARKED)
            tell_parked(r, flow);
    }
    pthread_mutex_unlock(&o->lock);
}
