/* SPDX-License-Identifier: MIT
 * Koppel's JSON reader, for plugins. */
#include "connection/host_json.h"

#include "base/json_read.h"

int host_json_read(struct koppel_context *ctx, const char *text, uint64_t bytes, json_t **out,
                   struct koppel_error *err)
{
    struct json_read_error why;
    (void)ctx;
    *out = NULL;
    if (!text)
        return err_set(err, KOPPEL_E_BUG, "json wants a text");
    *out = json_read(text, (size_t)bytes, NULL, &why);
    return *out ? 0 : json_read_fail(&why, KOPPEL_E_REJECTED, "it is no JSON", err);
}

struct told {
    void (*bad)(void *user, const struct koppel_bad_item *item);
    void *user;
};

static void tell(const struct json_read_bad *bad, void *user)
{
    const struct told *told = user;
    struct koppel_bad_item item = {
        .struct_size = sizeof item,
        .index = (uint32_t)bad->index,
        .raw = bad->raw,
        .raw_bytes = bad->raw_bytes,
        .rest = bad->rest,
        .place = bad->error.text,
    };
    told->bad(told->user, &item);
}

int host_json_list(struct koppel_context *ctx, const char *text, uint64_t bytes, const char *list,
                   void (*bad)(void *user, const struct koppel_bad_item *item), void *user,
                   json_t **out, struct koppel_error *err)
{
    struct json_read_error why;
    struct told told = {bad, user};
    struct json_read_list where = {.path = list, .bad = tell, .user = &told};
    (void)ctx;
    *out = NULL;
    if (!text || !list || !bad)
        return err_set(err, KOPPEL_E_BUG, "json_list wants a text, a list and whom to tell");
    *out = json_read_list(text, (size_t)bytes, NULL, &where, &why);
    return *out ? 0 : json_read_fail(&why, KOPPEL_E_REJECTED, "it is no JSON", err);
}
