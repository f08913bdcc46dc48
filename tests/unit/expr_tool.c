/* SPDX-License-Identifier: MIT
 * Evaluates one expression per input line, for expr_oracle.sh: `record<tab>expression`. Prints the
 * result, or "error" and its reason. */
#include "base/expr_parse.h"

#include <stdio.h>
#include <string.h>

int main(void)
{
    char line[8192], text[DECIMAL_TEXT_BYTES];

    while (fgets(line, sizeof line, stdin)) {
        struct koppel_error err = {0};
        struct decimal d;
        char *tab = strchr(line, '\t');
        if (!tab)
            return 2;
        *tab = '\0';
        tab[1 + strcspn(tab + 1, "\n")] = '\0';
        json_t *record = json_loads(line, 0, NULL);
        struct expr *e = expr_parse(tab + 1, &err);
        if (!record || !e) {
            fprintf(stderr, "%s: %s\n", tab + 1, err.text);
            return 2;
        }
        if (expr_eval(e, record, NULL, 0, &d, &err) == 0) {
            decimal_format(d, text);
            puts(text);
        } else {
            printf("error %s\n", err.reason);
        }
        expr_free(e);
        json_decref(record);
    }
    return 0;
}
