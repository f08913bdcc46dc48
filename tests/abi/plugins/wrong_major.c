/* SPDX-License-Identifier: MIT
 * Built for another ABI. */
#include "test_plugin.h"

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = test_open,
    .probe = test_probe,
    .read = test_read,
};

static const struct koppel_plugin plugin = {
    .struct_size = sizeof(plugin),
    .magic = KOPPEL_PLUGIN_MAGIC,
    .abi_major = KOPPEL_ABI_MAJOR + 1,
    .kind = KOPPEL_KIND_CONNECTOR,
    .name = "wrong_major",
    .version = "1",
    .catalogue = TEST_CATALOGUE,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
