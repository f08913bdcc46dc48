/* SPDX-License-Identifier: MIT
 * Signals of a program that delivers: they arrive in a thread of their own, so that no handler runs
 * inside another thread's work. */
#ifndef KOPPEL_COMMANDS_SIGNALS_H
#define KOPPEL_COMMANDS_SIGNALS_H

#include <stdbool.h>

#include "engine/engine.h"

/* First of all in main: from here on SIGHUP ends nothing; it is kept until somebody takes it. end:
 * ends the program at once (_exit). */
void signals_begin(void (*end)(int status));
/* For a command that may be ended by it: one that came meanwhile ends it now. */
void signals_let_hangup(void);

/* SIGINT and SIGTERM stop the engine in order, or where there is none (NULL) end the program with
 * 0; SIGHUP calls hangup, which returns at once (NULL: it stays kept). Call before threads start
 * that are to be left alone. */
int signals_catch(struct engine *e, void (*hangup)(void *arg), void *arg, struct koppel_error *err);
/* Nothing where nothing was caught. What comes from here on is kept for who catches next. */
void signals_release(void);
/* Is there a SIGINT or SIGTERM among what is kept? */
bool signals_told_to_stop(void);

#endif
