/* SPDX-License-Identifier: MIT
 * Choice lists, and what the account as a whole says of itself. */
#ifndef PLUGINS_REST_CHOICES_H
#define PLUGINS_REST_CHOICES_H

#include "rest.h"

int choices_list(struct rest *r, const char *list, struct koppel_list *out,
                 struct koppel_error *err);
int choices_probe(struct rest *r, struct koppel_list *facts, struct koppel_error *err);

#endif
