/* SPDX-License-Identifier: MIT
 * From what was found to messages in the outbox: one turn of the book. */
#ifndef KOPPEL_ALERT_ALERT_TELL_H
#define KOPPEL_ALERT_ALERT_TELL_H

#include "alert/alert_findings.h"
#include "config/conf_alert.h"
#include "store/store.h"

/* What a turn did. */
struct alert_tell_result {
    int64_t turn;  /* the last that was kept: its messages may go */
    bool queued;   /* there are new ones */
    bool changed;  /* an alert opened, grew worse, or is over */
};

/* What has several lives in the store is told once: a turn that somebody else's order came in
 * between is made again. flows: how many run, for the weekly word. */
int alert_tell_turn(struct store *s, const struct conf_alert *conf,
                    const struct alert_findings *found, int flows, int64_t now_ms,
                    struct alert_tell_result *out, struct koppel_error *err);

/* The engine of that unit is gone: opens that alert beside those that the book has, as nobody looks
 * now. why (may be NULL): what the service manager says. */
int alert_tell_stopped(struct store *s, const struct conf_alert *conf, const char *unit,
                       const char *why, int64_t now_ms, struct alert_tell_result *out,
                       struct koppel_error *err);

#endif
