/* SPDX-License-Identifier: MIT
 * A value on its way through the functions of `via`. */
#ifndef KOPPEL_MAPPING_VIA_H
#define KOPPEL_MAPPING_VIA_H

#include <jansson.h>

#include "config/conf.h"

typedef void via_tell(void *arg, const char *function, const json_t *value);

/* *value: what goes in, NULL for nothing; replaced by what comes out, NULL likewise. Both are owned
 * by the caller. tell (may be NULL) gets arg and what each function gave. -1 with the function's
 * reason, if it has one; *failed is the function as it is written. */
int via_apply(const struct conf_via *via, int count, json_t **value, via_tell *tell, void *arg,
              const char **failed, struct koppel_error *err);

#endif
