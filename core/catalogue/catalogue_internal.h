/* SPDX-License-Identifier: MIT
 * What the files that parse a catalogue share. Not for other folders. */
#ifndef KOPPEL_PLUGIN_CATALOGUE_INTERNAL_H
#define KOPPEL_PLUGIN_CATALOGUE_INTERNAL_H

#include "catalogue/catalogue.h"

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
struct cat_at catalogue_member_child(const struct cat_at *parent, const char *name);
struct cat_at catalogue_member_index(const struct cat_at *parent, size_t index);
int catalogue_member_mistake(const struct cat_at *at, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int catalogue_member_no_memory(const struct cat_at *at);
const char *catalogue_member_type_name(const json_t *value);
int catalogue_member_index_of(const char *const *names, const char *name); /* names end in NULL; -1: none */
/* Is it an object, and are all its members known? */
int catalogue_member_check_members(const struct cat_at *at, json_t *object, const char *const *known);
int catalogue_member_text(const struct cat_at *at, json_t *object, const char *name, const char **out);
int catalogue_member_bool(const struct cat_at *at, json_t *object, const char *name, bool *out);
int catalogue_member_int(const struct cat_at *at, json_t *object, const char *name, int min, int max,
                int *out);
/* The required "name" member; the path of *at then ends in it instead of in a number. */
int catalogue_member_name(struct cat_at *at, const struct cat_at *list, json_t *object, const char **out);
int catalogue_member_choice(const struct cat_at *at, json_t *object, const char *name,
                   const char *const *names, int *out);
/* A list member: its length, or 0 where it is not there; -1 where it is no list. */
int catalogue_member_list(const struct cat_at *at, json_t *object, const char *name, json_t **out);
/* A list of texts as an array that the caller frees (the texts are borrowed). */
int catalogue_member_texts(const struct cat_at *at, json_t *object, const char *name, const char ***out,
                  int *out_count);
bool catalogue_member_has_text(const char *const *texts, int count, const char *text);

/* catalogue_setting.c: the list `name` of settings; free it also after a mistake. */
int catalogue_setting_parse(const struct cat_at *at, json_t *object, const char *name,
                       struct cat_setting **out, int *out_count);
void catalogue_setting_free(struct cat_setting *settings, int count);

/* catalogue_entity.c */
int catalogue_entity_parse(const struct cat_at *at, json_t *object, struct catalogue *c);
void catalogue_entity_free(struct cat_entity *e);

/* catalogue_check.c: one entity by itself, then all of them together. */
int catalogue_check_entity(const struct cat_at *at, const struct cat_entity *e);
int catalogue_check_links(const struct cat_at *root, const struct catalogue *c);

/* catalogue.c: json is stolen, also on failure. */
struct catalogue *catalogue_parse_tree(json_t *json, struct koppel_error *err);
/* what: "catalogue" or "overlay", for the message. */
json_t *catalogue_load_text(const char *text, const char *what, struct koppel_error *err);

#endif
