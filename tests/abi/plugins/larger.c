/* SPDX-License-Identifier: MIT
 * Built with a newer header: both structs have members that this host does not know. It must load;
 * the host ignores them. */
#include "test_plugin.h"

static const struct {
    struct koppel_connector now;
    uintptr_t later[8];
} connector = {
    {.struct_size = sizeof(connector), .open = test_open, .probe = test_probe, .read = test_read},
    {1, 1, 1, 1, 1, 1, 1, 1},
};

static const struct {
    struct koppel_plugin now;
    uintptr_t later[4];
} new = {
    {.struct_size = sizeof(new),
     .magic = KOPPEL_PLUGIN_MAGIC,
     .abi_major = KOPPEL_ABI_MAJOR,
     .abi_minor = KOPPEL_ABI_MINOR + 1,
     .kind = KOPPEL_KIND_CONNECTOR,
     .threads = KOPPEL_THREADS_PLUGIN,
     .name = "larger",
     .version = "2",
     .catalogue = TEST_CATALOGUE,
     .connector = &connector.now},
    {1, 1, 1, 1},
};

KOPPEL_REGISTER_PLUGIN(new.now);
