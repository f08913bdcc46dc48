/* SPDX-License-Identifier: MIT
 * The host's side of the contract: the function table, and calls of transforms. */
#ifndef KOPPEL_CONNECTION_HOST_H
#define KOPPEL_CONNECTION_HOST_H

#include <jansson.h>
#include <stdint.h>

#include "base/err.h"
#include "config/conf.h"
#include "plugin/plugins_call.h"

#define HOST_CONVERT_MS 30000 /* what a function of a transform may take */

extern const struct koppel_host host_table;

/* Applies a transform's function to a value; *out is a new reference. A failure names the plugin
 * and the function. home (may be NULL) is what the function sees as the settings home.country,
 * home.currency, home.zone and home.language. */
int host_convert(const struct plugins_call *call, json_t *value, const struct conf_home *home,
                 json_t **out, struct koppel_error *err);

/* Applies a function "of": "record" to a whole core record (borrowed). *out: a new reference to
 * what takes its place, or NULL where it is left out: then *why says so (caller frees). */
int host_convert_record(const struct plugins_call *call, json_t *record,
                        const struct conf_home *home, json_t **out, char **why,
                        struct koppel_error *err);

#endif
