/* SPDX-License-Identifier: MIT
 * Built with an older header: both structs end earlier, and what follows them in memory is no part
 * of them. It must load; what it lacks counts as not supported. */
#include "test_plugin.h"

/* struct koppel_connector up to read, then bytes that the host must not look at. */
static const struct {
    struct {
        uint32_t struct_size;
        int (*open)(const struct koppel_host *, struct koppel_context *, void **,
                    struct koppel_error *);
        void (*close)(void *);
        int (*probe)(void *, struct koppel_list *, struct koppel_error *);
        int (*read)(void *, const struct koppel_read_request *, struct koppel_batch *,
                    struct koppel_error *);
    } ops;
    uintptr_t rubbish[8];
} connector = {
    {sizeof(connector.ops), test_open, NULL, test_probe, test_read},
    {1, 1, 1, 1, 1, 1, 1, 1},
};

/* struct koppel_plugin without transform. */
static const struct {
    struct {
        uint32_t struct_size, magic, abi_major, abi_minor, kind, threads;
        const char *name, *version, *catalogue;
        const void *connector;
    } plugin;
    uintptr_t rubbish[4];
} old = {
    {sizeof(old.plugin), KOPPEL_PLUGIN_MAGIC, KOPPEL_ABI_MAJOR, 0, KOPPEL_KIND_CONNECTOR,
     KOPPEL_THREADS_INSTANCE, "smaller", "1", TEST_CATALOGUE, &connector},
    {1, 1, 1, 1},
};

KOPPEL_EXPORT const struct koppel_plugin *koppel_plugin_entry(void)
{
    return (const struct koppel_plugin *)(const void *)&old;
}
