/* SPDX-License-Identifier: MIT
 * The choice lists that mappings and forms offer. */
#ifndef MPLUSKASSA_CHOICES_H
#define MPLUSKASSA_CHOICES_H

#include "call.h"

/* The rows of a list that the catalogue names. */
int choices_list(struct mplus *m, const char *list, struct koppel_list *out,
                 struct koppel_error *err);

#endif
