/* SPDX-License-Identifier: MIT
 * Keys by which a rule asks a table, held against what its fields hold. Of a field that is a number
 * 21, 21.0 and 21.00 are one key, as spreadsheets drop zeros. */
#ifndef KOPPEL_CONFIG_CONF_KEYS_H
#define KOPPEL_CONFIG_CONF_KEYS_H

#include "base/buf.h"
#include "config/conf_loader.h"
#include "config/conf_type.h"

/* Fills r->rows and r->number_keys. types: of what the rule's keys are read of, in their order;
 * core: they are fields of the core model. Warns of rows that no value of them ever finds. */
void conf_keys_load(struct conf_loader *l, struct conf_rule *r, const struct conf_type *types,
                    int count, bool core);
/* The key as r->rows has it, into out. */
void conf_keys_form(const struct conf_rule *r, const char *key, struct buf *out);

#endif
