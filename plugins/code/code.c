/* SPDX-License-Identifier: MIT
 * Codes that have a standard: GTIN, ISBN, IBAN, phone numbers, countries, currencies. Nothing in,
 * nothing out. */
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/check_digit.h"
#include "base/country.h"
#include "base/cut.h"
#include "base/fold.h"
#include "koppel/sdk.h"
#include "code_catalogue.h"
#include "phone.h"

enum function {
    GTIN,
    GTIN_MAKE,
    ISBN,
    IBAN,
    PHONE,
    COUNTRY_CODE,
    COUNTRY_NAME,
    CURRENCY_CODE,
    CURRENCY_NAME,
    CURRENCY_PLACES,
    FUNCTIONS
};

#define CODE_BYTES 40 /* an IBAN has 34 characters */

/* Capitals and digits of the text, without blanks and dashes. false: there is something else, or
 * too much of it. */
static bool compact(const char *text, char out[CODE_BYTES])
{
    char key[4 * CODE_BYTES];
    size_t n = 0;
    if (fold_key_into(text, key, sizeof key) >= sizeof key)
        return false;
    for (const char *p = key; *p; p++) {
        char c = *p >= 'a' && *p <= 'z' ? (char)(*p - ('a' - 'A')) : *p;
        if (c == ' ' || c == '-')
            continue;
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) || n + 1 == CODE_BYTES)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

static bool compact_digits(const char *text, char out[CODE_BYTES])
{
    return compact(text, out) && out[strspn(out, "0123456789")] == '\0';
}

/* ---- GTIN and ISBN ---- */

static bool is_gtin_length(size_t n)
{
    return n == 8 || (n >= 12 && n <= 14);
}

/* To the length that the argument asks for: zeros before it mean nothing. */
static int give_gtin(const struct koppel_call *c, const char *gtin, json_t **out)
{
    const char *as = koppel_call_arg(c, 0);
    size_t n = strlen(gtin), want = as ? (size_t)strtol(as, NULL, 10) : n;
    if (want >= n)
        return koppel_call_give(c, json_sprintf("%.*s%s", (int)(want - n), "000000", gtin), out);
    if (strspn(gtin, "0") < n - want)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "\"%s\" has more than %zu digits", gtin,
                             want);
    return koppel_call_give(c, json_string(gtin + n - want), out);
}

static int no_gtin(const struct koppel_call *c)
{
    return c->host->fail(c->err, KOPPEL_E_REJECTED,
                         "\"%.*s\" is no GTIN or EAN, which has 8, 12, 13 or 14 digits",
                         CUT(c->text, 40));
}

static int gtin(const struct koppel_call *c, json_t **out)
{
    char digits[CODE_BYTES], why[CHECK_DIGIT_WHY_BYTES];
    if (!compact_digits(c->text, digits) || !is_gtin_length(strlen(digits)))
        return no_gtin(c);
    if (check_digit_barcode(digits, why) < 0)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "%s", why);
    return give_gtin(c, digits, out);
}

static int gtin_make(const struct koppel_call *c, json_t **out)
{
    char digits[CODE_BYTES];
    size_t n = compact_digits(c->text, digits) ? strlen(digits) : 0;
    if (!is_gtin_length(n + 1))
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "\"%.*s\" is no GTIN without its check digit, which has 7, 11, 12 or "
                             "13 digits",
                             CUT(c->text, 40));
    digits[n] = (char)('0' + check_digit_gtin(digits, n));
    digits[n + 1] = '\0';
    return give_gtin(c, digits, out);
}

/* The check digit of ten: by weights 10 to 1, of 11; X is 10. */
static bool is_isbn_10(const char *isbn)
{
    int sum = 0;
    if (strlen(isbn) != 10 || strspn(isbn, "0123456789") < 9)
        return false;
    for (int i = 0; i < 9; i++)
        sum += (isbn[i] - '0') * (10 - i);
    int last = (11 - sum % 11) % 11;
    return isbn[9] == (last == 10 ? 'X' : '0' + last);
}

/* "0-306-40615-2" and "978-0-306-40615-7" are the same book. */
static int isbn(const struct koppel_call *c, json_t **out)
{
    char code[CODE_BYTES], made[14] = "978";
    bool sound = compact(c->text, code);
    if (sound && is_isbn_10(code)) {
        memcpy(made + 3, code, 9);
        made[12] = (char)('0' + check_digit_gtin(made, 12));
        return koppel_call_give(c, json_string(made), out);
    }
    if (sound && strlen(code) == 13 && strspn(code, "0123456789") == 13 &&
        (strncmp(code, "978", 3) == 0 || strncmp(code, "979", 3) == 0) &&
        check_digit_gtin(code, 12) == code[12] - '0')
        return koppel_call_give(c, json_string(code), out);
    return c->host->fail(c->err, KOPPEL_E_REJECTED,
                         "\"%.*s\" is no ISBN, which has 10 digits, or 13 that begin with 978 or "
                         "979, and a right check digit",
                         CUT(c->text, 40));
}

/* ---- IBAN ---- */

static int iban(const struct koppel_call *c, json_t **out)
{
    char code[CODE_BYTES], why[CHECK_DIGIT_WHY_BYTES], spaced[CODE_BYTES + CODE_BYTES / 4];
    const char *form = koppel_call_arg(c, 0);
    if (!compact(c->text, code))
        *code = '\0';
    /* an account number is personal: it is not repeated */
    if (check_digit_iban(*code ? code : "?", why) < 0)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "%s", why);
    if (!form || strcmp(form, "print") != 0)
        return koppel_call_give(c, json_string(code), out);
    char *end = spaced;
    for (size_t i = 0; code[i]; i++) {
        if (i && i % 4 == 0)
            *end++ = ' ';
        *end++ = code[i];
    }
    return koppel_call_give(c, json_stringn(spaced, (size_t)(end - spaced)), out);
}

/* ---- phone numbers ---- */

static int unknown_country(const struct koppel_call *c, const char *text)
{
    const char *near = country_nearest(text);
    return c->host->fail(c->err, KOPPEL_E_REJECTED,
                         "unknown country \"%.*s\"%s%s%s: write its name in Dutch, German or "
                         "English, or its letters or digits of ISO 3166",
                         CUT(text, 60), near ? " (did you mean \"" : "", near ? near : "",
                         near ? "\"?)" : "");
}

/* "BE|02 123 45 67": the country of the customer first; else the argument, else the home. */
static int phone(const struct koppel_call *c, json_t **out)
{
    char number[PHONE_BYTES], why[PHONE_WHY_BYTES] = "";
    const char *bar = strchr(c->text, '|'), *text = bar ? bar + 1 : c->text;
    const char *named = koppel_call_arg(c, 0), *country = NULL;
    char *before = bar ? strndup(c->text, (size_t)(bar - c->text)) : NULL;
    int rc = 0;
    if (before && !fold_is_blank(before))
        named = before;
    if (!named)
        named = c->host->setting(c->ctx, "home.country");
    if (named && !(country = country_find(named)))
        rc = unknown_country(c, named);
    free(before);
    if (rc < 0)
        return rc;
    if (fold_is_blank(text))
        return koppel_call_give(c, json_null(), out);
    if (phone_e164(text, country, number, why) < 0)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "%s", why);
    return koppel_call_give(c, json_string(number), out);
}

/* ---- countries and currencies ---- */

static int give_country(const struct koppel_call *c, const char *code, json_t **out)
{
    const char *form = koppel_call_arg(c, 0), *made = code;
    if (form && strcmp(form, "alpha-3") == 0)
        made = country_three(code);
    else if (form && strcmp(form, "numeric") == 0)
        made = country_number(code);
    if (!made)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "country %s has no %s code", code, form);
    return koppel_call_give(c, json_string(made), out);
}

/* Of the argument, else of the home. */
static const char *language(const struct koppel_call *c)
{
    const char *given = koppel_call_arg(c, 0);
    return given ? given : c->host->setting(c->ctx, "home.language");
}

static int of_country(const struct koppel_call *c, json_t **out)
{
    const char *code = country_find(c->text);
    if (!code)
        return unknown_country(c, c->text);
    if (c->function == COUNTRY_CODE)
        return give_country(c, code, out);
    return koppel_call_give(c, json_string(country_name(code, language(c))), out);
}

static int of_currency(const struct koppel_call *c, json_t **out)
{
    const char *code = country_currency_find(c->text), *form = koppel_call_arg(c, 0);
    if (!code)
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "unknown currency \"%.*s\": write its letters or digits of ISO 4217, "
                             "or its name in Dutch, German or English",
                             CUT(c->text, 60));
    if (c->function == CURRENCY_PLACES)
        return koppel_call_give(c, json_integer(country_currency_places(code)), out);
    if (c->function == CURRENCY_NAME)
        return koppel_call_give(c, json_string(country_currency_name(code, language(c))), out);
    if (form && strcmp(form, "numeric") == 0)
        code = country_currency_number(code);
    return koppel_call_give(c, json_string(code), out);
}

static int apply(const struct koppel_call *c, json_t **out)
{
    if (!c->value || (c->text && fold_is_blank(c->text)))
        return koppel_call_give(c, json_null(), out);
    if (!c->text)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
    switch (c->function) {
    case GTIN: return gtin(c, out);
    case GTIN_MAKE: return gtin_make(c, out);
    case ISBN: return isbn(c, out);
    case IBAN: return iban(c, out);
    case PHONE: return phone(c, out);
    case COUNTRY_CODE:
    case COUNTRY_NAME: return of_country(c, out);
    default: return of_currency(c, out);
    }
}

KOPPEL_REGISTER_TRANSFORM("code", "0.1.0", catalogue_text, FUNCTIONS, apply);
