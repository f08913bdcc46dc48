/* SPDX-License-Identifier: MIT
 * It takes every function number for its first one. */
#include "gallery_transform.h"

static int convert(const struct koppel_host *host, struct koppel_context *ctx, uint32_t function,
                   json_t *value, json_t *args, json_t **out, struct koppel_error *err)
{
    json_t *given = json_is_null(value) ? NULL : value;
    struct koppel_call call = {host, ctx, function > 1 ? 0 : function, given,
                               json_string_value(given), args, NULL, err};
    return shout(&call, out);
}

static const struct koppel_transform koppel_transform_ops = {
    .struct_size = sizeof koppel_transform_ops,
    .convert = convert,
    .record = convert,
};
KOPPEL_TRANSFORM_PLUGIN(GALLERY_NAME, "1.0", shout_catalogue);
