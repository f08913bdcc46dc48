/* SPDX-License-Identifier: MIT
 * How the steps of a set-up look at a terminal. */
#ifndef KOPPEL_COMMANDS_SETUP_PRINT_H
#define KOPPEL_COMMANDS_SETUP_PRINT_H

#include <jansson.h>
#include <stddef.h>

/* Its place among the phases, title, text and errors. */
void setup_print_head(const json_t *step);
/* What a test found, records of a dry run, files: what the step has of these. */
void setup_print_body(const json_t *step);
/* A text of the set-up's own, with a line break. */
void setup_print_words(const char *key, const char *language);

/* What stands for a value of a question: the titles of its choices, else itself. Gives out. */
const char *setup_print_value(const json_t *step, const json_t *question, const json_t *value,
                              const char *language, char *out, size_t room);
/* The choices of a question of the step; NULL: it has none. Borrowed. */
const json_t *setup_print_choices(const json_t *step, const json_t *question);

#endif
