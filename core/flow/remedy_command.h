/* SPDX-License-Identifier: MIT
 * What a person types to carry a remedy out. */
#ifndef KOPPEL_FLOW_REMEDY_COMMAND_H
#define KOPPEL_FLOW_REMEDY_COMMAND_H

#include <jansson.h>
#include <stdint.h>

#include "flow/remedy.h"

/* What a remedy is filled in with. */
struct remedy_command_about {
    const char *flow;
    const char *job;     /* its address; NULL: not one job */
    int64_t cause;       /* 0: none */
    const json_t *facts; /* NULL: none */
};

/* The command with all filled in, quoted for a shell. NULL: there is none, or a fact is missing
 * (caller frees). */
char *remedy_command(const struct remedy *r, const struct remedy_command_about *about);
/* Its sentence; that of the plugin where the facts have one ("remedy"). Borrowed. */
const char *remedy_command_words(const struct remedy *r, const json_t *facts);
/* {"do","severity","text","command"} and the facts that it needs; "command" is null where there is
 * none. NULL: no memory. */
json_t *remedy_command_json(const struct remedy *r, const struct remedy_command_about *about);

#endif
