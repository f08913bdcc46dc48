/* SPDX-License-Identifier: MIT
 * Members of catalogue objects with their type checked; every mistake names its path. */
#ifndef KOPPEL_CATALOGUE_MEMBER_H
#define KOPPEL_CATALOGUE_MEMBER_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

#define CAT_NAME_MAX_BYTES 64
#define CAT_PATH_TEXT_BYTES 256
#define CAT_FIELD_DEPTH_MAX 8
#define CAT_BATCH_MAX 100000
#define CAT_CONCURRENCY_MAX 64

/* Where the parser stands: the path for messages, and the error to fill. */
struct cat_at {
    char path[CAT_PATH_TEXT_BYTES];
    bool newer; /* the text is of a newer schema: members that are unknown here are passed over */
    bool described; /* it is a description: what its connector reads stands in it too */
    struct koppel_error *err;
};

/* Everything here that can fail returns -1 and fills at->err; an out parameter stays as it is where
 * the member is not there. */
struct cat_at member_child(const struct cat_at *parent, const char *name);
struct cat_at member_index(const struct cat_at *parent, size_t index);
int member_mistake(const struct cat_at *at, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int member_no_memory(const struct cat_at *at);
const char *member_type_name(const json_t *value);
int member_index_of(const char *const *names, const char *name); /* names end in NULL; -1: none */
/* Is it an object, and are all its members known? */
int member_check_members(const struct cat_at *at, json_t *object, const char *const *known);
int member_text(const struct cat_at *at, json_t *object, const char *name, const char **out);
/* A text that people read: a string, or an object of strings by language, English among them, which
 * is what out receives. */
int member_words(const struct cat_at *at, json_t *object, const char *name, const char **out);
/* A text in every language that it has, borrowed; NULL: it is English alone. */
const json_t *member_languages(const json_t *object, const char *name);
int member_bool(const struct cat_at *at, json_t *object, const char *name, bool *out);
int member_int(const struct cat_at *at, json_t *object, const char *name, int min, int max,
               int *out);
int member_duration(const struct cat_at *at, json_t *object, const char *name, int64_t *out_ms);
/* The required "name" member; the path of *at then ends in it instead of in a number. */
int member_name(struct cat_at *at, const struct cat_at *list, json_t *object, const char **out);
int member_choice(const struct cat_at *at, json_t *object, const char *name,
                  const char *const *names, int *out);
/* A list member: its length, or 0 where it is not there; -1 where it is no list. */
int member_list(const struct cat_at *at, json_t *object, const char *name, json_t **out);
/* A list of texts as an array that the caller frees (the texts are borrowed). */
int member_texts(const struct cat_at *at, json_t *object, const char *name, const char ***out,
                 int *out_count);
/* Is the member an object where it is there? */
int member_object(const struct cat_at *at, json_t *object, const char *name);
bool member_has_text(const char *const *texts, int count, const char *text);

#endif
