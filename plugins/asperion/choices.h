/* SPDX-License-Identifier: MIT
 * The lists that settings and tables choose from. */
#ifndef ASPERION_CHOICES_H
#define ASPERION_CHOICES_H

#include "api.h"

int choices_list(struct asperion *a, const char *list, struct koppel_list *out,
                 struct koppel_error *err);
/* All rows of a list as the service has them, in a new array, null for one that is no JSON. NULL
 * and err. */
json_t *choices_rows(struct asperion *a, const char *list, struct koppel_error *err);
/* The path of a list under /v1/; NULL: there is no such list. */
const char *choices_path(struct asperion *a, const char *list);

#endif
