/* SPDX-License-Identifier: MIT
 * One argument of a function: its declaration, and a value for it. */
#ifndef KOPPEL_CATALOGUE_CATALOGUE_ARG_H
#define KOPPEL_CATALOGUE_CATALOGUE_ARG_H

#include "catalogue/catalogue.h"
#include "catalogue/member.h"

#define CAT_ARG_LIST_MAX 1000 /* elements of a list */

int catalogue_arg_parse(struct cat_at *at, const struct cat_at *list, json_t *object,
                        struct cat_arg *a);
void catalogue_arg_done(struct cat_arg *a);

/* A value as it stands in a configuration becomes the one that the function gets: an integer a JSON
 * integer, a boolean a JSON boolean, a list an array of texts, anything else text (of a country its
 * two letters). *out is a new reference, or NULL where the text is blank and the argument need not
 * be given. KOPPEL_E_CONFIG names the argument and what is wrong. */
int catalogue_arg_value(const struct cat_arg *a, const json_t *given, json_t **out,
                        struct koppel_error *err);

/* What it may be, for people: "integer, 0 to 18", "one of left, right". */
void catalogue_arg_type(const struct cat_arg *a, char *out, size_t room);

#endif
