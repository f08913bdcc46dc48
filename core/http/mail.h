/* SPDX-License-Identifier: MIT
 * One mail to a mail server, by libcurl's SMTP.
 *
 * TLS is wanted at once (smtps) or by STARTTLS (smtp); without either nothing is sent, unless the
 * server is this machine itself. All of it ends within the client's time-out, and at once where the
 * client is cancelled. */
#ifndef KOPPEL_HTTP_MAIL_H
#define KOPPEL_HTTP_MAIL_H

#include <jansson.h>

#include "base/secret.h"
#include "http/http.h"

/* All borrowed. */
struct mail {
    const char *url;  /* "smtps://mail.example.org", "smtp://localhost:2525" */
    const char *user; /* NULL: no log-in */
    const struct secret *password; /* NULL with user */
    const char *from; /* an address without a name */
    const char *const *to;
    int to_count;
    const char *subject; /* UTF-8, one line */
    const char *body;    /* UTF-8 text */
    const char *id;      /* of the message, for who gets it twice: letters, digits, "-" */
    int64_t at_ms;       /* its date, since 1970 UTC */
    bool urgent;
};

/* 0: the server took it, for every recipient. -1 and err: KOPPEL_E_RETRY, KOPPEL_E_AUTH,
 * KOPPEL_E_REJECTED (it never will), KOPPEL_E_CONFIG; err says nothing of what is in the mail, nor
 * the server's words. dialogue (may be NULL): an array to which each line that went (">") and came
 * ("<") is added, log-ins masked. */
int mail_send(struct http *h, const struct mail *m, json_t *dialogue, struct koppel_error *err);

#endif
