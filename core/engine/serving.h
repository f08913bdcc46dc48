/* SPDX-License-Identifier: MIT
 * What an engine serves, in one line of the log. */
#ifndef KOPPEL_ENGINE_SERVING_H
#define KOPPEL_ENGINE_SERVING_H

#include "engine/engine.h"

/* Logs what runs and how often, what is off, what is paused and why, the program's version, and
 * where configuration and store are. */
void serving_tell(struct engine *e, const char *version);

#endif
