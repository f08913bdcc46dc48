/* SPDX-License-Identifier: MIT
 * Answers that no peer should give. */
#ifndef KOPPEL_KIT_KIT_BROKEN_H
#define KOPPEL_KIT_KIT_BROKEN_H

#include <stdbool.h>

#include "kit/kit_peer.h"

/* Number i, from 0; false: there are no more. */
bool kit_broken_answer(int i, struct kit_peer *out);
/* Number i of those that are too large or too deep; out points into what is given, which the caller
 * frees. NULL: there are no more. */
char *kit_broken_monster(int i, struct kit_peer *out);

#endif
