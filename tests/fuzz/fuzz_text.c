/* SPDX-License-Identifier: MIT
 * Text that people and peers write: keys, cuts, dates, countries, VAT numbers, check digits, zone
 * files. What comes out must hold what the headers promise. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check_digit.h"
#include "base/country.h"
#include "base/cut.h"
#include "base/date.h"
#include "base/fold.h"
#include "base/vat_number.h"
#include "base/visible.h"
#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void must(int holds)
{
    if (!holds)
        abort();
}

/* A key is its own key, and the same as the text. */
static void keys(const char *text)
{
    char *key = fold_key(text), *again = key ? fold_key(key) : NULL;
    must(key && again && strcmp(key, again) == 0);
    must(fold_is_blank(text) || !*key || fold_same(text, key));
    free(again);
    free(key);
    free(fold_name(text));
    free(fold_lower(text, strlen(text)));
    free(fold_upper(text, strlen(text)));
}

static void cuts(const char *text)
{
    char out[40];
    char *sound = cut_valid(text, strlen(text));
    must(sound != NULL);
    for (size_t limit = 0; limit < 40; limit++) {
        size_t n = cut_bytes(sound, limit);
        must(n <= limit && (n == 0 || ((unsigned char)sound[n] & 0xC0) != 0x80));
        must(cut_bytes(text, limit) <= limit);
    }
    must(cut_copy(out, sizeof out, text) < sizeof out);
    must(cut_characters(sound, 3) <= strlen(sound));
    free(sound);
    char *shown = visible_text(text, true);
    must(shown != NULL);
    free(shown);
}

/* What was read and written is read as the same. */
static void dates(const char *text)
{
    char out[DATE_TEXT_BYTES], why[DATE_WHY_BYTES];
    struct date d, again;
    if (date_parse(text, &d, why) != 0) {
        must(strstr(why, "at character ") != NULL);
        return;
    }
    date_format(&d, out);
    must(date_parse(out, &again, NULL) == 0 && date_unix_ms(&again) == date_unix_ms(&d));
    if (date_home(&d, zone_find("Europe/Amsterdam")) == 0)
        must(!d.has_offset && d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31);
}

static void numbers(const char *text)
{
    char number[VAT_NUMBER_BYTES], again[VAT_NUMBER_BYTES], why[VAT_NUMBER_WHY_BYTES];
    if (vat_number_parse(text, "NL", number, why) == VAT_NUMBER_OK)
        must(vat_number_parse(number, NULL, again, why) == VAT_NUMBER_OK &&
             strcmp(number, again) == 0);
    const char *code = country_find(text);
    must(!code || country_name(code, "nl") != NULL);
    (void)check_digit_barcode(text, why);
    (void)check_digit_iban(text, why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    char *text = malloc(bytes + 1);
    must(text != NULL);
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    keys(text);
    cuts(text);
    dates(text);
    numbers(text);
    free(text);
    struct zone *zone = zone_parse(data, bytes);
    for (int64_t at = -4000000000; zone && at < 8000000000; at += 700000001)
        (void)zone_offset(zone, at);
    zone_free(zone);
    return 0;
}
