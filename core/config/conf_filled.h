/* SPDX-License-Identifier: MIT
 * What the rules of a mapping fill. */
#ifndef KOPPEL_CONFIG_CONF_FILLED_H
#define KOPPEL_CONFIG_CONF_FILLED_H

#include "catalogue/catalogue.h"
#include "config/conf_loader.h"

/* Paths without their brackets: "lines.vatCode". */
struct conf_filled {
    const char **paths;
    int count;
    bool *whole; /* with all that is in it: the value is an object or list of the record */
    const struct conf_at *at; /* of the rule */
};

/* Of these rules; those for updates only are left out, as a field must be there when the record is
 * made. Held. */
struct conf_filled *conf_filled_of(struct conf_loader *l, const struct conf_mapping *m);
/* Is the field, something in it, or something that it is in filled? path may have brackets. */
bool conf_filled_has(const struct conf_filled *f, const char *path);
/* The path that is most like it; NULL: none is. */
const char *conf_filled_nearest(const struct conf_filled *f, const char *path);

/* Tells every field of the entity that is required and that no rule fills: of the record at `at`,
 * of an object or list in it at the rule that makes it. what: `entity "sales-invoice"`. */
void conf_filled_check(struct conf_loader *l, const struct conf_filled *f,
                       const struct cat_entity *e, const char *what, struct conf_at at);

#endif
