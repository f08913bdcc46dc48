/* SPDX-License-Identifier: MIT
 * Lists of what a setting or a table may name. */
#ifndef TRYTON_CHOICES_H
#define TRYTON_CHOICES_H

#include "rpc.h"

int choices_list(struct tryton *t, const char *list, struct koppel_list *out,
                 struct koppel_error *err);

#endif
