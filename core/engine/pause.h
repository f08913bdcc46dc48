/* SPDX-License-Identifier: MIT
 * Pauses: notes in the store that engines and commands share. */
#ifndef KOPPEL_ENGINE_PAUSE_H
#define KOPPEL_ENGINE_PAUSE_H

#include "config/conf.h"
#include "store/store.h"

#define PAUSE_LOGIN "login: " /* begins why a flow was paused that nobody was logged in for */

/* The flow finishes the record at hand and starts nothing new until it is resumed. why: for
 * people. */
int pause_flow(struct store *s, const char *flow, const char *why, struct koppel_error *err);
/* Is this why of a pause that nobody was logged in? A log-in ends such a pause. */
bool pause_is_for_login(const char *why);
/* Somebody has logged the connection in: its flows that were paused for that go on, those paused by
 * hand do not. */
int pause_end_for_login(struct store *s, const struct conf *conf,
                        const struct conf_connection *connection, struct koppel_error *err);
/* Lets it go on. Where it had stopped as its list had shrunk, what was missing then may be gone. */
int pause_resume(struct store *s, const char *flow, struct koppel_error *err);

#endif
