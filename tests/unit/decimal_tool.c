/* SPDX-License-Identifier: MIT
 * Does one decimal operation per input line, for decimal_oracle.sh: `op a b places rounding`.
 * op: add sub mul div round cmp; rounding: half-up half-even up down
 * ceiling floor. Prints the result, or "error". */
#include "base/decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int apply(const char *op, struct decimal a, struct decimal b, int places,
                 enum rounding rounding, struct decimal *out)
{
    if (strcmp(op, "add") == 0)
        return decimal_add(a, b, out);
    if (strcmp(op, "sub") == 0)
        return decimal_sub(a, b, out);
    if (strcmp(op, "mul") == 0)
        return decimal_mul(a, b, out);
    if (strcmp(op, "div") == 0)
        return decimal_div(a, b, places, rounding, out);
    if (strcmp(op, "round") == 0)
        return decimal_round(a, places, rounding, out);
    if (strcmp(op, "cmp") == 0)
        return decimal_from_int(decimal_compare(a, b), 0, out);
    return -1;
}

static enum rounding rounding_of(const char *name)
{
    static const char *const names[] = {"half-up", "half-even", "up", "down", "ceiling", "floor"};
    int i = 0;
    while (i < 5 && strcmp(names[i], name) != 0)
        i++;
    return (enum rounding)i;
}

int main(void)
{
    char line[256], op[16], first[64], second[64], mode[16], text[DECIMAL_TEXT_BYTES];
    int places;

    while (fgets(line, sizeof line, stdin)) {
        struct decimal a, b, r;

        if (sscanf(line, "%15s %63s %63s %d %15s", op, first, second, &places, mode) != 5)
            return 2;
        if (decimal_parse(first, &a) < 0 || decimal_parse(second, &b) < 0 ||
            apply(op, a, b, places, rounding_of(mode), &r) < 0) {
            puts("error");
            continue;
        }
        decimal_format(r, text);
        puts(text);
    }
    return 0;
}
