/* SPDX-License-Identifier: MIT
 * Its catalogue has an unknown member. */
#include "test_plugin.h"

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = test_open,
    .probe = test_probe,
    .read = test_read,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .name = "broken_catalogue",
    .version = "1",
    .catalogue = "{\"title\":\"Test\",\"entitties\":[]}",
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
