// SPDX-License-Identifier: MIT
// Debtors as they are written to the sandbox's books.
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "asperion_parts.h"

#define FIRST_FREE_NUMBER 20301

static bool email_valid(const char *text)
{
    const char *at = strchr(text, '@');
    return at && at > text && !strchr(at + 1, '@') && strchr(at + 1, '.') &&
           !strpbrk(text, " ,;<>");
}

static bool phone_valid(const char *text)
{
    int digits = 0;
    for (; *text; text++)
        digits += isdigit((unsigned char)*text) != 0;
    return digits >= 6;
}

static bool iban_valid(const char *text)
{
    char plain[40];
    size_t n = 0;
    for (; *text; text++) {
        if (*text == ' ')
            continue;
        if (!isalnum((unsigned char)*text) || n + 1 >= sizeof plain)
            return false;
        plain[n++] = (char)toupper((unsigned char)*text);
    }
    int rest = 0;
    for (size_t i = 0; i < n; i++) {
        char c = plain[(i + 4) % n];
        rest = isdigit((unsigned char)c) ? (rest * 10 + c - '0') % 97
                                         : (rest * 100 + c - 'A' + 10) % 97;
    }
    return n >= 15 && n <= 34 && rest == 1;
}

static bool vat_number_valid(const char *text)
{
    if (strncasecmp(text, "NL", 2) != 0)
        return strlen(text) >= 6;
    if (strlen(text) != 14 || toupper((unsigned char)text[11]) != 'B')
        return false;
    for (int i = 2; i < 14; i++) {
        if (i != 11 && !isdigit((unsigned char)text[i]))
            return false;
    }
    return true;
}

static bool country_valid(const char *text)
{
    return strlen(text) == 2 && isupper((unsigned char)text[0]) && isupper((unsigned char)text[1]);
}

// The form of the texts. What was there before stays as it is: people typed it in.
static void check_texts(struct checks *k, const json_t *body, const json_t *old)
{
    static const struct {
        const char *field;
        bool (*valid)(const char *);
        const char *en, *nl;
    } forms[] = {
        {"emailAddress", email_valid, "is not an e-mail address", "is geen e-mailadres"},
        {"phoneNumber", phone_valid, "needs at least 6 digits", "moet minstens 6 cijfers hebben"},
        {"mobileNumber", phone_valid, "needs at least 6 digits", "moet minstens 6 cijfers hebben"},
        {"iban", iban_valid, "is not a valid IBAN", "is geen geldig IBAN"},
        {"vatNumber", vat_number_valid, "is not a valid VAT number", "is geen geldig btw-nummer"},
        {"countryCode", country_valid, "is not a country code", "is geen landcode"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const char *text = text_of(body, forms[i].field);
        if (*text && strcmp(text, text_of(old, forms[i].field)) != 0 && !forms[i].valid(text))
            mistake(k, forms[i].field, forms[i].en, forms[i].nl);
    }
}

void check_debtor(struct checks *k, json_t *body, int64_t row)
{
    const struct rows *debtors = &k->call->tenant->rows[ROWS_DEBTORS];
    json_t *old = row < 0 ? NULL : rows_value(debtors, (size_t)row);
    check_members(k, body, debtor_members, "");
    check_texts(k, body, old);
    json_decref(old);
    check_lookup(k, body, "debtorKindId", L_DEBTOR_KINDS, "", false);
    check_lookup(k, body, "paymentConditionId", L_CONDITIONS, "", false);
    check_lookup(k, body, "paymentMethodId", L_PAYMENT_METHODS, "", false);
    if (rows_equal(debtors, "customerNumber", text_of(body, "customerNumber"), row) >= 0)
        mistake(k, "customerNumber", "is already in use", "is al in gebruik");
}

static void number_debtor(const struct rows *debtors, json_t *row)
{
    char text[32];
    json_int_t number = FIRST_FREE_NUMBER + (json_int_t)debtors->count;
    do
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, number++);
    while (rows_equal(debtors, "customerNumber", text, -1) >= 0);
    json_object_set_new(row, "customerNumber", json_string(text));
}

int64_t debtor_store(struct tenant *t, const json_t *given, int64_t row)
{
    struct rows *debtors = &t->rows[ROWS_DEBTORS];
    json_t *whole = whole_record(debtor_members, given);
    if (!*text_of(whole, "customerNumber"))
        number_debtor(debtors, whole);
    json_t *old = row < 0 ? NULL : rows_value(debtors, (size_t)row);
    json_object_set_new(whole, "dateAdded",
                        old ? json_incref(json_object_get(old, "dateAdded")) : time_now());
    json_object_set_new(whole, "dateLastChange", old ? time_now() : json_null());
    json_decref(old);
    int rc = row < 0 ? rows_add_take(debtors, whole, NULL)
                     : rows_set_take(debtors, (size_t)row, whole, NULL);
    return rc != 0 ? -1 : row < 0 ? (int64_t)debtors->count - 1 : row;
}

int write_debtor(const struct call *c, int64_t row)
{
    struct write w;
    if (!write_begin(&w, c, row))
        return 0;
    check_debtor(&w.checks, w.whole, row);
    if (write_refused(&w))
        return 0;
    if (w.only)
        return write_done(&w, json_copy(w.whole));
    int64_t at = debtor_store(c->tenant, w.whole, row);
    return write_done(&w, at < 0 ? NULL : rows_value(&c->tenant->rows[ROWS_DEBTORS], (size_t)at));
}
