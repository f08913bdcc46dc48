/* SPDX-License-Identifier: MIT
 * A kind that this host does not know. */
#include "test_plugin.h"

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = test_open,
    .probe = test_probe,
    .read = test_read,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = 7,
    .name = "wrong_kind",
    .version = "1",
    .catalogue = TEST_CATALOGUE,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
