/* SPDX-License-Identifier: MIT
 * What the files of core/config share while a configuration is loaded. Not for other folders. */
#ifndef KOPPEL_CONFIG_INTERNAL_H
#define KOPPEL_CONFIG_INTERNAL_H

#include <libconfig.h>
#include <sodium.h>

#include "config/conf.h"
#include "model/model.h"
#include "catalogue/catalogue.h"
#include "plugin/loader.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

#define CONF_FILE_LIMIT (4 * 1024 * 1024) /* bytes of one file */
#define CONF_NEST_LIMIT 8                 /* `each` inside `each` */

/* conf_held.c: everything a conf consists of lives until conf_free: memory, and things with their own
 * end. */
struct held;
void *conf_held_must(void *memory); /* ends the program where memory is NULL */
void *conf_held_alloc(struct held **held, size_t bytes); /* zeroed; ends the program without memory */
char *conf_held_copy(struct held **held, const char *text);
char *conf_held_text(struct held **held, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* done(thing) when the conf is freed. */
void conf_held_keep(struct held **held, void *thing, void (*done)(void *));
void conf_held_free(struct held *held);
void conf_held_json_done(void *json); /* ends for conf_keep */
void conf_held_secret_done(void *secret);

struct loader {
    struct conf *conf;
    struct held **held;
    struct plugins *plugins;
    struct conf_report *report;
    const char *dir;
    crypto_generichash_state *digest; /* of the flow or connection being read; NULL: none */
};

/* conf_file.c: one configuration file; its config_t lives between file_open and file_close. */
struct file {
    config_t cfg;
    const char *path; /* absolute */
    config_setting_t *root;
};
/* -1: unreadable or a syntax mistake, reported. at (may be NULL): the setting that named the
 * file. */
int conf_file_open(struct loader *l, struct file *f, const char *path, config_setting_t *at);
void conf_file_close(struct file *f);
/* The whole text of a file (free it), or NULL with errno. */
char *conf_file_text(const char *path, size_t *bytes);
/* text relative to the configuration directory, made absolute; held. */
const char *conf_file_absolute(struct loader *l, const char *text);
void conf_file_digest(struct loader *l, const char *text, size_t bytes);

/* conf_report.c */
struct conf_at conf_report_at(struct loader *l, const config_setting_t *s);
void conf_report_mistake(struct loader *l, const config_setting_t *s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void conf_report_note(struct loader *l, const config_setting_t *s, bool warning, const char *text);
/* "; did you mean \"x\"?" or "": held text. */
const char *conf_report_hint(struct loader *l, const char *name, const char *const *names, int count);

/* conf_member.c */
/* Every member of group must be one of the names. */
void conf_member_check_names(struct loader *l, config_setting_t *group, const char *const *names, int count);

/* Members with their type checked; the given value where absent or wrong (then reported). */
config_setting_t *conf_member_get(config_setting_t *group, const char *name);
const char *conf_member_text(struct loader *l, config_setting_t *group, const char *name,
                     const char *absent);
bool conf_member_bool(struct loader *l, config_setting_t *group, const char *name, bool absent);
int64_t conf_member_number(struct loader *l, config_setting_t *group, const char *name, int64_t min,
                   int64_t max, int64_t absent);
int64_t conf_member_duration(struct loader *l, config_setting_t *group, const char *name, int64_t absent);
/* Index of the text among the values; absent where missing or wrong. */
int conf_member_choice(struct loader *l, config_setting_t *group, const char *name,
               const char *const *values, int count, int absent);
config_setting_t *conf_member_group(struct loader *l, config_setting_t *group, const char *name);
/* A string, number or boolean as text (held), or NULL. */
const char *conf_member_scalar(struct loader *l, const config_setting_t *s);
/* A list, array or one string of strings. */
const char **conf_member_texts(struct loader *l, config_setting_t *s, int *count);
bool conf_member_is_integer(const config_setting_t *s);
/* "a, b, c": held text. */
const char *conf_member_joined(struct loader *l, const char *const *values, int count);

/* conf_setting.c: group against the list; out has room for count. absent (never NULL): where what is
 * missing is told. Returns how many have a value. */
int conf_setting_load(struct loader *l, config_setting_t *group, const config_setting_t *absent,
                  const struct cat_setting *list, int count, struct conf_setting *out);

/* Is the text one of the names that the setting takes in place of an expression? */
bool conf_setting_is_ready(const struct cat_setting *c, const char *text);

/* conf_connection.c */
void conf_connection_load(struct loader *l, struct file *f, struct conf_connection *c);
/* Where the file says its name, or what stands first in it. */
config_setting_t *conf_file_name_of(struct file *f);
const char *conf_file_name(struct loader *l, struct file *f);

/* conf_flow.c */
void conf_flow_load(struct loader *l, struct file *f, struct conf_flow *w);
const char *conf_connection_connector(const struct conf_connection *c);

/* conf_reference.c */
void conf_reference_load(struct loader *l, struct file *f, struct conf_flow *w,
                     const struct cat_entity *to);

/* conf_check.c: what only all files together show. */
void conf_check(struct loader *l);

/* conf_table.c */
const struct conf_table *conf_table_load(struct loader *l, config_setting_t *s);

/* What a mapping works on, for its checks. */
struct map_context {
    bool get;                        /* writes the core model; else it reads it */
    const struct model *model;       /* checks what is read or written of it; NULL: no check */
    const char *scope;               /* the list of it that the rules read from; NULL: none */
    const struct cat_entity *entity; /* of a send mapping: checks `to`; NULL: no check */
    const struct conf_table *const *tables;
    int table_count;
    const struct conf_mapping *over; /* rules whose `to` replaces these; NULL */
    config_setting_t *flow;          /* where a missing table is to be added */
};

/* conf_condition.c */
void conf_condition_load(struct loader *l, config_setting_t *s, const struct map_context *m,
                     struct conf_condition **out, int *count);

/* conf_field.c */
/* A parsed path that the conf holds, or NULL, reported at s. */
struct path *conf_field_path(struct loader *l, const config_setting_t *s, const char *text);
/* Must be a field of the core model where the mapping reads it; a list; one that the mapping may
 * write: of the core model (get), of the entity (send). They give the field where it is
 * described. */
const struct cat_field *conf_field_check_read(struct loader *l, const config_setting_t *s,
                                   const struct map_context *m, const char *path);
void conf_field_check_list(struct loader *l, const config_setting_t *s, const struct map_context *m,
                const char *path);
const struct cat_field *conf_field_check_write(struct loader *l, const config_setting_t *s,
                                    const struct map_context *m, const char *path);
/* Must be one of the values that the field may hold, where they are known. Both may be NULL. */
void conf_field_check_value(struct loader *l, const config_setting_t *s, const struct cat_field *field,
                 const char *text);
/* The same for every name of an expression. */
void conf_field_check_expr(struct loader *l, const config_setting_t *s, const struct map_context *m,
                const struct expr *e);

/* conf_mapping.c */
/* The rules of the list s. */
void conf_mapping_rules(struct loader *l, config_setting_t *s, const struct map_context *m,
                struct conf_mapping *out);
/* A mapping file. */
void conf_mapping_load(struct loader *l, const char *path, config_setting_t *at,
                  const struct map_context *m, struct conf_mapping *out);
/* first followed by second. */
void conf_mapping_join(struct loader *l, struct conf_mapping *first, const struct conf_mapping *second);
/* The shipped or local file of that name; NULL: there is none. */
const char *conf_mapping_find(struct loader *l, const char *connector, const char *entity,
                         const char *side);

#endif
