/* SPDX-License-Identifier: MIT
 * One map_apply: what stays the same however deep the rules are nested. Not for other folders. */
#ifndef KOPPEL_MAPPING_MAP_RUN_H
#define KOPPEL_MAPPING_MAP_RUN_H

#include "mapping/map.h"

/* Where nested rules stand: element `index` of the list that `from` names in the source (NULL: of
 * one object), and element `made` of what `to` names in the result (made < 0: of one object). */
struct map_place {
    const struct map_place *up; /* NULL: the record as a whole */
    const struct path *from, *to;
    size_t index;
    long made;
};

struct map_run {
    const json_t *root; /* the record as a whole */
    enum map_verb verb;
    const struct map_tell *tell;     /* NULL: nobody */
    struct map_recorder *recorder;   /* that of tell; NULL: nothing is recorded */
    const struct map_place *place;
    struct koppel_error *err;
};

#endif
