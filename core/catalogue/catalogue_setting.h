/* SPDX-License-Identifier: MIT
 * Settings of a catalogue. */
#ifndef KOPPEL_CATALOGUE_CATALOGUE_SETTING_H
#define KOPPEL_CATALOGUE_CATALOGUE_SETTING_H

#include "catalogue/catalogue.h"
#include "catalogue/member.h"

/* The list `name` of settings; free it also after a mistake. */
int catalogue_setting_parse(const struct cat_at *at, json_t *object, const char *name,
                            struct cat_setting **out, int *out_count);
void catalogue_setting_free(struct cat_setting *settings, int count);

#endif
