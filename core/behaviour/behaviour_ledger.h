/* SPDX-License-Identifier: MIT
 * Days of a till. */
#ifndef KOPPEL_BEHAVIOUR_LEDGER_H
#define KOPPEL_BEHAVIOUR_LEDGER_H

#include "behaviour/behaviour.h"

extern const struct behaviour behaviour_ledger;

#endif
