/* SPDX-License-Identifier: MIT
 * Functions of a catalogue: what a transform offers to mappings. */
#ifndef KOPPEL_CATALOGUE_CATALOGUE_FUNCTION_H
#define KOPPEL_CATALOGUE_CATALOGUE_FUNCTION_H

#include "catalogue/catalogue.h"
#include "catalogue/member.h"

/* The list "functions"; free it also after a mistake. */
int catalogue_function_parse(const struct cat_at *at, json_t *object, struct catalogue *c);
void catalogue_function_free(struct cat_function *functions, int count);

/* Arguments as they stand in a configuration (texts, integers, booleans, lists of these) become
 * those that the function gets: one for each that it declares, each in the form of its type, its
 * default or null where it was not given. A list that comes last takes all that are left. *out is a
 * new reference; -1 with KOPPEL_E_CONFIG names the argument and what is wrong with it. */
int catalogue_function_args(const struct cat_function *f, const json_t *given, json_t **out,
                            struct koppel_error *err);

#endif
