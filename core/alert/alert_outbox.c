/* SPDX-License-Identifier: MIT
 * What is to be sent. */
#include "alert/alert_outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_sealed.h"

#define PREFIX "alert/out/"
#define STATE "alert/channel/"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- messages ---- */

struct names {
    char (*list)[ALERT_OUTBOX_NAME_BYTES];
    int count;
};

static int add_name(void *arg, const char *name)
{
    struct names *n = arg;
    if (n->count < ALERT_OUTBOX_MAX)
        snprintf(n->list[n->count++], ALERT_OUTBOX_NAME_BYTES, "%s", name);
    return 0;
}

static int names_of(struct store *s, struct names *n, struct koppel_error *err)
{
    *n = (struct names){.list = calloc(ALERT_OUTBOX_MAX, sizeof *n->list)};
    if (!n->list)
        return no_memory(err);
    return s->ops->sealed_names(s, PREFIX, add_name, n, err);
}

int alert_outbox_put(struct store *s, const struct alert_outbox_place *at, json_t *message_take,
                     struct koppel_error *err)
{
    char name[ALERT_OUTBOX_NAME_BYTES];
    struct names n;
    int rc = names_of(s, &n, err);
    if (rc == 0 && n.count >= ALERT_OUTBOX_MAX)
        rc = alert_outbox_drop(s, n.list[0], err); /* the newest matter most */
    free(n.list);
    if (rc != 0) {
        json_decref(message_take);
        return -1;
    }
    snprintf(name, sizeof name, PREFIX "%014lld-%03d-%.40s", (long long)at->turn, at->index,
             at->channel);
    return store_sealed_put(s, name, message_take, -1, NULL, err);
}

int alert_outbox_each(struct store *s,
                      int (*visit)(void *arg, const char *name, int64_t turn,
                                   const json_t *message),
                      void *arg, struct koppel_error *err)
{
    struct names n;
    int rc = names_of(s, &n, err);
    for (int i = 0; i < n.count && rc == 0; i++) {
        json_t *message = NULL;
        rc = store_sealed_get(s, n.list[i], &message, NULL, err);
        if (rc == 0)
            rc = visit(arg, n.list[i], strtoll(n.list[i] + strlen(PREFIX), NULL, 10), message);
        json_decref(message);
    }
    free(n.list);
    return rc;
}

int alert_outbox_drop(struct store *s, const char *name, struct koppel_error *err)
{
    return s->ops->sealed_drop(s, name, err);
}

int alert_outbox_drop_after(struct store *s, int64_t turn, struct koppel_error *err)
{
    struct names n;
    int rc = names_of(s, &n, err);
    for (int i = 0; i < n.count && rc == 0; i++) {
        if (strtoll(n.list[i] + strlen(PREFIX), NULL, 10) > turn)
            rc = alert_outbox_drop(s, n.list[i], err);
    }
    free(n.list);
    return rc;
}

/* ---- channels ---- */

int alert_outbox_state_get(struct store *s, const char *channel, struct alert_outbox_state *out,
                           struct koppel_error *err)
{
    char name[ALERT_OUTBOX_NAME_BYTES];
    json_t *json = NULL;
    *out = (struct alert_outbox_state){0};
    snprintf(name, sizeof name, STATE "%.40s", channel);
    if (store_sealed_get(s, name, &json, NULL, err) != 0)
        return -1;
    const char *text = json_string_value(json_object_get(json, "text"));
    out->failures = (int)json_integer_value(json_object_get(json, "failures"));
    out->failing_ms = json_integer_value(json_object_get(json, "failing"));
    out->next_ms = json_integer_value(json_object_get(json, "next"));
    out->last_ms = json_integer_value(json_object_get(json, "last"));
    snprintf(out->text, sizeof out->text, "%s", text ? text : "");
    json_decref(json);
    return 0;
}

int alert_outbox_state_put(struct store *s, const char *channel,
                           const struct alert_outbox_state *state, struct koppel_error *err)
{
    char name[ALERT_OUTBOX_NAME_BYTES];
    snprintf(name, sizeof name, STATE "%.40s", channel);
    json_t *json = json_pack("{s:i,s:I,s:I,s:I,s:o}", "failures", state->failures, "failing",
                             (json_int_t)state->failing_ms, "next", (json_int_t)state->next_ms,
                             "last", (json_int_t)state->last_ms, "text",
                             json_string_nocheck(state->text));
    return store_sealed_put(s, name, json, -1, NULL, err);
}
