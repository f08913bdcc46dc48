/* SPDX-License-Identifier: MIT
 * Paths of a mapping against what is known of both sides. */
#ifndef KOPPEL_CONFIG_CONF_FIELD_H
#define KOPPEL_CONFIG_CONF_FIELD_H

#include <libconfig.h>
#include <stdbool.h>

#include "config/conf_loader.h"
#include "config/conf_type.h"
#include "model/model.h"

struct conf_filled; /* config/conf_filled.h */

/* What a mapping works on, for its checks. */
struct conf_field_context {
    bool get;                        /* writes the core model; else it reads it */
    const struct model *model;       /* the core's fields; NULL: no check */
    const struct cat_entity *entity; /* the system's: the source's where get; NULL: no check */
    const struct cat_entity *source; /* whose field may be meant for one of the core; NULL */
    const char *scope;               /* the list that the rules read of: "lines[]"; NULL: none */
    /* What the get mapping fills, for "custom.NAME" that is read; NULL: anything may be there. */
    const struct conf_filled *filled;
    const struct conf_table *const *tables;
    int table_count;
    const struct conf_mapping *over; /* rules whose `to` replaces these; NULL */
    config_setting_t *flow;          /* where a missing table is to be added */
};

/* A parsed path that the conf holds, or NULL, reported at s. */
struct path *conf_field_path(struct conf_loader *l, const config_setting_t *s, const char *text);

/* The type of what a mapping reads there, of the core or the source; the path must lead to a field.
 */
struct conf_type conf_field_read(struct conf_loader *l, const config_setting_t *s,
                                 const struct conf_field_context *m, const char *path);
/* The same of what it fills, of the destination or the core; it must be allowed to. */
struct conf_type conf_field_write(struct conf_loader *l, const config_setting_t *s,
                                  const struct conf_field_context *m, const char *path);

/* An expression or a pattern that the conf holds; or NULL, reported at s. */
struct expr *conf_field_expr(struct conf_loader *l, config_setting_t *s,
                             const struct conf_field_context *m);
struct pattern *conf_field_pattern(struct conf_loader *l, const config_setting_t *s,
                                   const char *text);
/* Every name of the expression must lead to a field that may hold a number. */
void conf_field_check_expr(struct conf_loader *l, const config_setting_t *s,
                           const struct conf_field_context *m, const struct expr *e);

#endif
