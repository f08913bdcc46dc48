/* SPDX-License-Identifier: MIT
 * A transform with a function of records, built when there was no such thing. */
#include "test_plugin.h"

static int convert(const struct koppel_host *host, struct koppel_context *ctx, uint32_t function,
                   struct json_t *value, struct json_t *args, struct json_t **out,
                   struct koppel_error *err)
{
    (void)host;
    (void)ctx;
    (void)function;
    (void)value;
    (void)args;
    (void)out;
    (void)err;
    return 0;
}

/* The struct ends behind convert; what follows is no part of it. */
static const struct {
    struct {
        uint32_t struct_size;
        int (*convert)(const struct koppel_host *, struct koppel_context *, uint32_t,
                       struct json_t *, struct json_t *, struct json_t **, struct koppel_error *);
    } ops;
    uintptr_t rubbish[2];
} transform = {{sizeof(transform.ops), convert}, {1, 1}};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_TRANSFORM,
    .name = "missing_record",
    .version = "1",
    .catalogue = "{\"title\":\"Test\",\"functions\":[{\"name\":\"f\",\"of\":\"record\"}]}",
    .transform = (const struct koppel_transform *)(const void *)&transform.ops,
};

KOPPEL_REGISTER_PLUGIN(plugin);
