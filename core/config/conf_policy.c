/* SPDX-License-Identifier: MIT
 * What a reference does where nobody said. */
#include "config/conf_policy.h"

#include <string.h>

/* Articles are never invented, all else is made when needed, and customers are kept up to date. */
void conf_policy_defaults(const struct cat_reference *c, const struct cat_entity *e,
                          struct conf_reference *r)
{
    bool article = strcmp(c->name, "article") == 0;
    r->missing = e && (e->can & CAN_CREATE) && !article ? MISSING_CREATE : MISSING_PARK;
    r->update_existing = e && (e->can & CAN_UPDATE) && strcmp(c->model, "customer") == 0;
    r->type_change = "park";
}
