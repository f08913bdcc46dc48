/* SPDX-License-Identifier: MIT
 * Phone numbers: how they are dialled in Europe and its neighbours. */
#include "phone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"

/* A row holds for numbers that begin so; of a country's rows the first that fits. */
static const struct rule {
    const char *country, *code;
    const char *trunk;  /* dialled before a number within the country; "" none */
    const char *begins; /* of the national number, without trunk */
    int least, most;    /* its digits */
} rules[] = {
    {"AD", "376", "", "", 6, 9},     {"AL", "355", "0", "", 5, 9},
    {"AT", "43", "0", "", 4, 13},    {"BA", "387", "0", "", 8, 9},
    {"BE", "32", "0", "4", 9, 9},    {"BE", "32", "0", "", 8, 8},
    {"BG", "359", "0", "", 6, 9},    {"BY", "375", "80", "", 9, 11},
    {"CA", "1", "1", "", 10, 10},    {"CH", "41", "0", "", 9, 9},
    {"CY", "357", "", "", 8, 8},     {"CZ", "420", "", "", 9, 9},
    {"DE", "49", "0", "", 5, 13},    {"DK", "45", "", "", 8, 8},
    {"EE", "372", "", "", 7, 8},     {"ES", "34", "", "", 9, 9},
    {"FI", "358", "0", "", 5, 12},   {"FO", "298", "", "", 6, 6},
    {"FR", "33", "0", "", 9, 9},     {"GB", "44", "0", "", 9, 10},
    {"GI", "350", "", "", 8, 8},     {"GR", "30", "", "", 10, 10},
    {"HR", "385", "0", "", 8, 9},    {"HU", "36", "06", "", 8, 9},
    {"IE", "353", "0", "", 7, 10},   {"IS", "354", "", "", 7, 9},
    {"IT", "39", "", "", 6, 11},     {"LI", "423", "", "", 7, 7},
    {"LT", "370", "0", "", 8, 8},    {"LU", "352", "", "", 4, 11},
    {"LV", "371", "", "", 8, 8},     {"MC", "377", "", "", 8, 9},
    {"MD", "373", "0", "", 8, 8},    {"ME", "382", "0", "", 8, 9},
    {"MK", "389", "0", "", 8, 8},    {"MT", "356", "", "", 8, 8},
    {"NL", "31", "0", "800", 7, 10}, {"NL", "31", "0", "90", 7, 10},
    {"NL", "31", "0", "97", 11, 11}, {"NL", "31", "0", "", 9, 9},
    {"NO", "47", "", "", 8, 8},      {"PL", "48", "", "", 9, 9},
    {"PT", "351", "", "", 9, 9},     {"RO", "40", "0", "", 9, 9},
    {"RS", "381", "0", "", 8, 9},    {"SE", "46", "0", "", 7, 10},
    {"SI", "386", "0", "", 8, 8},    {"SK", "421", "0", "", 9, 9},
    {"SM", "378", "", "", 6, 10},    {"TR", "90", "0", "", 10, 10},
    {"UA", "380", "0", "", 9, 9},    {"US", "1", "1", "", 10, 10},
    {"VA", "379", "", "", 6, 11},    {"XI", "44", "0", "", 9, 10},
    {"XK", "383", "0", "", 8, 9},
};

/* Those that are given out; none is the beginning of another one. */
static const char *const codes[] = {
    "1",   "7",   "20",  "211", "212", "213", "216", "218", "220", "221", "222", "223", "224",
    "225", "226", "227", "228", "229", "230", "231", "232", "233", "234", "235", "236", "237",
    "238", "239", "240", "241", "242", "243", "244", "245", "246", "247", "248", "249", "250",
    "251", "252", "253", "254", "255", "256", "257", "258", "260", "261", "262", "263", "264",
    "265", "266", "267", "268", "269", "27",  "290", "291", "297", "298", "299", "30",  "31",
    "32",  "33",  "34",  "350", "351", "352", "353", "354", "355", "356", "357", "358", "359",
    "36",  "370", "371", "372", "373", "374", "375", "376", "377", "378", "379", "380", "381",
    "382", "383", "385", "386", "387", "389", "39",  "40",  "41",  "420", "421", "423", "43",
    "44",  "45",  "46",  "47",  "48",  "49",  "500", "501", "502", "503", "504", "505", "506",
    "507", "508", "509", "51",  "52",  "53",  "54",  "55",  "56",  "57",  "58",  "590", "591",
    "592", "593", "594", "595", "596", "597", "598", "599", "60",  "61",  "62",  "63",  "64",
    "65",  "66",  "670", "672", "673", "674", "675", "676", "677", "678", "679", "680", "681",
    "682", "683", "685", "686", "687", "688", "689", "690", "691", "692", "81",  "82",  "84",
    "850", "852", "853", "855", "856", "86",  "870", "880", "881", "882", "883", "886", "90",
    "91",  "92",  "93",  "94",  "95",  "960", "961", "962", "963", "964", "965", "966", "967",
    "968", "970", "971", "972", "973", "974", "975", "976", "977", "98",  "992", "993", "994",
    "995", "996", "998"};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define DIGITS 32 /* more than any number has, with what stands before it */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static int refuse(char *why, const char *words)
{
    snprintf(why, PHONE_WHY_BYTES, "%s", words);
    return -1;
}

/* ---- what was written ---- */

/* Digits only; *plus: "+" stands before them. "(0)" is left out behind a "+", where it says what is
 * dialled within the country. -1: there is something else. */
static int read_digits(const char *text, char out[DIGITS], bool *plus, char *why)
{
    size_t n = 0;
    *plus = *text == '+';
    for (const char *p = text + *plus; *p; p++) {
        if (begins(p, "(0)") && (*plus || begins(out, "00"))) {
            p += 2;
            continue;
        }
        if (strchr(" .-/()", *p))
            continue;
        if (*p < '0' || *p > '9')
            return refuse(why, "there is something in the phone number that is no digit, blank or "
                               "dash; an extension has no place in it");
        if (n + 1 == DIGITS)
            return refuse(why, "the phone number is too long");
        out[n++] = *p;
        out[n] = '\0';
    }
    return n ? 0 : refuse(why, "there is no digit in the phone number");
}

/* ---- rules ---- */

static const struct rule *rule_of(const char *country, const char *national)
{
    for (size_t i = 0; i < COUNT(rules); i++) {
        if (strcmp(rules[i].country, country) == 0 && begins(national, rules[i].begins))
            return &rules[i];
    }
    return NULL;
}

/* Countries that share a code (1, 44) have the same rules. */
static const char *country_of(const char *digits)
{
    for (size_t i = 0; i < COUNT(rules); i++) {
        if (begins(digits, rules[i].code))
            return rules[i].country;
    }
    return NULL;
}

static bool is_given_out(const char *digits)
{
    for (size_t i = 0; i < COUNT(codes); i++) {
        if (begins(digits, codes[i]))
            return true;
    }
    return false;
}

static int finish(const struct rule *r, const char *national, char *out, char *why)
{
    int n = (int)strlen(national);
    if (strcmp(r->trunk, "0") == 0 && *national == '0')
        return refuse(why, "the phone number has a 0 too many at its beginning");
    if (n >= r->least && n <= r->most && (size_t)n + strlen(r->code) <= 15) {
        snprintf(out, PHONE_BYTES, "+%s%s", r->code, national);
        return 0;
    }
    if (r->least == r->most)
        snprintf(why, PHONE_WHY_BYTES,
                 "a phone number of %s has %d digits behind +%s, and this one has %d", r->country,
                 r->least, r->code, n);
    else
        snprintf(why, PHONE_WHY_BYTES,
                 "a phone number of %s has %d to %d digits behind +%s, and this one has %d",
                 r->country, r->least, r->most, r->code, n);
    return -1;
}

/* Behind "+": the country's code, and the number without trunk, which many write all the same. */
static int international(const char *digits, char *out, char *why)
{
    const char *country = country_of(digits);
    if (!country) {
        size_t n = strlen(digits);
        if (!is_given_out(digits))
            return refuse(why, "no country has the code that the phone number begins with");
        if (n < 8 || n > 15)
            return refuse(why, "a phone number has 8 to 15 digits with its country's code");
        snprintf(out, PHONE_BYTES, "+%s", digits);
        return 0;
    }
    const struct rule *any = rule_of(country, "");
    const char *national = digits + strlen(any ? any->code : "");
    if (any && strcmp(any->trunk, "0") == 0 && *national == '0')
        national++;
    const struct rule *r = rule_of(country, national);
    return r ? finish(r, national, out, why) : -1;
}

static int within(const char *digits, const char *country, char *out, char *why)
{
    const struct rule *r = rule_of(country, "");
    if (!r) {
        snprintf(why, PHONE_WHY_BYTES,
                 "how phone numbers are dialled in %s is not known: write it with + and the "
                 "country's code",
                 country);
        return -1;
    }
    const char *national = digits;
    /* in North America the 1 is not always written */
    bool optional = strcmp(r->trunk, "1") == 0;
    if (begins(digits, r->trunk)) {
        national += strlen(r->trunk);
    } else if (!optional) {
        snprintf(why, PHONE_WHY_BYTES,
                 "the phone number begins neither with %s, as within %s, nor with + and the code "
                 "of a country",
                 r->trunk, country);
        return -1;
    }
    r = rule_of(country, national);
    return r ? finish(r, national, out, why) : -1;
}

int phone_e164(const char *text, const char *country, char out[PHONE_BYTES],
               char why[PHONE_WHY_BYTES])
{
    char key[4 * DIGITS], digits[DIGITS] = "";
    bool plus;
    if (fold_key_into(text, key, sizeof key) >= sizeof key)
        return refuse(why, "the phone number is too long");
    if (read_digits(key, digits, &plus, why) < 0)
        return -1;
    if (plus)
        return international(digits, out, why);
    bool american = country && (strcmp(country, "US") == 0 || strcmp(country, "CA") == 0);
    if (american && begins(digits, "011"))
        return international(digits + 3, out, why);
    if (!american && begins(digits, "00"))
        return international(digits + 2, out, why);
    if (!country)
        return refuse(why,
                      "the phone number begins with no country's code, and which country it is "
                      "of is not known");
    return within(digits, country, out, why);
}
