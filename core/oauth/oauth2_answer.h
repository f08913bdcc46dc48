/* SPDX-License-Identifier: MIT
 * The address at which a log-in in a browser ended: what the identity server says in its query. */
#ifndef KOPPEL_OAUTH_OAUTH2_ANSWER_H
#define KOPPEL_OAUTH_OAUTH2_ANSWER_H

#include <stdbool.h>

#include "base/err.h"

#define OAUTH2_ANSWER_ADDRESS "login.address" /* reason: this is not where a log-in ends */

/* Texts are decoded and owned; NULL: the address has none. Nothing of it is proven. */
struct oauth2_answer {
    char *state, *code;
    char *error, *about; /* the server's code for a refusal ("access_denied"), and its words */
    bool asks;           /* it is the address that a log-in begins with */
};

/* text: an address as a browser shows it, blanks and quotes around it or not, or its query alone.
 * -1: no memory. */
int oauth2_answer_read(const char *text, struct oauth2_answer *out, struct koppel_error *err);
/* Wipes and frees; takes a zeroed struct. */
void oauth2_answer_done(struct oauth2_answer *a);
/* Is it an answer, with a state and a code or an error? -1: KOPPEL_E_REJECTED with the reason
 * above, and what is wanted. */
int oauth2_answer_check(const struct oauth2_answer *a, struct koppel_error *err);
/* Is it of the log-in with this state? Takes as long for any two of one length. */
bool oauth2_answer_is_of(const struct oauth2_answer *a, const char *state);

#endif
