/* SPDX-License-Identifier: MIT
 * A transform's function with its arguments: made once, when a configuration is loaded, and called
 * for every record (connection/host.h). */
#ifndef KOPPEL_PLUGIN_PLUGINS_CALL_H
#define KOPPEL_PLUGIN_PLUGINS_CALL_H

#include "plugin/plugins.h"

struct plugins_call {
    const struct plugin *plugin;
    uint32_t function; /* index into its catalogue's functions */
    json_t *args;      /* array, one for each that the catalogue declares */
    void *prepared;    /* what the plugin made of them; NULL: nothing */
};

/* name: "trim" or "text.trim". args: an array as it was written (catalogue_function.h). Zero out
 * before. -1 with KOPPEL_E_CONFIG: there is no such function, or its arguments are wrong; then out
 * is good for plugins_call_done only. */
int plugins_call_make(struct plugins *p, const char *name, const json_t *args,
                      struct plugins_call *out, struct koppel_error *err);
/* Frees what it holds; takes a zeroed one. */
void plugins_call_done(struct plugins_call *call);

/* The function that it calls; NULL: none was found. */
const struct cat_function *plugins_call_function(const struct plugins_call *call);

#endif
