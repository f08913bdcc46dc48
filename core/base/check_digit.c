/* SPDX-License-Identifier: MIT
 * Check digits: GTIN by weights 3 and 1 (GS1), IBAN by 97 (ISO 13616). */
#include "base/check_digit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/fold.h"

#define IBAN_BYTES 36 /* 34 characters at most */

/* What it is without blanks. false: longer than room. */
static bool compact(const char *text, char *out, size_t room)
{
    char key[4 * IBAN_BYTES];
    size_t n = 0;
    if (fold_key_into(text, key, sizeof key) >= sizeof key)
        return false;
    for (const char *p = key; *p; p++) {
        if (*p == ' ')
            continue;
        if (n + 1 == room)
            return false;
        out[n++] = *p >= 'a' && *p <= 'z' ? (char)(*p - ('a' - 'A')) : *p;
    }
    out[n] = '\0';
    return true;
}

int check_digit_gtin(const char *digits, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++) /* the last weighs 3 */
        sum += (digits[i] - '0') * ((count - i) % 2 == 1 ? 3 : 1);
    return (10 - sum % 10) % 10;
}

int check_digit_barcode(const char *text, char why[CHECK_DIGIT_WHY_BYTES])
{
    char digits[16];
    if (!compact(text, digits, sizeof digits))
        return 0;
    size_t n = strlen(digits);
    if ((n != 8 && (n < 12 || n > 14)) || strspn(digits, "0123456789") != n)
        return 0;
    int want = check_digit_gtin(digits, n - 1), have = digits[n - 1] - '0';
    if (want == have)
        return 0;
    if (why)
        snprintf(why, CHECK_DIGIT_WHY_BYTES,
                 "\"%s\" is no EAN: its check digit is %d, and it would be %d", digits, have, want);
    return -1;
}

/* By country, as ISO 13616 registers them. */
static size_t iban_length(const char *iban)
{
    static const char lengths[] =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29"
        "ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20"
        "LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29"
        "PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20"
        "YE30";
    for (const char *p = lengths; *p; p += 4) {
        if (strncmp(p, iban, 2) == 0)
            return (size_t)((p[2] - '0') * 10 + (p[3] - '0'));
    }
    return 0;
}

static int remainder_of(const char *iban, size_t n)
{
    int rest = 0;
    for (size_t i = 0; i < n; i++) {
        char c = iban[(i + 4) % n]; /* country and check digits go last */
        if (c >= '0' && c <= '9')
            rest = (rest * 10 + (c - '0')) % 97;
        else
            rest = (rest * 100 + (c - 'A' + 10)) % 97;
    }
    return rest;
}

int check_digit_iban(const char *text, char why[CHECK_DIGIT_WHY_BYTES])
{
    char iban[IBAN_BYTES];
    const char *wrong = NULL;
    if (fold_is_blank(text))
        return 0;
    size_t n = compact(text, iban, sizeof iban) ? strlen(iban) : 0;
    if (n < 5 || strspn(iban, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") < 2 ||
        strspn(iban, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != n ||
        strspn(iban + 2, "0123456789") < 2)
        wrong = "it is no IBAN: one begins with two letters and two digits";
    else if (iban_length(iban) && n != iban_length(iban))
        wrong = "it has not the length of an IBAN of its country";
    else if (remainder_of(iban, n) != 1)
        wrong = "the check digits of the IBAN are wrong";
    if (!wrong)
        return 0;
    /* an account number is personal: what is wrong is said, not the number */
    if (why)
        snprintf(why, CHECK_DIGIT_WHY_BYTES, "%s", wrong);
    return -1;
}
