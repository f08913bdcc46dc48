/* SPDX-License-Identifier: MIT
 * Quotes. */
#ifndef KOPPEL_BEHAVIOUR_QUOTE_H
#define KOPPEL_BEHAVIOUR_QUOTE_H

#include "behaviour/behaviour.h"

extern const struct behaviour behaviour_quote;

#endif
