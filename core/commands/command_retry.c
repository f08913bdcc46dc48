/* SPDX-License-Identifier: MIT
 * koppel retry: parked and waiting jobs become due now; the next run delivers them with the
 * configuration of that time. */
#include "commands/command_retry.h"

#include <stdio.h>

#include "base/visible.h"
#include "commands/session.h"

static int retry_one(struct store *s, const char *word, int *count, struct koppel_error *err)
{
    char flow[JOB_ID_BYTES];
    struct job_id id;
    if (job_id_parse(word, flow, &id) != 0)
        return err_set(err, KOPPEL_E_CONFIG, "\"%s\" is no job; koppel jobs lists them", word);
    return s->ops->retry(s, flow, &id, 1, true, count, err);
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
    else if (line->all && store->ops->retry(store, line->flow, NULL, 0, true, &total, &err) != 0)
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
