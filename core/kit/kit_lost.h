/* SPDX-License-Identifier: MIT
 * Groups H and W once more, against somebody who answers: answers that are cut, requests that fail
 * in the middle of a call, answers to writes that are lost. */
#ifndef KOPPEL_KIT_KIT_LOST_H
#define KOPPEL_KIT_KIT_LOST_H

#include "kit/kit_check.h"

extern const struct kit_check kit_lost_checks[];

#endif
