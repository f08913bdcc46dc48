/* SPDX-License-Identifier: MIT
 * Declares an entity that can be fetched, and has no fetch. */
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
    .name = "missing_fetch",
    .version = "1",
    .catalogue = "{\"title\":\"Test\",\"entities\":[{\"name\":\"thing\",\"key\":\"id\","
                 "\"can\":[\"read\",\"fetch\"]}]}",
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
