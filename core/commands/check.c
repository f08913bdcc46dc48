/* SPDX-License-Identifier: MIT
 * koppel check: loads everything as the engine would, and says what each flow can promise. */
#include <stdio.h>

#include "commands/commands.h"

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

/* Logs in to every connection and prints what it says of itself. */
static int check_online(struct session *s)
{
    int rc = EXIT_OK;
    for (int i = 0; i < s->conf->connection_count; i++) {
        struct koppel_error err = {0};
        struct koppel_list facts = {0};
        const char *name = s->conf->connections[i].name;
        if (connection_probe(s->engine.connections[i], &facts, NULL, &err) != 0) {
            fprintf(stderr, "koppel: connection %s: %s\n", name, err.text);
            rc = EXIT_FAILED;
        } else {
            printf("connection %s answers\n", name);
        }
        for (int k = 0; k < facts.count; k++)
            printf("  %s: %s\n", facts.rows[k].value, facts.rows[k].title);
        list_done(&facts);
    }
    return rc;
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
