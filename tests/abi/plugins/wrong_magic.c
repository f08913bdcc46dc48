/* SPDX-License-Identifier: MIT
 * Something else that happens to export the entry symbol. */
#include "test_plugin.h"

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = test_open,
    .probe = test_probe,
    .read = test_read,
};

static const struct koppel_plugin plugin = {
    .struct_size = sizeof(plugin),
    .magic = 0x12345678,
    .abi_major = KOPPEL_ABI_MAJOR,
    .kind = KOPPEL_KIND_CONNECTOR,
    .name = "wrong_magic",
    .version = "1",
    .catalogue = TEST_CATALOGUE,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
