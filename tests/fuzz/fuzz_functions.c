/* SPDX-License-Identifier: MIT
 * What functions read: a form of dates or a pattern on the first line, a text below it, which is a
 * number, too. What was read and is written is read as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/pattern.h"
#include "date/layout.h"
#include "number/written.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void numbers(const char *text)
{
    static const char *const formats[] = {"any", "plain", "comma", "nl", "de", "en", "ch", "fr"};
    char digits[WRITTEN_BYTES], written[WRITTEN_BYTES], again[WRITTEN_BYTES];
    char why[WRITTEN_WHY_BYTES];
    struct decimal d;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        why[0] = '\0';
        if (written_parse(text, formats[i], digits, why) != 0) {
            must(why[0] != '\0');
            continue;
        }
        must(decimal_parse(digits, &d) != 0 || strspn(digits, "-.0123456789") == strlen(digits));
        if (i == 0 || decimal_parse(digits, &d) != 0)
            continue;
        decimal_format(d, digits);
        written_format(digits, formats[i], true, written);
        must(written_parse(written, formats[i], again, why) == 0 && strcmp(again, digits) == 0);
    }
}

static void dates(const char *form, const char *text)
{
    char why[LAYOUT_WHY_BYTES] = "", written[LAYOUT_TEXT_BYTES];
    struct date d, again;
    struct layout *writes = layout_parse(form, false, why), *reads = layout_parse(form, true, why);
    must(writes ? 1 : !reads && why[0] != '\0');
    if (reads && layout_read(reads, text, "nl", &d, why) == 0) {
        must(layout_write(reads, &d, "nl", written) == 0);
        /* a layout may leave things out, so the second reading is of what the first has left */
        must(layout_read(reads, written, "nl", &again, why) == 0);
        must(date_unix_ms(&d) == date_unix_ms(&again));
    }
    layout_free(writes);
    layout_free(reads);
}

static void patterns(const char *pattern, const char *text)
{
    char why[PATTERN_WHY_BYTES] = "";
    struct pattern_span spans[10];
    struct pattern *p = pattern_parse(pattern, why);
    must(p || why[0] != '\0');
    int rc = p ? pattern_match(p, text, 0, spans, 10, why) : 0;
    must(rc >= -1 && rc <= 1 && (rc >= 0 || why[0] != '\0'));
    for (int i = 0; rc == 1 && i < 10; i++) {
        must((spans[i].start == PATTERN_NOWHERE) == (spans[i].end == PATTERN_NOWHERE));
        must(spans[i].start == PATTERN_NOWHERE || spans[i].start <= strlen(text));
        must(i <= pattern_groups(p) || spans[i].start == PATTERN_NOWHERE);
    }
    pattern_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    char *text = malloc(bytes + 1);
    must(text != NULL);
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    numbers(text);
    char *end = strchr(text, '\n');
    if (end) {
        *end = '\0';
        numbers(end + 1);
        dates(text, end + 1);
        patterns(text, end + 1);
    }
    free(text);
    return 0;
}
