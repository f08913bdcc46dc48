/* SPDX-License-Identifier: MIT
 * How a command asks: an engine that runs, over its socket, or the store that it opens itself. */
#ifndef KOPPEL_COMMANDS_COMMAND_ASK_H
#define KOPPEL_COMMANDS_COMMAND_ASK_H

#include "base/zone.h"
#include "commands/command.h"

/* Asks row `name` of the service's table with `in` (freed). *out: the answer, a new reference; NULL
 * where it gives anything but EXIT_OK, which was told on standard error. tell (may be NULL) takes
 * progress; -1 from it ends the asking. */
int command_ask(const struct command_line *line, const char *name, json_t *in_take,
                int (*tell)(void *arg, const json_t *progress), void *arg, json_t **out);
/* The same of a question that may fail: nothing is told, -1 and err. */
int command_ask_quietly(const struct command_line *line, const char *name, json_t *in_take,
                        json_t **out, struct koppel_error *err);
/* The zone of the shop (home.zone), for times that a person reads; NULL: UTC. */
const struct zone *command_ask_zone(const struct command_line *line);

#endif
