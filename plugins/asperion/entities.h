/* SPDX-License-Identifier: MIT
 * Debtors, articles and sales invoices: one set of functions over a table. */
#ifndef ASPERION_ENTITIES_H
#define ASPERION_ENTITIES_H

#include "api.h"

int entities_read(struct asperion *a, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err);
int entities_find(struct asperion *a, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err);
int entities_write(struct asperion *a, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err);

/* choices.c */
int choices_list(struct asperion *a, const char *list, struct koppel_list *out,
                 struct koppel_error *err);
/* Finds the administration that is set among those of this login and reports it. */
int choices_probe(struct asperion *a, struct koppel_list *facts, struct koppel_error *err);

#endif
