/* SPDX-License-Identifier: MIT
 * jq programs of any bytes: the first line is the program, the rest its input. Whatever it does, it
 * is answered or ended, and the next question is answered. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jq/worker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void ask(const char *program, const char *input)
{
    enum wire_status status;
    char *text = NULL;
    enum worker_outcome outcome = worker_ask(WIRE_RUN, program, input, &status, &text);
    must(outcome != WORKER_MISSING);
    if (outcome != WORKER_ANSWER)
        return;
    must(text != NULL);
    json_t *values = status == WIRE_VALUES ? json_loads(text, JSON_ALLOW_NUL, NULL) : NULL;
    must(!values || (json_is_array(values) && json_array_size(values) <= 2));
    json_decref(values);
    free(text);
}

static void must_answer(void)
{
    enum wire_status status;
    char *text = NULL;
    must(worker_ask(WIRE_RUN, ".", "7", &status, &text) == WORKER_ANSWER);
    must(status == WIRE_VALUES && strcmp(text, "[7]") == 0);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    char *text = malloc(bytes + 1);
    must(text != NULL);
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    char *end = strchr(text, '\n');
    if (end)
        *end = '\0';
    worker_hold();
    if (strlen(text) <= WIRE_PROGRAM_BYTES)
        ask(text, end ? end + 1 : "null");
    must_answer();
    worker_release();
    free(text);
    return 0;
}
