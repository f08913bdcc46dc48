/* SPDX-License-Identifier: MIT
 * Asks the questions of a step at a terminal. */
#ifndef KOPPEL_COMMANDS_SETUP_PROMPT_H
#define KOPPEL_COMMANDS_SETUP_PROMPT_H

#include <jansson.h>
#include <stdbool.h>

enum setup_prompt { SETUP_PROMPT_NEXT, SETUP_PROMPT_BACK, SETUP_PROMPT_AGAIN, SETUP_PROMPT_QUIT };

/* What was answered goes into answers. Where all has a value, it is shown as a list that Enter
 * takes as a whole; else it is asked for one after the other. */
enum setup_prompt setup_prompt_form(const json_t *step, const char *language, json_t *answers);
/* Rows of a table, several of which can be set at once. */
enum setup_prompt setup_prompt_table(const json_t *step, const char *language, json_t *answers);
/* Enter, "<" or "a"; key: of what Enter does. */
enum setup_prompt setup_prompt_enter(const char *language, const char *key, bool again);
/* One of two texts, by 1 (or Enter) and 2; *second. */
enum setup_prompt setup_prompt_either(const char *language, const char *first, const char *second,
                                      bool *is_second);

#endif
