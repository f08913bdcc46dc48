/* SPDX-License-Identifier: MIT
 * jq programs in mappings. They run in processes of their own; what comes out of them is held
 * against what a record may be, as jq calculates with floating point. */
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "koppel/sdk.h"
#include "jq_catalogue.h"
#include "worker.h"

enum function { VALUE, RECORD, FUNCTIONS };

/* Whole numbers that floating point holds exactly, with every operation between two of them seen.
 */
#define NUMBER_MAX INT64_C(999999999999999)

/* ---- numbers ---- */

static bool is_exact(const json_t *value)
{
    const char *name;
    json_t *one;
    size_t i;
    if (json_is_real(value))
        return false;
    if (json_is_integer(value))
        return json_integer_value(value) <= NUMBER_MAX && json_integer_value(value) >= -NUMBER_MAX;
    json_array_foreach(value, i, one) {
        if (!is_exact(one))
            return false;
    }
    json_object_foreach((json_t *)value, name, one) {
        if (!is_exact(one))
            return false;
    }
    return true;
}

/* ---- questions ---- */

/* "jq: error: syntax error, ... (Unix shell quoting issues?) at <top-level>, line 1:\n..." */
static int mistake(const struct koppel_call *c, const char *text)
{
    static const char prefix[] = "jq: error: ", guess[] = " (Unix shell quoting issues?)";
    if (strncmp(text, prefix, sizeof prefix - 1) == 0)
        text += sizeof prefix - 1;
    size_t n = strcspn(text, "\n");
    const char *shell = strstr(text, guess);
    if (shell && shell < text + n)
        n = (size_t)(shell - text);
    return c->host->fail(c->err, KOPPEL_E_CONFIG, "the jq program is wrong: %.*s",
                         (int)cut_bytes(text, n), text);
}

static int no_answer(const struct koppel_call *c, enum worker_outcome outcome)
{
    switch (outcome) {
    case WORKER_TIME:
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "the jq program took longer than %d seconds and was ended: it may go "
                             "round in circles",
                             WIRE_CPU_SECONDS);
    case WORKER_ENDED:
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "the jq program was ended: it needs more than %d MiB of memory, or "
                             "asks what libjq cannot do",
                             WIRE_MEMORY / (1024 * 1024));
    default:
        return c->host->fail(c->err, KOPPEL_E_CONFIG,
                             "the program koppel-jq cannot be started, or may not set its limits: "
                             "install Koppel with the plugin jq anew, and let its unit allow "
                             "setrlimit");
    }
}

/* The list of what the program gives for the input; NULL after a failure. text is freed. */
static json_t *values_of(const struct koppel_call *c, char *text)
{
    json_t *values = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    if (!values) {
        c->host->fail(c->err, KOPPEL_E_REJECTED,
                      "what the jq program gives holds a number or a text that no record can hold");
        return NULL;
    }
    if (is_exact(values))
        return values;
    json_decref(values);
    c->host->fail(c->err, KOPPEL_E_REJECTED,
                  "the jq program gives a number that is not whole or has more than 15 digits: jq "
                  "calculates with floating point, so leave amounts the texts that they are and "
                  "calculate with expr or the functions of number");
    return NULL;
}

static json_t *run(const struct koppel_call *c, const char *input)
{
    enum wire_status status;
    char *text = NULL;
    enum worker_outcome outcome = worker_ask(WIRE_RUN, c->prepared, input, &status, &text);
    if (outcome != WORKER_ANSWER) {
        no_answer(c, outcome);
        return NULL;
    }
    if (status == WIRE_VALUES)
        return values_of(c, text);
    if (status == WIRE_MISTAKE)
        mistake(c, text);
    else
        c->host->fail(c->err, KOPPEL_E_REJECTED, "the jq program says: %.*s", CUT(text, 300));
    free(text);
    return NULL;
}

/* ---- functions ---- */

static int give(const struct koppel_call *c, const json_t *values, json_t **out)
{
    json_t *first = json_array_get(values, 0);
    if (json_array_size(values) > 1)
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "the jq program gives more than one value: put it in [ ] for a list "
                             "of them, or in first( ) for the first");
    if (c->function == VALUE)
        return koppel_call_give(c, first ? json_incref(first) : json_null(), out);
    if (!first)
        return c->host->skip(c->ctx, "the jq program gives nothing for it");
    if (!json_is_object(first))
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "what the jq program gives is no record");
    return koppel_call_give(c, json_incref(first), out);
}

static int apply(const struct koppel_call *c, json_t **out)
{
    if (!is_exact(c->value))
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "a number has more than 15 digits, which jq cannot keep");
    char *input = c->value ? json_dumps(c->value, JSON_ENCODE_ANY | JSON_COMPACT) : strdup("null");
    if (!input)
        return c->host->fail(c->err, KOPPEL_E_RETRY, "out of memory");
    if (strlen(input) > WIRE_TEXT_BYTES) {
        free(input);
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is larger than 16 MiB");
    }
    json_t *values = run(c, input);
    int rc = values ? give(c, values, out) : -1;
    json_decref(values);
    free(input);
    return rc;
}

/* The program, once it is known to be one. */
static int prepare(const struct koppel_call *c, void **out)
{
    const char *program = koppel_call_arg(c, 0);
    enum wire_status status = WIRE_VALUES;
    char *text = NULL;
    int rc = 0;
    worker_hold();
    enum worker_outcome outcome = worker_ask(WIRE_COMPILE, program, NULL, &status, &text);
    if (outcome != WORKER_ANSWER) {
        rc = no_answer(c, outcome);
        if (outcome != WORKER_MISSING)
            c->host->fail(c->err, KOPPEL_E_CONFIG, "the jq program cannot be compiled");
    } else if (status != WIRE_VALUES) {
        rc = mistake(c, text);
    } else if (!(*out = strdup(program))) {
        rc = c->host->fail(c->err, KOPPEL_E_RETRY, "out of memory");
    }
    free(text);
    if (rc < 0)
        worker_release();
    return rc;
}

static void release(void *prepared)
{
    free(prepared);
    worker_release();
}

KOPPEL_REGISTER_PREPARED("jq", "0.1.0", catalogue_text, FUNCTIONS, apply, prepare, release);
