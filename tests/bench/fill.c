/* SPDX-License-Identifier: MIT
 * A store of many jobs, made quickly. */
#include "fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 1000
#define CAUSES 100

static const struct {
    const char *name;
    int parts, percent;
} flows[] = {{"orders", 16, 70}, {"customers", 4, 25}, {"stock", 4, 5}};
#define FLOWS (int)(sizeof flows / sizeof *flows)

static struct koppel_error err;
static struct store *store;

static void must(int rc)
{
    if (rc == 0)
        return;
    fprintf(stderr, "%s\n", err.text);
    exit(1);
}

/* ---- filling ---- */

static char keys[BATCH][32], number[BATCH][32], cause[BATCH][32];

static void append(int flow, int first, int count)
{
    static struct store_record records[BATCH];
    struct store_reader r;
    char cursor[32];
    int none, lost;
    snprintf(cursor, sizeof cursor, "%d", first);
    for (int i = 0; i < count; i++) {
        snprintf(keys[i], sizeof keys[i], "%s-%08d", flows[flow].name, first + i);
        records[i] = (struct store_record){keys[i], i, "{\"n\":1}", 7, NULL, false};
    }
    must(store->ops->read_begin(store, flows[flow].name, &r, &none, &err));
    must(store->ops->append(store, &r, records, count, cursor, NULL, &lost, &err));
    store->ops->read_end(store, &r, true);
}

static void deliver(int flow)
{
    static struct store_outcome o[BATCH];
    static const char *words[BATCH][3];
    const char *names[] = {flows[flow].name};
    for (;;) {
        struct store_lease l;
        struct store_batch b;
        int n = 0, lost;
        must(store->ops->lease(store, names, 1, 1, &l, &n, &err));
        if (n == 0)
            return;
        must(store->ops->read(store, &l, BATCH, 1 << 23, &b, &err));
        for (int i = 0; i < b.count; i++) {
            int which = atoi(strrchr(b.jobs[i].key, '-') + 1);
            bool parked = which % 10 == 3;
            snprintf(number[i], sizeof number[i], "%s", b.jobs[i].key);
            snprintf(cause[i], sizeof cause[i], "cause %d", which / 10 % CAUSES);
            words[i][0] = number[i];
            words[i][1] = which % 1000 == 0 ? "jansen" : "bv";
            words[i][2] = "utrecht";
            o[i] = (struct store_outcome){
                .off = b.jobs[i].off, .key = b.jobs[i].key,
                .state = parked ? JOB_PARKED : JOB_DONE, .reason = parked ? "map.unmapped" : "",
                .cause = parked ? cause[i] : NULL, .facts = parked ? "{\"table\":\"vat\"}" : NULL,
                .remote_id = parked ? NULL : b.jobs[i].key, .activity = "[]", .activity_bytes = 2,
                .brief = "{\"number\":\"12345\"}", .run = 1, .words = words[i], .word_count = 3};
        }
        must(store->ops->settle(store, &l, b.next, o, b.count, &lost, &err));
        store_batch_done(&b);
        store->ops->release(store, &l);
    }
}

void fill_store(struct store *into, int jobs)
{
    store = into;
    for (int f = 0; f < FLOWS; f++) {
        int all = jobs / 100 * flows[f].percent;
        must(store->ops->flow_declare(store, flows[f].name, flows[f].parts, &err));
        for (int i = 0; i < all; i += BATCH) {
            append(f, i, all - i < BATCH ? all - i : BATCH);
            if (i % (BATCH * 20) == 0)
                deliver(f);
        }
        deliver(f);
    }
    must(store->ops->tidy(store, &err));
}
