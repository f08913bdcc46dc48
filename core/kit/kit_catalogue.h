/* SPDX-License-Identifier: MIT
 * Group C: the catalogue and the manual page. */
#ifndef KOPPEL_KIT_KIT_CATALOGUE_H
#define KOPPEL_KIT_KIT_CATALOGUE_H

#include "kit/kit_check.h"

extern const struct kit_check kit_catalogue_checks[];

#endif
