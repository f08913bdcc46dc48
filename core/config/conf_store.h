/* SPDX-License-Identifier: MIT
 * Where the store is, and the key that seals it. */
#ifndef KOPPEL_CONFIG_CONF_STORE_H
#define KOPPEL_CONFIG_CONF_STORE_H

#include "config/conf_file.h"
#include "config/conf_loader.h"
#include "store/store.h"

/* The settings "store" and "key" of koppel.conf. */
void conf_store_load(struct conf_loader *l, struct conf_file *f);

/* Where an engine finds the store of a configuration, which must outlive its opening. */
struct store_conf conf_store_place(const struct conf *conf, const struct secret *key);

#endif
