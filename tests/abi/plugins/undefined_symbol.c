/* SPDX-License-Identifier: MIT
 * Calls a function that nobody has; link it without -z defs. */
#include "test_plugin.h"

int nobody_has_this_function(void);

static int call_it(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    (void)self;
    (void)facts;
    (void)err;
    return nobody_has_this_function();
}

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = test_open,
    .probe = call_it,
    .read = test_read,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .name = "undefined_symbol",
    .version = "1",
    .catalogue = TEST_CATALOGUE,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
