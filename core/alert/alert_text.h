/* SPDX-License-Identifier: MIT
 * What is said of alerts: a line that tells all of it, what is wrong, why, what follows, and what
 * to do, in the language of alerts.conf (alert_texts.json). */
#ifndef KOPPEL_ALERT_ALERT_TEXT_H
#define KOPPEL_ALERT_ALERT_TEXT_H

#include "alert/alert_book.h"
#include "config/conf_alert.h"

/* A message: UTF-8, each line without control characters. */
struct alert_text {
    char *subject; /* one line */
    char *body;    /* ends with a line break */
    bool critical;
};

/* What happened in a week. */
struct alert_text_week {
    int64_t read, done, skipped, parked;
    int flows; /* that run */
};

/* Each fills out, which alert_text_done frees; -1 and err: no memory. Without `personal` no more of
 * a failure is told than its reason and the facts that name no person. */
int alert_text_notice(const struct conf_alert *conf, const struct alert_notice *n,
                      struct alert_text *out, struct koppel_error *err);
/* All that is open, once more. */
int alert_text_digest(const struct conf_alert *conf, struct alert *const *alerts, int count,
                      struct alert_text *out, struct koppel_error *err);
int alert_text_weekly(const struct conf_alert *conf, const struct alert_text_week *week,
                      struct alert_text *out, struct koppel_error *err);
int alert_text_test(const struct conf_alert *conf, const char *channel, struct alert_text *out,
                    struct koppel_error *err);
/* An alert in one line, and what to do about it in another; the caller frees both. NULL: no
 * memory. */
char *alert_text_line(const struct conf_alert *conf, const struct alert *a);
char *alert_text_todo(const struct conf_alert *conf, const struct alert *a);
void alert_text_done(struct alert_text *t);

#endif
