/* SPDX-License-Identifier: MIT
 * VAT numbers: their form, as the Commission and the tax offices of the neighbours list it. */
#include "base/vat_number.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/country.h"
#include "base/cut.h"
#include "base/fold.h"

/* What follows the prefix: # a digit, @ a letter, ? either, % either or + or *, anything else
 * itself; | separates. */
static const struct form {
    const char *prefix, *form;
} forms[] = {
    {"AT", "U########"},
    {"BE", "0#########|1#########"},
    {"BG", "#########|##########"},
    {"CH", "E#########|E#########MWST|E#########TVA|E#########IVA"},
    {"CY", "########@"},
    {"CZ", "########|#########|##########"},
    {"DE", "#########"},
    {"DK", "########"},
    {"EE", "#########"},
    {"EL", "#########"},
    {"ES", "?#######?"},
    {"FI", "########"},
    {"FR", "??#########"},
    {"GB", "#########|############|GD###|HA###"},
    {"HR", "###########"},
    {"HU", "########"},
    {"IE", "#%#####@|#######@@"},
    {"IT", "###########"},
    {"LT", "#########|############"},
    {"LU", "########"},
    {"LV", "###########"},
    {"MT", "########"},
    {"NL", "?????????B##"},
    {"NO", "#########|#########MVA"},
    {"PL", "##########"},
    {"PT", "#########"},
    {"RO", "##|###|####|#####|######|#######|########|#########|##########"},
    {"SE", "############"},
    {"SI", "########"},
    {"SK", "##########"},
    {"XI", "#########|############|GD###|HA###"},
};

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool fits(char form, char c)
{
    switch (form) {
    case '#': return is_digit(c);
    case '@': return is_letter(c);
    case '?': return is_digit(c) || is_letter(c);
    case '%': return is_digit(c) || is_letter(c) || c == '+' || c == '*';
    default: return form == c;
    }
}

static bool matches(const char *form, const char *number)
{
    while (*form) {
        size_t n = strcspn(form, "|"), i = 0;
        while (i < n && number[i] && fits(form[i], number[i]))
            i++;
        if (i == n && !number[n])
            return true;
        form += n + (form[n] == '|');
    }
    return false;
}

static const struct form *form_of(const char *prefix)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strncmp(forms[i].prefix, prefix, 2) == 0)
            return &forms[i];
    }
    return NULL;
}

/* Without blanks, dots, dashes and slashes, in capitals; full width digits are digits. false: too
 * long, and cut. */
static bool normal_form(const char *text, char out[VAT_NUMBER_BYTES])
{
    char key[4 * VAT_NUMBER_BYTES];
    size_t n = 0;
    bool whole = fold_key_into(text, key, sizeof key) < sizeof key;
    for (const char *p = key; *p; p++) {
        if (strchr(" .-/,:_", *p))
            continue;
        if (n + 1 == VAT_NUMBER_BYTES) {
            whole = false;
            break;
        }
        out[n++] = *p >= 'a' && *p <= 'z' ? (char)(*p - ('a' - 'A')) : *p;
    }
    out[n] = '\0';
    if (strncmp(out, "GR", 2) == 0) {
        out[0] = 'E';
        out[1] = 'L';
    }
    return whole;
}

/* A form as a person reads it: "NL999999999B99". */
static void show_form(const struct form *f, char out[48])
{
    size_t n = (size_t)snprintf(out, 48, "%s", f->prefix);
    for (const char *p = f->form; *p && *p != '|' && n + 1 < 48; p++)
        out[n++] = *p == '#' ? '9' : *p == '@' ? 'A' : *p == '?' || *p == '%' ? 'X' : *p;
    out[n] = '\0';
}

static enum vat_number_outcome refuse(const char *text, const struct form *f, char *why)
{
    char form[48];
    if (why && f) {
        show_form(f, form);
        snprintf(why, VAT_NUMBER_WHY_BYTES,
                 "\"%.*s\" has not the form of a VAT number of %s, such as %s (9 a digit, A a "
                 "letter, X either)",
                 CUT(text, 40), f->prefix, form);
    } else if (why) {
        snprintf(why, VAT_NUMBER_WHY_BYTES,
                 "\"%.*s\" is no VAT number of the EU or its neighbours, which begins with the two "
                 "letters of its country",
                 CUT(text, 40));
    }
    return f ? VAT_NUMBER_WRONG : VAT_NUMBER_UNKNOWN;
}

enum vat_number_outcome vat_number_parse(const char *text, const char *country,
                                         char out[VAT_NUMBER_BYTES],
                                         char why[VAT_NUMBER_WHY_BYTES])
{
    char number[VAT_NUMBER_BYTES], whole[VAT_NUMBER_BYTES];
    if (fold_is_blank(text))
        return VAT_NUMBER_NONE;
    const char *prefix = country && *country ? country_vat_prefix(country) : NULL;
    const struct form *own = prefix                ? form_of(prefix)
                             : country && *country ? form_of(country)
                                                   : NULL;
    bool fits_in = normal_form(text, number);
    if (!*number)
        return VAT_NUMBER_NONE;
    const struct form *said = form_of(number);
    if (!fits_in)
        return refuse(text, said ? said : own, why);
    if (said && matches(said->form, number + 2)) {
        memcpy(out, number, VAT_NUMBER_BYTES);
        return VAT_NUMBER_OK;
    }
    if (own && matches(own->form, number) &&
        snprintf(whole, sizeof whole, "%s%s", own->prefix, number) < (int)sizeof whole) {
        memcpy(out, whole, VAT_NUMBER_BYTES);
        return VAT_NUMBER_OK;
    }
    return refuse(text, said ? said : own, why);
}
