/* SPDX-License-Identifier: MIT
 * Room on the store's disk. Nothing new is read before it is full; what was read is delivered, as
 * that takes less, and what is old goes. */
#ifndef KOPPEL_ENGINE_ROOM_H
#define KOPPEL_ENGINE_ROOM_H

#include "engine/engine.h"

#define ROOM_LOW FLOW_NO_ROOM
#define ROOM_AGAIN_MS 30000 /* how soon a flow that could not read for it looks again */

/* May records be read? -1 and err (may be NULL): KOPPEL_E_RETRY, ROOM_LOW: less than keep says is
 * free; or was, and there is not a tenth more yet. What changes is logged, once for all flows. From
 * any thread. */
int room_check(struct engine *e, const struct conf_keep *keep, struct koppel_error *err);

#endif
