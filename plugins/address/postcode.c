/* SPDX-License-Identifier: MIT
 * The forms of postcodes, as the postal services of Europe and its neighbours write them. */
#include "postcode.h"

#include <stdbool.h>
#include <string.h>

#include "base/fold.h"

/* 9 a digit, A a letter, X either; blank and dash are written, anything else is itself; | separates
 * forms. */
static const struct {
    const char *country, *forms;
} table[] = {
    {"AD", "AD999"}, {"AL", "9999"}, {"AT", "9999"}, {"AU", "9999"}, {"BA", "99999"},
    {"BE", "9999"}, {"BG", "9999"}, {"CA", "A9A 9A9"}, {"CH", "9999"}, {"CY", "9999"},
    {"CZ", "999 99"}, {"DE", "99999"}, {"DK", "9999"}, {"EE", "99999"}, {"ES", "99999"},
    {"FI", "99999"}, {"FO", "999"}, {"FR", "99999"},
    {"GB", "A9 9AA|A99 9AA|AA9 9AA|AA99 9AA|A9A 9AA|AA9A 9AA"}, {"GL", "9999"}, {"GR", "999 99"},
    {"HR", "99999"}, {"HU", "9999"}, {"IE", "A99 XXXX|A9W XXXX"}, {"IS", "999"}, {"IT", "99999"},
    {"JP", "999-9999"}, {"LI", "9999"}, {"LT", "LT-99999"}, {"LU", "9999"}, {"LV", "LV-9999"},
    {"MC", "99999"}, {"MD", "MD-9999"}, {"ME", "99999"}, {"MK", "9999"}, {"MT", "AAA 9999"},
    {"NL", "9999 AA"}, {"NO", "9999"}, {"NZ", "9999"}, {"PL", "99-999"}, {"PT", "9999-999"},
    {"RO", "999999"}, {"RS", "99999"}, {"SE", "999 99"}, {"SI", "9999"}, {"SK", "999 99"},
    {"SM", "99999"}, {"TR", "99999"}, {"UA", "99999"}, {"US", "99999|99999-9999"}, {"VA", "99999"},
    {"XI", "AA9 9AA|AA99 9AA"},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Capitals and digits only; false: there is something else, or too much. */
static bool compact(const char *text, char out[POSTCODE_BYTES])
{
    char key[4 * POSTCODE_BYTES];
    size_t n = 0;
    if (fold_key_into(text, key, sizeof key) >= sizeof key)
        return false;
    for (const char *p = key; *p; p++) {
        char c = *p >= 'a' && *p <= 'z' ? (char)(*p - ('a' - 'A')) : *p;
        if (strchr(" -.", c))
            continue;
        if ((!is_digit(c) && !is_letter(c)) || n + 1 == POSTCODE_BYTES)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

/* out: room for bytes and a NUL. */
static bool fits(const char *form, size_t bytes, const char *code, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++) {
        char f = form[i], c = *code;
        if (f == ' ' || f == '-') {
            out[n++] = f;
            continue;
        }
        bool right = f == '9'   ? is_digit(c)
                     : f == 'A' ? is_letter(c)
                     : f == 'X' ? is_digit(c) || is_letter(c)
                                : f == c;
        if (!right)
            return false;
        out[n++] = c;
        code++;
    }
    out[n] = '\0';
    return *code == '\0';
}

/* A form names a country's letters as such: "AD999" and "AA9" begin alike, so a literal A stands
 * only where the table's country begins with it. */
static bool fits_any(const char *country, const char *forms, const char *code,
                     char out[POSTCODE_BYTES])
{
    while (*forms) {
        size_t n = strcspn(forms, "|");
        bool own = n > 2 && strncmp(forms, country, 2) == 0;
        if (own && strncmp(code, country, 2) == 0) {
            memcpy(out, country, 2);
            if (fits(forms + 2, n - 2, code + 2, out + 2))
                return true;
        } else if (own && fits(forms + 2, n - 2, code, out + 2)) { /* left out */
            memcpy(out, country, 2);
            return true;
        } else if (!own && fits(forms, n, code, out)) {
            return true;
        }
        forms += n + (forms[n] == '|');
    }
    return false;
}

/* Numbers that no place has. */
static bool is_taken(const char *country, const char *code)
{
    if (strcmp(country, "NL") == 0) /* SA, SD and SS are not given out */
        return code[0] != '0' && !(code[5] == 'S' && strchr("ADS", code[6]));
    if (strcmp(country, "DE") == 0)
        return strncmp(code, "00", 2) != 0;
    if (strcmp(country, "BE") == 0 || strcmp(country, "AT") == 0 || strcmp(country, "CH") == 0 ||
        strcmp(country, "LU") == 0)
        return code[0] != '0';
    if (strcmp(country, "ES") == 0)
        return strcmp(code, "01") >= 0 && strcmp(code, "53") < 0; /* provinces */
    return true;
}

/* Behind "NL-", "D-" and their like. */
static const char *without_country(const char *text, const char *country)
{
    static const char *const short_ones[] = {"AT", "BE", "DE", "FR", "IT", "LU", "SE", "ES"};
    static const char *const signs[] = {"A", "B", "D", "F", "I", "L", "S", "E"};
    size_t n;
    text = fold_trim(text, &n);
    if (n > 3 && (text[0] & 0x5F) == country[0] && (text[1] & 0x5F) == country[1] && text[2] == '-')
        return text + 3;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (n > 2 && strcmp(country, short_ones[i]) == 0 && (text[0] & 0x5F) == signs[i][0] &&
            text[1] == '-')
            return text + 2;
    }
    return text;
}

enum postcode_outcome postcode_form(const char *text, const char *country, char out[POSTCODE_BYTES],
                                    const char **form)
{
    char code[POSTCODE_BYTES];
    *form = NULL;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].country, country) == 0)
            *form = table[i].forms;
    }
    if (!*form)
        return POSTCODE_UNKNOWN;
    bool right = compact(without_country(text, country), code) &&
                 fits_any(country, *form, code, out) && is_taken(country, out);
    return right ? POSTCODE_OK : POSTCODE_WRONG;
}
