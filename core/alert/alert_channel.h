/* SPDX-License-Identifier: MIT
 * Sends one message to a channel: a mail, a webhook signed as Standard Webhooks are, or ntfy's JSON
 * form. */
#ifndef KOPPEL_ALERT_ALERT_CHANNEL_H
#define KOPPEL_ALERT_ALERT_CHANNEL_H

#include <jansson.h>

#include "config/conf_alert.h"
#include "http/http.h"

#define ALERT_CHANNEL_MS 15000 /* all of one message; who stops waits no longer */

/* All borrowed. */
struct alert_channel_message {
    const char *id;   /* the same at every try: letters, digits, "-" */
    const char *kind; /* "open", "reminder", "over", "digest", "weekly", "test" */
    int64_t at_ms;
    bool critical;
    const char *subject, *body;
    const json_t *alerts; /* rows of alert_book_json_row without facts; NULL: none */
};

/* The client of a channel, with the deadline above. NULL and err: there is none, as of a channel
 * whose secret this host lacks. Freed by http_free. */
struct http *alert_channel_http(const struct conf_alert_channel *c, struct koppel_error *err);
/* 0: it was taken. dialogue (may be NULL): an array to which each line that went (">") and came
 * ("<") is added, secrets masked. */
int alert_channel_send(const struct conf_alert_channel *c, struct http *h,
                       const struct alert_channel_message *m, json_t *dialogue,
                       struct koppel_error *err);

#endif
