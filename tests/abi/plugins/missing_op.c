/* SPDX-License-Identifier: MIT
 * Declares an entity that can be read, and has no read. */
#include "test_plugin.h"

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = test_open,
    .probe = test_probe,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .name = "missing_op",
    .version = "1",
    .catalogue = TEST_CATALOGUE,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
