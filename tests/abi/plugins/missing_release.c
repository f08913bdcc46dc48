/* SPDX-License-Identifier: MIT
 * A transform that prepares its arguments and cannot free what it made. */
#include "koppel/sdk.h"

static const char catalogue_text[] = "{\"title\":\"Test\",\"functions\":[{\"name\":\"f\"}]}";

static int apply(const struct koppel_call *c, json_t **out)
{
    return koppel_call_give(c, json_null(), out);
}

static int prepare(const struct koppel_call *c, void **out)
{
    (void)c;
    (void)out;
    return 0;
}

KOPPEL_REGISTER_PREPARED("missing_release", "1", catalogue_text, 1, apply, prepare, NULL);
