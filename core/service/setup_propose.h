/* SPDX-License-Identifier: MIT
 * What a row of a value table is proposed to become: by equal numbers, equal rates and equal or
 * near names in the lists of both systems. A person confirms each. */
#ifndef KOPPEL_SERVICE_SETUP_PROPOSE_H
#define KOPPEL_SERVICE_SETUP_PROPOSE_H

#include "connection/list.h"

/* What a row is proposed for. */
struct setup_propose {
    const struct koppel_list *rows; /* of the destination */
    const char *home;               /* country of the shop */
    /* VAT code that the same key was given in a table of codes; NULL: none. */
    const char *vat;
};

/* The row, NULL: nothing fits. *because: key of a text that says why. key: as setup_keys_tables has
 * it. */
const struct list_row *setup_propose_row(const struct setup_propose *p, const json_t *key,
                                         const char **because);

#endif
