/* SPDX-License-Identifier: MIT
 * Pauses and what a person says by ending one. */
#include "engine/pause.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mask.h"
#include "flow/flow.h"
#include "flow/snapshot.h"

#define NOTE_BYTES 200

int pause_flow(struct store *s, const char *flow, const char *why, struct koppel_error *err)
{
    char name[NOTE_BYTES];
    char *text = why ? strdup(why) : NULL;
    if (why && !text)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (text)
        mask_words(text);
    snprintf(name, sizeof name, FLOW_PAUSED "%.180s", flow);
    int rc = s->ops->note_put(s, name, text, err);
    free(text);
    return rc;
}

bool pause_is_for_login(const char *why)
{
    return strncmp(why, PAUSE_LOGIN, strlen(PAUSE_LOGIN)) == 0;
}

/* A list that had shrunk was looked at: the next reading may take what was missing for gone,
 * once. */
static int accept_shrunk(struct store *s, const char *flow, struct koppel_error *err)
{
    char from[NOTE_BYTES], to[NOTE_BYTES], *count = NULL;
    snprintf(from, sizeof from, SNAPSHOT_SHRUNK "%.180s", flow);
    snprintf(to, sizeof to, SNAPSHOT_ACCEPTED "%.180s", flow);
    int rc = s->ops->note_get(s, from, &count, err);
    if (rc == 0 && count)
        rc = s->ops->note_put(s, to, count, err) == 0 ? s->ops->note_put(s, from, NULL, err) : -1;
    free(count);
    return rc;
}

int pause_end_for_login(struct store *s, const struct conf *conf,
                        const struct conf_connection *connection, struct koppel_error *err)
{
    int rc = 0;
    for (int i = 0; i < conf->flow_count && rc == 0; i++) {
        const struct conf_flow *f = &conf->flows[i];
        char *why = NULL;
        if (f->from != connection && f->to != connection)
            continue;
        rc = flow_paused(s, f->name, &why, err);
        if (rc == 0 && why && pause_is_for_login(why))
            rc = pause_resume(s, f->name, err);
        free(why);
    }
    return rc;
}

int pause_resume(struct store *s, const char *flow, struct koppel_error *err)
{
    return accept_shrunk(s, flow, err) == 0 ? pause_flow(s, flow, NULL, err) : -1;
}
