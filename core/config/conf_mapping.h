/* SPDX-License-Identifier: MIT
 * Mapping rules, from a file or from the flow itself. */
#ifndef KOPPEL_CONFIG_CONF_MAPPING_H
#define KOPPEL_CONFIG_CONF_MAPPING_H

#include "config/conf_field.h"

/* The rules of the list s. */
void conf_mapping_rules(struct conf_loader *l, config_setting_t *s,
                        const struct conf_field_context *m, struct conf_mapping *out);
/* A mapping file. at: the setting that named it. */
void conf_mapping_load(struct conf_loader *l, const char *path, config_setting_t *at,
                       const struct conf_field_context *m, struct conf_mapping *out);
/* first becomes first followed by second. */
void conf_mapping_join(struct conf_loader *l, struct conf_mapping *first,
                       const struct conf_mapping *second);
/* The shipped or local file of that name, held; NULL: there is none. */
const char *conf_mapping_find(struct conf_loader *l, const char *connector, const char *entity,
                              const char *side);

#endif
