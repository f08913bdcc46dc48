/* SPDX-License-Identifier: MIT
 * The plugins that are installed, and what one of them can do. */
#ifndef KOPPEL_SERVICE_PLUGIN_ROWS_H
#define KOPPEL_SERVICE_PLUGIN_ROWS_H

#include "service/service.h"

/* Those in the folders of plugins, and the connectors that are described (dir: the configuration
 * directory): [{"name","kind" ("connector", "transform"),"version","title","path"}], of what is
 * described with the plugin that reads it in "described"; {"name","error"} of one that cannot be
 * loaded. NULL: no memory. */
json_t *plugin_rows_all(struct plugins *p, const char *dir);
/* {}: {"plugins":[...]}, as above. */
int plugin_rows_list(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);
/* {"plugin"}: its catalogue. */
int plugin_rows_show(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);

#endif
