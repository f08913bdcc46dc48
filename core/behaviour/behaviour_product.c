/* SPDX-License-Identifier: MIT
 * Products: one way only, numbers and barcodes that no two records share, images that are not
 * carried. */
#include "behaviour/behaviour_product.h"

#include <string.h>

#include "mapping/map.h"
#include "mapping/value.h"

/* What is inactive at the source stays in use at the destination, where the flow says so. */
static void keep(struct subject *s)
{
    char buf[32];
    const char *active = "";
    (void)value_text(json_object_get(s->core, "active"), buf, &active);
    if (!s->there || s->ends || !subject_setting_is(s, "on_gone", "ignore") ||
        strcmp(active, "false") != 0)
        return;
    json_object_del(s->core, "active");
    subject_note(s, "kept",
                   "inactive at the source; on_gone leaves it as it is at the destination");
}

static const char *left_out(const struct subject *s)
{
    bool carried = json_array_size(json_object_get(s->core, "images")) == 0 ||
                   map_reads(s->send, "images");
    return carried ? NULL : "images are not carried between these systems";
}

const struct behaviour behaviour_product = {.model = "product",
                                            .one_way = true,
                                            .unique = {"number", "barcode", NULL},
                                            .complete = subject_complete,
                                            .keep = keep,
                                            .left_out = left_out};
