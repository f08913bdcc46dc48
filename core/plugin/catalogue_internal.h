/* SPDX-License-Identifier: MIT
 * What the files that parse a catalogue share. Not for other folders. */
#ifndef KOPPEL_PLUGIN_CATALOGUE_INTERNAL_H
#define KOPPEL_PLUGIN_CATALOGUE_INTERNAL_H

#include "plugin/catalogue.h"

#define CAT_NAME_MAX_BYTES 64
#define CAT_PATH_TEXT_BYTES 256
#define CAT_FIELD_DEPTH_MAX 8
#define CAT_BATCH_MAX 100000
#define CAT_CONCURRENCY_MAX 64

/* Where the parser stands: the path for messages, and the error to fill. */
struct cat_at {
    char path[CAT_PATH_TEXT_BYTES];
    struct koppel_error *err;
};

/* catalogue_member.c: everything here that can fail returns -1 and fills at->err; an out parameter
 * stays as it is where the member is not there. */
struct cat_at cat_child(const struct cat_at *parent, const char *name);
struct cat_at cat_index(const struct cat_at *parent, size_t index);
int cat_mistake(const struct cat_at *at, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int cat_no_memory(const struct cat_at *at);
const char *cat_type_name(const json_t *value);
int cat_index_of(const char *const *names, const char *name); /* names end in NULL; -1: none */
/* Is it an object, and are all its members known? */
int cat_check_members(const struct cat_at *at, json_t *object, const char *const *known);
int cat_get_text(const struct cat_at *at, json_t *object, const char *name, const char **out);
int cat_get_bool(const struct cat_at *at, json_t *object, const char *name, bool *out);
int cat_get_int(const struct cat_at *at, json_t *object, const char *name, int min, int max,
                int *out);
/* The required "name" member; the path of *at then ends in it instead of in a number. */
int cat_get_name(struct cat_at *at, const struct cat_at *list, json_t *object, const char **out);
int cat_get_choice(const struct cat_at *at, json_t *object, const char *name,
                   const char *const *names, int *out);
/* A list member: its length, or 0 where it is not there; -1 where it is no list. */
int cat_get_list(const struct cat_at *at, json_t *object, const char *name, json_t **out);
/* A list of texts as an array that the caller frees (the texts are borrowed). */
int cat_get_texts(const struct cat_at *at, json_t *object, const char *name, const char ***out,
                  int *out_count);
bool cat_has_text(const char *const *texts, int count, const char *text);

/* catalogue_setting.c: the list `name` of settings; free it also after a mistake. */
int cat_parse_settings(const struct cat_at *at, json_t *object, const char *name,
                       struct cat_setting **out, int *out_count);
void cat_free_settings(struct cat_setting *settings, int count);

/* catalogue_entity.c */
int cat_parse_entities(const struct cat_at *at, json_t *object, struct catalogue *c);
void cat_free_entity(struct cat_entity *e);

/* catalogue_check.c: one entity by itself, then all of them together. */
int cat_check_entity(const struct cat_at *at, const struct cat_entity *e);
int cat_check_links(const struct cat_at *root, const struct catalogue *c);

/* catalogue.c: json is stolen, also on failure. */
struct catalogue *cat_parse_tree(json_t *json, struct koppel_error *err);
/* what: "catalogue" or "overlay", for the message. */
json_t *cat_load_text(const char *text, const char *what, struct koppel_error *err);

#endif
