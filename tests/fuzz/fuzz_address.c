/* SPDX-License-Identifier: MIT
 * Address lines and postcodes of any bytes: the parts of a line are the line, and a postcode that
 * was written is read as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "address/postcode.h"
#include "address/split.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void must(int holds)
{
    if (!holds)
        abort();
}

static char *put(char *end, struct split_part part)
{
    return part.n ? mempcpy(end, part.at, part.n) : end;
}

static void split(const char *line, const char *country)
{
    struct split s;
    char *back = malloc(strlen(line) + 1), *end = back;
    must(back != NULL);
    split_line(line, country, &s);
    end = put(end, s.number_first ? s.number : s.street);
    end = put(end, s.number_first ? s.suffix : s.between);
    end = put(end, s.number_first ? s.between : s.number);
    end = put(end, s.number_first ? s.street : s.suffix);
    *end = '\0';
    must(strcmp(back, line) == 0);
    struct split_part box = split_box(&s);
    must(box.n <= s.suffix.n);
    free(back);
}

static void postcode(const char *text, const char *country)
{
    char code[POSTCODE_BYTES], again[POSTCODE_BYTES];
    const char *form;
    if (postcode_form(text, country, code, &form) != POSTCODE_OK)
        return;
    must(form && postcode_form(code, country, again, &form) == POSTCODE_OK &&
         strcmp(code, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static const char *const countries[] = {"NL", "BE", "DE", "FR", "GB", "AD", "LT", "IE", "US",
                                            "ES", "XX"};
    char *text = malloc(bytes + 1);
    must(text != NULL);
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    char *line = split_blanks(text);
    must(line != NULL);
    split(line, NULL);
    for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++) {
        split(line, countries[i]);
        postcode(text, countries[i]);
    }
    free(line);
    free(text);
    return 0;
}
