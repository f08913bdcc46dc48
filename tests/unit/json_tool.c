/* SPDX-License-Identifier: MIT
 * Reads JSON for json_oracle.sh. The input is texts one behind the other, each as "KIND BYTES\n"
 * and its bytes; KIND is V for a value, L for a value with the list "rows". One line each: "error
 * PLACE", or the indices of the bad elements with commas between, a tab, and the value. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json_read.h"
#include "base/json_text.h"

static void print_index(const struct json_read_bad *bad, void *user)
{
    (void)user;
    printf("%zu,", bad->index);
}

static int answer(char kind, const char *text, size_t bytes)
{
    struct json_read_error error;
    struct json_read_list list = {.path = "rows", .bad = print_index};
    json_t *value = kind == 'L' ? json_read_list(text, bytes, NULL, &list, &error)
                                : json_read(text, bytes, NULL, &error);
    char *out = value ? json_text(value, true, NULL) : NULL;
    if (value && !out)
        return 2;
    if (out)
        printf("\t%s\n", out);
    else
        printf("error %s\n", error.text);
    free(out);
    json_decref(value);
    return 0;
}

int main(void)
{
    char kind;
    size_t bytes;
    while (scanf(" %c %zu", &kind, &bytes) == 2) {
        /* Of exactly its size, for sanitizers. */
        char *text = malloc(bytes ? bytes : 1);
        if (getchar() != '\n' || !text || fread(text, 1, bytes, stdin) != bytes)
            return 2;
        int rc = answer(kind, text, bytes);
        free(text);
        if (rc)
            return rc;
    }
    return 0;
}
