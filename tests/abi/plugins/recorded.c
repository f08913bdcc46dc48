/* SPDX-License-Identifier: MIT
 * A transform whose functions are of whole records: it fills a member, leaves records out, or
 * fails. */
#include <jansson.h>
#include <string.h>

#include "koppel/plugin.h"

static const char catalogue[] =
    "{\"title\":\"Test\",\"functions\":["
    "{\"name\":\"fill\",\"of\":\"record\",\"args\":[{\"name\":\"member\",\"required\":true},"
    "{\"name\":\"text\",\"required\":true}]},"
    "{\"name\":\"leave-out\",\"of\":\"record\",\"args\":[{\"name\":\"member\",\"required\":true}]},"
    "{\"name\":\"refuse\",\"of\":\"record\",\"args\":[{\"name\":\"member\",\"required\":true}]}]}";

static int record(const struct koppel_host *host, struct koppel_context *ctx, uint32_t function,
                  struct json_t *given, struct json_t *args, struct json_t **out,
                  struct koppel_error *err)
{
    const char *member = json_string_value(json_array_get(args, 0));
    if (function == 0) {
        *out = json_copy(given);
        return json_object_set(*out, member, json_array_get(args, 1));
    }
    if (!json_object_get(given, member)) {
        *out = json_incref(given);
        return 0;
    }
    if (function == 1)
        return host->skip(ctx, "it has a %s", member);
    return host->fail(err, KOPPEL_E_REJECTED, "%s is not allowed", member);
}

static const struct koppel_transform transform = {
    .struct_size = sizeof transform,
    .record = record,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_TRANSFORM,
    .name = "recorded",
    .version = "1",
    .catalogue = catalogue,
    .transform = &transform,
};

KOPPEL_REGISTER_PLUGIN(plugin);
