/* SPDX-License-Identifier: MIT
 * What an engine that serves tells the log: what it runs, and when that changes. */
#ifndef KOPPEL_ENGINE_SERVING_H
#define KOPPEL_ENGINE_SERVING_H

#include "engine/engine.h"

/* What the log knows of a flow; zeroed at first. */
struct serving_log {
    bool seen, paused; /* whether it is paused was looked at; it was then */
    int failures;      /* runs in a row */
    char failed_as[sizeof(((struct koppel_error *)0)->text)]; /* reason or words of the last one */
};

/* Logs what runs and how often, what is off, what is paused and why, the program's version, and
 * where the configuration, of which revision, and the store are. */
void serving_tell(struct engine *e, const char *version);
/* What another configuration changed: lists of flows. revision: its number, 0: it is not kept. */
void serving_tell_reload(int64_t revision, const json_t *changed, const json_t *begun,
                         const json_t *ended);
/* A pause (why) and its end (NULL) are a line each. What was paused at the first call was told with
 * the start. */
void serving_tell_pause(struct serving_log *log, const char *flow, const char *why);
/* A run that failed like the one before is no news; that one worked again is. */
void serving_tell_end(struct serving_log *log, const char *flow, int rc,
                      const struct koppel_error *err);

#endif
