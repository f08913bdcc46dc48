/* SPDX-License-Identifier: MIT
 * Stock levels: only what would be sent tells whether one changed, and one waits for the sales of
 * its article that are not in the books yet. */
#include "behaviour/behaviour_stock.h"

static json_t *compared(const struct subject *s)
{
    return json_pack("{s:O?,s:O?}", "quantities", json_object_get(s->core, "quantities"), "managed",
                     json_object_get(s->core, "managed"));
}

const struct behaviour behaviour_stock = {
    .model = "stock", .held = true, .complete = subject_complete, .compared = compared};
