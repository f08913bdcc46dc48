/* SPDX-License-Identifier: MIT
 * Connectors without a library: a description, which a plugin reads that talks to any system of its
 * kind. connectors/NAME.json of the configuration, else of what is installed, is the connector
 * NAME: a catalogue that names the plugin in "connector". */
#ifndef KOPPEL_CONFIG_CONF_DESCRIBED_H
#define KOPPEL_CONFIG_CONF_DESCRIBED_H

#include <libconfig.h>

#include "config/conf_loader.h"

/* The file of the connector's description; held. NULL: there is none, so it is a library. */
const char *conf_described_find(struct conf_loader *l, const char *name);
/* Reads it. The plugin, and in *catalogue what it says, which is held; NULL where it is wrong,
 * which was reported. */
const struct plugin *conf_described_load(struct conf_loader *l, const config_setting_t *setting,
                                         const char *name, const char *path,
                                         const struct catalogue **catalogue);
/* Does the plugin take what the description, or one with an overlay, says? */
int conf_described_check(const struct plugin *plugin, const struct catalogue *catalogue,
                         struct koppel_error *err);

/* The same without a configuration, for whoever shows what there is. dir: the configuration
 * directory. */

/* A description that was read. */
struct conf_described {
    char *path;
    const struct plugin *plugin;
    struct catalogue *catalogue;
};

/* -1 and err: it is wrong, or *there is false. out is for conf_described_done in each case. */
int conf_described_open(struct plugins *plugins, const char *dir, const char *name, bool *there,
                        struct conf_described *out, struct koppel_error *err);
void conf_described_done(struct conf_described *d);
/* The names of all, sorted, each once; free them with plugins_names_free. */
char **conf_described_names(const char *dir, int *count);

#endif
