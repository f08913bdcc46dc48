/* SPDX-License-Identifier: MIT
 * What the other engines do that share the store: told here as if it had happened here, so that a
 * page that is open at one host shows what another one did. */
#ifndef KOPPEL_ENGINE_OTHERS_H
#define KOPPEL_ENGINE_OTHERS_H

#include "engine/engine.h"

struct others;

/* Looks once a second, while there are others. NULL and err. The engine is borrowed. */
struct others *others_open(struct engine *e, struct koppel_error *err);
void others_close(struct others *o); /* takes NULL */

#endif
