/* SPDX-License-Identifier: MIT
 * koppel retry: parked and waiting jobs become due now; the next run delivers them with the
 * configuration of that time. */
#include "commands/command_retry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "commands/session.h"

static int retry_one(struct store *s, const char *word, int *count, struct koppel_error *err)
{
    char flow[JOB_ID_BYTES];
    struct job_id id;
    if (job_id_parse(word, flow, &id) != 0)
        return err_set(err, KOPPEL_E_CONFIG, "\"%s\" is no job; koppel jobs lists them", word);
    return s->ops->retry(s, &id, 1, true, count, err);
}

struct picked {
    struct store *store;
    struct job_id *ids; /* their flows are owned */
    int count, room;
};

static int take(void *arg, const struct store_pick *p)
{
    struct picked *all = arg;
    if (all->count == all->room) {
        int room = all->room ? all->room * 2 : 64;
        struct job_id *more = realloc(all->ids, (size_t)room * sizeof *more);
        if (!more)
            return -1;
        all->ids = more;
        all->room = room;
    }
    struct job_id *id = &all->ids[all->count];
    *id = p->id;
    id->flow = strdup(p->id.flow);
    if (!id->flow)
        return -1;
    all->count++;
    return 0;
}

static int retry_all(struct store *s, const char *flow, int *count, struct koppel_error *err)
{
    static const enum job_state states[] = {JOB_PARKED, JOB_WAITING};
    struct picked all = {.store = s};
    int rc = 0;
    for (size_t i = 0; i < sizeof states / sizeof states[0] && rc == 0; i++) {
        struct store_job_filter f = {.flow = flow, .state = (int)states[i]};
        rc = s->ops->pick(s, &f, take, &all, err);
    }
    if (rc == 0)
        rc = s->ops->retry(s, all.ids, all.count, true, count, err);
    for (int i = 0; i < all.count; i++)
        free((char *)all.ids[i].flow);
    free(all.ids);
    return rc;
}

int command_retry(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    int total = 0, count = 0;
    if ((line->count == 0) == !line->all || (line->flow && !line->all))
        return COMMAND_MISUSED; /* jobs by name, or all of them */
    int rc = session_look(&s, line, ENGINE_LOOK);
    if (rc != EXIT_OK)
        return rc;
    struct store *store = s.store;
    if (line->flow && !session_flow(&s, line->flow))
        rc = EXIT_USAGE;
    else if (line->all && retry_all(store, line->flow, &total, &err) != 0)
        rc = command_failed(&err);
    for (int i = 0; i < line->count && rc == EXIT_OK; i++) {
        if (retry_one(store, line->words[i], &count, &err) != 0)
            rc = command_failed(&err);
        else if (count == 0)
            visible_print(stderr, "koppel: %s neither is parked nor waits\n", line->words[i]);
        total += count;
    }
    if (rc == EXIT_OK)
        visible_print(stdout, "%d jobs are due; the next run of their flow takes them\n", total);
    session_close(&s);
    return rc;
}
