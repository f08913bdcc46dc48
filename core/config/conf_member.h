/* SPDX-License-Identifier: MIT
 * Members of a group with their type checked:
 * the given value where absent or wrong (then reported). */
#ifndef KOPPEL_CONFIG_CONF_MEMBER_H
#define KOPPEL_CONFIG_CONF_MEMBER_H

#include <libconfig.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/conf_loader.h"

/* Every member of group must be one of the names. To be called before the group is read: one that
 * is misspelt is read as what was meant. */
void conf_member_check_names(struct conf_loader *l, config_setting_t *group,
                             const char *const *names, int count);

/* From here on a member that is misspelt has the name that was meant, where that is still free: so
 * nothing is missed that is there, and what is wrong inside of it is found too. name NULL: nobody
 * knows what was meant. */
void conf_member_rename(config_setting_t *s, const char *name);

/* group may be NULL: nothing is there. */
config_setting_t *conf_member_get(config_setting_t *group, const char *name);
config_setting_t *conf_member_group(struct conf_loader *l, config_setting_t *group,
                                    const char *name);
const char *conf_member_text(struct conf_loader *l, config_setting_t *group, const char *name,
                             const char *absent);
bool conf_member_bool(struct conf_loader *l, config_setting_t *group, const char *name,
                      bool absent);
int64_t conf_member_number(struct conf_loader *l, config_setting_t *group, const char *name,
                           int64_t min, int64_t max, int64_t absent);
/* Milliseconds, at least so many. */
int64_t conf_member_duration(struct conf_loader *l, config_setting_t *group, const char *name,
                             int64_t least, int64_t absent);
/* Index of the text among the values. */
int conf_member_choice(struct conf_loader *l, config_setting_t *group, const char *name,
                       const char *const *values, int count, int absent);

/* A string, number or boolean as text (held), or NULL. */
const char *conf_member_scalar(struct conf_loader *l, const config_setting_t *s);
/* A list, array or one string of strings. */
const char **conf_member_texts(struct conf_loader *l, config_setting_t *s, int *count);
bool conf_member_is_integer(const config_setting_t *s);
/* "a, b, c": held text. */
const char *conf_member_joined(struct conf_loader *l, const char *const *values, int count);

#endif
