/* SPDX-License-Identifier: MIT
 * koppel check: loads everything as the engine would, and says what each flow can promise. */
#include <stdio.h>

#include "commands/check_online.h"

static const char *promise(const struct cat_entity *to)
{
    switch (to->repeat) {
    case REPEAT_IDEMPOTENT:
        return "exactly once (idempotency key)";
    case REPEAT_UPSERT:
        return "exactly once (upsert by natural key)";
    case REPEAT_LOOKUP:
        return "exactly once (look-up before every create)";
    case REPEAT_NEVER:
        break;
    }
    return "at least once; a lost answer parks the record";
}

int command_check(const struct command_line *line)
{
    struct session s;
    int rc = line->online ? session_open(&s, line, false, false) : session_load(&s, line);
    if (rc != EXIT_OK)
        return rc;
    for (int i = 0; i < s.conf->flow_count; i++) {
        const struct conf_flow *f = &s.conf->flows[i];
        printf("flow %s: %s/%s to %s/%s, %s\n", f->name, f->from->name, f->from_entity, f->to->name,
               f->to_entity, promise(catalogue_entity(f->to->catalogue, f->to_entity)));
    }
    if (line->online)
        rc = check_online(&s);
    if (rc == EXIT_OK)
        printf("%s: no mistakes, %d connections, %d flows\n", s.conf->dir, s.conf->connection_count,
               s.conf->flow_count);
    session_close(&s);
    return rc;
}
