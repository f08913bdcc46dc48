/* SPDX-License-Identifier: MIT
 * What became of the records of one run. */
#include "flow/outcomes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/remedy.h"

#define REASON_BYTES 48
#define CAUSES 10 /* of a reason that are told one by one */

/* What some of them wait for alike. */
struct cause {
    uint64_t hash;
    char first[JOB_ID_BYTES];
    bool told;
};

struct outcomes_reason {
    struct outcomes_reason *next;
    enum job_state state;
    char reason[REASON_BYTES], first[JOB_ID_BYTES]; /* first: the job's address */
    int64_t count;
    bool ours;
    struct cause causes[CAUSES];
    int cause_count;
    int64_t told; /* so many had a line of their own */
};

void outcomes_init(struct outcomes *o)
{
    *o = (struct outcomes){.begun_ms = clock_monotonic_ms()};
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

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; text && *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

static void add_cause(struct outcomes_reason *r, const char *cause, struct job_id job)
{
    uint64_t hash = hash_of(cause);
    for (int i = 0; i < r->cause_count; i++) {
        if (r->causes[i].hash == hash)
            return;
    }
    if (r->cause_count == CAUSES)
        return;
    struct cause *c = &r->causes[r->cause_count++];
    c->hash = hash;
    (void)job_id_format(job, c->first);
}

/* Under the lock. Reasons are few: they are codes. */
static void add_reason(struct outcomes *o, enum job_state state, const char *reason,
                       const char *cause, struct job_id job, bool ours)
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
    if (state == JOB_PARKED)
        add_cause(r, cause, job);
}

static void tell_parked(const struct outcomes_reason *r, const char *flow, const char *job,
                        int64_t count)
{
    const char *remedy = remedy_for(r->reason);
    log_at(r->ours ? LOG_ERROR : LOG_WARNING,
           LOG_ABOUT(.event = "parked", .flow = flow, .job = job, .reason = r->reason,
                     .count = count),
           "%" PRId64 " %s parked%s%s; see: koppel activity %s", count,
           count == 1 ? "record is" : "records are", *remedy ? ": " : "", remedy, job);
}

/* The first of each cause, where nobody was told of it. */
static void tell_news(struct outcomes *o, const char *flow)
{
    for (struct outcomes_reason *r = o->reasons; r; r = r->next) {
        for (int i = 0; i < r->cause_count; i++) {
            struct cause *c = &r->causes[i];
            if (c->told)
                continue;
            tell_parked(r, flow, c->first, 1);
            c->told = true;
            r->told++;
        }
    }
}

void outcomes_add(struct outcomes *o, enum job_state state, const char *reason, const char *cause,
                  struct job_id job, bool ours)
{
    pthread_mutex_lock(&o->lock);
    o->count[state]++;
    if (reason[0])
        add_reason(o, state, reason, cause, job, ours);
    if (clock_monotonic_ms() - o->begun_ms >= OUTCOMES_LONG_MS)
        tell_news(o, job.flow);
    pthread_mutex_unlock(&o->lock);
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
        if (r->state == JOB_PARKED && r->told < r->count)
            tell_parked(r, flow, r->first, r->count);
    }
    pthread_mutex_unlock(&o->lock);
}
