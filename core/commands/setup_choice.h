/* SPDX-License-Identifier: MIT
 * Choices at a terminal: values that are numbers are typed as they are, others by their place in
 * the list, and all by a part of their name. */
#ifndef KOPPEL_COMMANDS_SETUP_CHOICE_H
#define KOPPEL_COMMANDS_SETUP_CHOICE_H

#include <jansson.h>

/* Those whose names have the filter in them; "": all. */
void setup_choice_list(const json_t *choices, const char *filter);
/* The value that is meant, borrowed. NULL: none is, which is told, with those that fit where there
 * are several. */
const char *setup_choice_find(const char *language, const json_t *choices, const char *typed);

#endif
