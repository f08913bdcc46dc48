/* SPDX-License-Identifier: MIT
 * Secrets that a configuration names. */
#ifndef KOPPEL_CONFIG_CONF_SECRET_H
#define KOPPEL_CONFIG_CONF_SECRET_H

#include "config/conf_loader.h"

/* As secret_resolve, and "sealed:NAME": secrets/NAME.sealed of the directory, or what is laid over
 * it, opened with the installation's key. */
int conf_secret_resolve(struct conf_loader *l, const char *reference, struct secret **out,
                        struct koppel_error *err);

#endif
