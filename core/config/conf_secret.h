/* SPDX-License-Identifier: MIT
 * Secrets that a configuration names. */
#ifndef KOPPEL_CONFIG_CONF_SECRET_H
#define KOPPEL_CONFIG_CONF_SECRET_H

#include <libconfig.h>

#include "config/conf_loader.h"

/* As secret_resolve, and "sealed:NAME": secrets/NAME.sealed of the directory, or what is laid over
 * it, opened with the installation's key. */
int conf_secret_resolve(struct conf_loader *l, const char *reference, struct secret **out,
                        struct koppel_error *err);
/* The secret of a setting; the caller frees it. NULL: it cannot be had, which is a mistake; of what
 * is published a warning, and l->lacking says so, as each host has its own. */
struct secret *conf_secret_take(struct conf_loader *l, const config_setting_t *s,
                                const char *reference);
/* Can one of those that this host lacked when it loaded what is published be had now? */
bool conf_secret_came(const struct conf *conf);

#endif
