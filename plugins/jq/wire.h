/* SPDX-License-Identifier: MIT
 * What the plugin and koppel-jq say to each other: a question, then its answer, over a socket that
 * is the program's standard input. Both are built together, so members stand as they are in memory.
 */
#ifndef KOPPEL_PLUGIN_JQ_WIRE_H
#define KOPPEL_PLUGIN_JQ_WIRE_H

#include <stdint.h>

#define WIRE_CPU_SECONDS 2                 /* a question may take */
#define WIRE_WALL_SECONDS 20               /* and no longer than that on a busy machine */
#define WIRE_MEMORY (256 * 1024 * 1024)    /* of the whole program, in bytes */
#define WIRE_TEXT_BYTES (16 * 1024 * 1024) /* of an input, and of an output */
#define WIRE_PROGRAM_BYTES 65536
#define WIRE_NO_BOUNDS 71 /* exit code: it could not set its bounds, and runs nothing without */

enum wire_kind { WIRE_COMPILE, WIRE_RUN };

/* Followed by the program and, of WIRE_RUN, the input as JSON text. */
struct wire_question {
    uint32_t kind, program_bytes, input_bytes;
};

enum wire_status {
    WIRE_VALUES,  /* a JSON list of what the program gave: none, one, or the first two */
    WIRE_MISTAKE, /* the program is wrong; why */
    WIRE_ERROR    /* the program ended in an error; its words */
};

/* Followed by its text. */
struct wire_answer {
    uint32_t status, bytes;
};

#endif
