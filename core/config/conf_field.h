/* SPDX-License-Identifier: MIT
 * Paths of a mapping against what is known of both sides. */
#ifndef KOPPEL_CONFIG_CONF_FIELD_H
#define KOPPEL_CONFIG_CONF_FIELD_H

#include <libconfig.h>
#include <stdbool.h>

#include "config/conf_loader.h"
#include "model/model.h"

/* What a mapping works on, for its checks. */
struct conf_field_context {
    bool get;                        /* writes the core model; else it reads it */
    const struct model *model;       /* checks what is read or written of it; NULL: no check */
    const char *scope;               /* the list of it that the rules read from; NULL: none */
    const struct cat_entity *entity; /* of a send mapping: checks `to`; NULL: no check */
    const struct conf_table *const *tables;
    int table_count;
    const struct conf_mapping *over; /* rules whose `to` replaces these; NULL */
    config_setting_t *flow;          /* where a missing table is to be added */
};

/* A parsed path that the conf holds, or NULL, reported at s. */
struct path *conf_field_path(struct conf_loader *l, const config_setting_t *s, const char *text);

/* Must be a field of the core model where the mapping reads it; a list; one that the mapping may
 * write: of the core model (get), of the entity (send). They give the field where it is
 * described. */
const struct cat_field *conf_field_check_read(struct conf_loader *l, const config_setting_t *s,
                                              const struct conf_field_context *m,
                                              const char *path);
void conf_field_check_list(struct conf_loader *l, const config_setting_t *s,
                           const struct conf_field_context *m, const char *path);
const struct cat_field *conf_field_check_write(struct conf_loader *l, const config_setting_t *s,
                                               const struct conf_field_context *m,
                                               const char *path);
/* Must be one of the values that the field may hold, where they are known. Both may be NULL. */
void conf_field_check_value(struct conf_loader *l, const config_setting_t *s,
                            const struct cat_field *field, const char *text);
/* An expression or a pattern that the conf holds, its names checked as of conf_field_check_read; or
 * NULL, reported at s. */
struct expr *conf_field_expr(struct conf_loader *l, config_setting_t *s,
                             const struct conf_field_context *m);
struct pattern *conf_field_pattern(struct conf_loader *l, const config_setting_t *s,
                                   const char *text);
/* conf_field_check_read for every name of an expression. */
void conf_field_check_expr(struct conf_loader *l, const config_setting_t *s,
                           const struct conf_field_context *m, const struct expr *e);

#endif
