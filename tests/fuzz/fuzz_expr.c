/* SPDX-License-Identifier: MIT
 * An expression on the first line, a record below it: it is refused with a column, or calculates a
 * decimal or says why not, the same each time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/expr_parse.h"
#include "base/json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void must(int holds)
{
    if (!holds)
        abort();
}

/* 0 and its value, or -1 with a reason. */
static int calculate(const struct expr *e, const json_t *record, unsigned flags,
                     struct decimal *out)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal again;
    struct koppel_error err = {0};
    int rc = expr_eval(e, record, record, flags, out, &err);
    if (rc != 0) {
        must(err.kind == KOPPEL_E_REJECTED && strncmp(err.reason, "expr.", 5) == 0);
        must(!(flags & EXPR_MISSING_ZERO) || strcmp(err.reason, "expr.missing") != 0);
        return -1;
    }
    decimal_format(*out, text);
    must(decimal_parse(text, &again) == 0 && decimal_compare(*out, again) == 0);
    must(!expr_compares(e) || decimal_is_zero(*out)
         || decimal_compare(*out, (struct decimal){1, 0}) == 0);
    return 0;
}

static void try(const struct expr *e, const json_t *record)
{
    struct decimal first, second;
    for (unsigned flags = 0; flags <= EXPR_MISSING_ZERO; flags++) {
        int rc = calculate(e, record, flags, &first);
        must(calculate(e, record, flags, &second) == rc);
        must(rc != 0 || decimal_compare(first, second) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct koppel_error err = {0};
    char *text = malloc(bytes + 1);
    must(text != NULL);
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    char *end = strchr(text, '\n');
    if (end)
        *end = '\0';
    struct expr *e = expr_parse(text, &err);
    must(e ? strcmp(expr_text(e), text) == 0 : err.kind == KOPPEL_E_CONFIG && err.text[0]);
    json_t *record = end ? json_read_text(end + 1, NULL) : NULL;
    for (int i = 0; e && expr_path(e, i); i++)
        must(!path_is_plural(expr_path(e, i)));
    if (e && json_is_object(record))
        try(e, record);
    json_decref(record);
    expr_free(e);
    free(text);
    return 0;
}
