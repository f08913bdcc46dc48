/* SPDX-License-Identifier: MIT
 * Draws schedules of several hosts on one store and judges how each ends: nothing lost, nothing
 * doubled, nothing out of order. Then puts each known hole back, and expects that it is found.
 *
 * simulate [-n SCHEDULES] [-s SEED] [-m MOST SCHEDULES PER HOLE] [-o HOLE] [-v SCHEDULE] */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim.h"

#define ENDS_MS (INT64_C(40) * 60000) /* by then all is quiet */

static const char *const hole_names[HOLE_COUNT] = {
    "none", "announced after it was sent", "deadline from the answer on",
    "no quiet time after a take-over", "resolved by the newest version",
    "an epoch that a crash took back, again", "looked up at once", "no fence",
    "sent without time left", "two readers", "settled twice", "the host's own clock",
    "beats that a crash takes back", "given back as if it were settled",
    "sent by an old look at the lease", "a stop counts from the announcement"};

uint32_t sim_draw(struct sim *s, uint32_t below)
{
    uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return below ? (uint32_t)((z ^ (z >> 31)) % below) : 0;
}

bool sim_chance(struct sim *s, int percent)
{
    return (int)sim_draw(s, 100) < percent;
}

int64_t sim_between(struct sim *s, int64_t low, int64_t high)
{
    return low + (int64_t)sim_draw(s, (uint32_t)(high - low + 1));
}

void sim_wrong(struct sim *s, const char *format, ...)
{
    va_list args;
    if (s->wrong[0])
        return;
    va_start(args, format);
    (void)vsnprintf(s->wrong, sizeof s->wrong, format, args);
    va_end(args);
    sim_tell(s, "WRONG: %s", s->wrong);
}

void sim_tell(struct sim *s, const char *format, ...)
{
    va_list args;
    if (!s->told)
        return;
    printf("%8" PRId64 "  ", s->now);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

/* ---- a schedule ---- */

static void draw(struct sim *s)
{
    static const struct means means[] = {{.find = true, .owned = true}, {.find = true},
                                         {.upsert = true}, {.keyed = true, .owned = true},
                                         {.owned = true}};
    s->means = means[sim_draw(s, 5)];
    bool hostile = sim_chance(s, 50);
    s->lost_percent = (int)sim_draw(s, hostile ? 70 : 30);
    s->late_percent = (int)sim_draw(s, hostile ? 70 : 30);
    s->slow_percent = (int)sim_draw(s, hostile ? 40 : 12);
    s->nasty_percent = hostile ? (int)sim_draw(s, 20) : 0;
    s->parts = (int)sim_between(s, 1, SIM_PARTS);
    s->change_count = (int)sim_between(s, 2, SIM_CHANGES);
    s->flush_at = s->fault_at = s->crash_at = SIM_NEVER;
    int64_t at = 0;
    for (int i = 0; i < s->change_count; i++) {
        at += sim_between(s, 1, sim_chance(s, 30) ? 20000 : 500);
        s->changes[i].key = (int)sim_draw(s, SIM_KEYS);
        s->changes[i].content = i + 1;
        s->changes[i].at = at;
    }
    s->faults = (int)sim_draw(s, 8);
    s->chaos_ends = at + 40000;
    if (s->faults > 0)
        s->fault_at = sim_between(s, 500, 15000);
    for (int k = 0; k < SIM_KEYS; k++)
        s->db.aside[k].job = -1;
    s->durable = s->db;
    for (int i = 0; i < SIM_HOSTS; i++) {
        s->hosts[i].life = (i + 1) * 1000;
        for (int n = 0; n < SIM_WORKERS; n++)
            s->hosts[i].workers[n].count = 0;
        sim_host_begin(s, &s->hosts[i]);
    }
}

static void fault(struct sim *s)
{
    struct sim_host *h = &s->hosts[sim_draw(s, SIM_HOSTS)];
    switch (sim_draw(s, 4)) {
    case 0:
        sim_tell(s, "a host is killed");
        if (!h->back)
            sim_host_kill(s, h);
        break;
    case 1:
        h->frozen = s->now + sim_between(s, 100, 25000);
        sim_tell(s, "a host stands still until %" PRId64, h->frozen);
        break;
    case 2:
        sim_tell(s, "the server crashes");
        sim_db_crash(s);
        break;
    default:
        h->cut = s->now + sim_between(s, 100, 20000);
        sim_tell(s, "a host is cut off until %" PRId64, h->cut);
        break;
    }
    s->fault_at = --s->faults > 0 ? s->now + sim_between(s, 100, 12000) : SIM_NEVER;
}

static int64_t next_request(const struct sim *s, int *which)
{
    int64_t at = SIM_NEVER;
    for (int i = 0; i < SIM_REQUESTS; i++) {
        if (s->requests[i].used && s->requests[i].arrives < at) {
            at = s->requests[i].arrives;
            *which = i;
        }
    }
    return at;
}

/* What strikes, or happens by itself, before a moment. */
static bool act_alone(struct sim *s, int64_t before)
{
    int64_t at = s->fault_at < s->flush_at ? s->fault_at : s->flush_at;
    if (s->crash_at < at)
        at = s->crash_at;
    if (at >= before)
        return false;
    s->now = at;
    if (at == s->crash_at)
        sim_db_crash(s);
    else if (at == s->fault_at)
        fault(s);
    else
        sim_db_commit(s, true);
    return true;
}

static void act(struct sim *s)
{
    int which = 0;
    int64_t request = next_request(s, &which), at = request;
    struct sim_host *h = NULL;
    for (int i = 0; i < SIM_HOSTS; i++) {
        int64_t next = sim_host_next(&s->hosts[i]);
        if (next < at) {
            at = next;
            h = &s->hosts[i];
        }
    }
    if (act_alone(s, at))
        return;
    s->now = at > s->now ? at : s->now;
    if (h)
        sim_host_act(s, h);
    else
        sim_peer_arrive(s, &s->requests[which]);
}

/* ---- the judge ---- */

static bool is_quiet(struct sim *s)
{
    int which;
    if (s->now < s->chaos_ends || s->db.source.cursor < s->change_count ||
        next_request(s, &which) != SIM_NEVER)
        return false;
    for (int i = 0; i < s->db.job_count; i++) {
        if (s->db.jobs[i].end == JOB_NEW || s->db.jobs[i].end == JOB_WAITING)
            return false;
    }
    return true;
}

static void judge_key(struct sim *s, int key)
{
    int docs = 0, content = 0, newest = 0;
    bool parked = s->db.aside[key].job >= 0;
    for (int i = 0; i < s->doc_count; i++) {
        if (s->docs[i].key == key) {
            docs++;
            content = s->docs[i].content;
        }
    }
    for (int i = 0; i < s->change_count; i++)
        newest = s->changes[i].key == key ? s->changes[i].content : newest;
    if (docs > 1)
        sim_wrong(s, "key %d stands there %d times", key, docs);
    else if (newest && !parked && (docs != 1 || content != newest))
        sim_wrong(s, "key %d: content %d stands there, and %d is the newest", key,
                  docs ? content : 0, newest);
}

static void judge(struct sim *s)
{
    int ended = 0;
    for (int i = 0; i < s->db.job_count; i++)
        ended += s->db.jobs[i].end == JOB_DONE || s->db.jobs[i].end == JOB_SKIPPED;
    if (s->db.job_count != s->change_count)
        sim_wrong(s, "%d changes were accepted as %d jobs", s->change_count, s->db.job_count);
    if (ended != s->db.tally)
        sim_wrong(s, "%d jobs have ended, and %d were counted", ended, s->db.tally);
    for (int k = 0; k < SIM_KEYS; k++)
        judge_key(s, k);
}

static void run(struct sim *s, enum sim_hole hole, uint64_t seed, uint64_t which, bool told)
{
    memset(s, 0, sizeof *s);
    s->hole = hole;
    s->told = told;
    s->random = seed * UINT64_C(0x2545f4914f6cdd1d) + which * UINT64_C(0xd1342543de82ef95);
    draw(s);
    while (!s->wrong[0] && !is_quiet(s)) {
        act(s);
        if (s->now >= s->chaos_ends)
            s->lost_percent = s->late_percent = s->slow_percent = s->nasty_percent = 0;
        if (s->now > ENDS_MS)
            sim_wrong(s, "it does not come to rest");
    }
    if (!s->wrong[0])
        judge(s);
    for (int i = 0; i < SIM_HOSTS; i++) {
        for (int n = 0; n < SIM_WORKERS; n++)
            sim_worker_clear(&s->hosts[i].workers[n]);
    }
}

/* ---- all of them ---- */

struct order {
    uint64_t schedules, seed, most;
    int hole;  /* -1: each */
};

static int without(struct sim *s, const struct order *o)
{
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (uint64_t i = 0; i < o->schedules; i++) {
        run(s, HOLE_NONE, o->seed, i, false);
        if (s->wrong[0]) {
            printf("schedule %" PRIu64 " of seed %" PRIu64 ": %s\n", i, o->seed, s->wrong);
            return 1;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%" PRIu64 " schedules of seed %" PRIu64 ": nothing lost, doubled or out of order"
           " (%.1f s)\n", o->schedules, o->seed,
           (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9);
    return 0;
}

static int with(struct sim *s, const struct order *o, enum sim_hole hole)
{
    for (uint64_t i = 0; i < o->most; i++) {
        run(s, hole, o->seed, i, false);
        if (s->wrong[0]) {
            printf("found %-40s schedule %" PRIu64 ": %s\n", hole_names[hole], i, s->wrong);
            return 0;
        }
    }
    printf("NOT FOUND: %s, in %" PRIu64 " schedules\n", hole_names[hole], o->most);
    return 1;
}

int main(int argc, char **argv)
{
    static struct sim s;
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct order o = {5000, 1, 1000000, -1};
    long long told = -1;
    int option, failed = 0;
    while ((option = getopt(argc, argv, "n:s:m:o:v:")) != -1) {
        if (option == 'n')
            o.schedules = strtoull(optarg, NULL, 10);
        else if (option == 's')
            o.seed = strtoull(optarg, NULL, 10);
        else if (option == 'm')
            o.most = strtoull(optarg, NULL, 10);
        else if (option == 'o')
            o.hole = atoi(optarg);
        else if (option == 'v')
            told = atoll(optarg);
        else
            return 2;
    }
    if (told >= 0) {
        run(&s, o.hole < 0 ? HOLE_NONE : (enum sim_hole)o.hole, o.seed, (uint64_t)told, true);
        return s.wrong[0] != '\0';
    }
    if (o.hole < 0)
        failed = without(&s, &o);
    for (int hole = HOLE_NONE + 1; hole < HOLE_COUNT; hole++) {
        if (o.hole == hole || o.hole < 0)
            failed |= with(&s, &o, (enum sim_hole)hole);
    }
    return failed;
}
