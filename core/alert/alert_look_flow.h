/* SPDX-License-Identifier: MIT
 * What of a flow needs a person. For alert_look.c alone. */
#ifndef KOPPEL_ALERT_ALERT_LOOK_FLOW_H
#define KOPPEL_ALERT_ALERT_LOOK_FLOW_H

#include "alert/alert_findings.h"
#include "config/conf_alert.h"
#include "engine/engine.h"

/* What is remembered of a flow from look to look. */
struct alert_look_flow {
    struct alert_look_flow *next;
    char *name;
    int64_t alive_ms; /* until when nothing was to be expected of it, or it moved */
    int64_t moved;    /* its counts, added up */
};

/* What the look asked of a flow. */
struct alert_look_flow_facts {
    const struct conf_flow *conf;
    bool paused, by_hand;
    bool login;       /* it is paused for want of one */
    char *why;        /* of the pause; NULL: none */
};

/* Fills facts, whose why is to be freed. */
int alert_look_flow_ask(struct store *s, const struct conf_flow *flow,
                        struct alert_look_flow_facts *facts, struct koppel_error *err);
/* Adds what is found. */
int alert_look_flow(struct store *s, const struct conf_alert *rules,
                    const struct alert_look_flow_facts *facts, struct alert_look_flow *memory,
                    int64_t now_ms, struct alert_findings *out, struct koppel_error *err);

#endif
