/* SPDX-License-Identifier: MIT
 * Check digits of VAT numbers, a function per country. Each takes the number without the letters of
 * its country, and relies on its form. */
#include "digits.h"

#include <string.h>

static int digit(char c)
{
    return c - '0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* count digits as a number. */
static long long number_of(const char *p, int count)
{
    long long n = 0;
    for (int i = 0; i < count; i++)
        n = n * 10 + digit(p[i]);
    return n;
}

/* The sum of the digits, each by its weight. */
static int weighted(const char *p, const int *weights, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += digit(p[i]) * weights[i];
    return sum;
}

#define WEIGHTED(p, ...)                                                                           \
    weighted((p), (const int[]){__VA_ARGS__}, (int)(sizeof(int[]){__VA_ARGS__} / sizeof(int)))

/* Every second digit doubled, from the last but one to the left, and the sum of all digits of that
 * a multiple of ten. */
static bool luhn(const char *p, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++) {
        int d = digit(p[i]) * ((count - i) % 2 == 0 ? 2 : 1);
        sum += d / 10 + d % 10;
    }
    return sum % 10 == 0;
}

/* ISO 7064, MOD 11,10. */
static bool iso_11_10(const char *p, int count)
{
    int check = 5;
    for (int i = 0; i < count; i++)
        check = ((check ? check : 10) * 2 % 11 + digit(p[i])) % 10;
    return check == 1;
}

/* ---- A to E ---- */

static bool at(const char *p)
{
    int sum = 4;
    for (int i = 1; i <= 7; i++) {
        int d = digit(p[i]) * (i % 2 == 0 ? 2 : 1);
        sum += d / 10 + d % 10;
    }
    return (10 - sum % 10) % 10 == digit(p[8]);
}

static bool be(const char *p)
{
    return 97 - number_of(p, 8) % 97 == number_of(p + 8, 2);
}

/* Companies have nine digits; the ten of persons, foreigners and others have a way each. */
static bool bg(const char *p)
{
    int sum;
    if (strlen(p) == 9) {
        sum = WEIGHTED(p, 1, 2, 3, 4, 5, 6, 7, 8) % 11;
        if (sum == 10)
            sum = WEIGHTED(p, 3, 4, 5, 6, 7, 8, 9, 10) % 11;
        return sum % 10 == digit(p[8]);
    }
    return WEIGHTED(p, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10 == digit(p[9]) ||
           WEIGHTED(p, 21, 19, 17, 13, 11, 9, 7, 3, 1) % 10 == digit(p[9]) ||
           (11 - WEIGHTED(p, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11 == digit(p[9]);
}

static bool cy(const char *p)
{
    static const int odd[] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += i % 2 == 0 ? odd[digit(p[i])] : digit(p[i]);
    return p[8] == 'A' + sum % 26;
}

/* Divisible by 11; of older ones the digit 0 stands for 10 too. */
static bool birth_number(const char *p)
{
    return number_of(p, 9) % 11 % 10 == digit(p[9]);
}

/* Eight digits are of companies, nine that begin with 6 of persons without a birth number; other
 * birth numbers of nine digits are older than their check digit. */
static bool cz(const char *p)
{
    size_t n = strlen(p);
    if (n == 8)
        return (11 - WEIGHTED(p, 8, 7, 6, 5, 4, 3, 2) % 11) % 10 == digit(p[7]);
    if (n == 9 && p[0] == '6')
        return (8 + WEIGHTED(p + 1, 8, 7, 6, 5, 4, 3, 2) % 11) % 10 == digit(p[8]);
    return n == 9 || birth_number(p);
}

static bool de(const char *p)
{
    return p[0] != '0' && iso_11_10(p, 9);
}

static bool dk(const char *p)
{
    return p[0] != '0' && WEIGHTED(p, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
}

static bool ee(const char *p)
{
    return WEIGHTED(p, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;
}

static bool el(const char *p)
{
    return WEIGHTED(p, 256, 128, 64, 32, 16, 8, 4, 2) % 11 % 10 == digit(p[8]);
}

/* The letter of a Spanish person's number of count digits, begun with `first`. */
static bool es_person(const char *p, int count, long long first)
{
    static const char letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";
    for (int i = 0; i < count; i++) {
        if (!is_digit(p[i]))
            return false;
    }
    long long n = first * 10000000 + number_of(p, count);
    return p[count] == letters[n % 23];
}

static bool es_company(const char *p)
{
    int sum = 0;
    if (!memchr("ABCDEFGHJNPQRSUVW", p[0], 17))
        return false;
    for (int i = 1; i <= 7; i++) {
        int d = digit(p[i]) * (i % 2 == 1 ? 2 : 1);
        sum += d / 10 + d % 10;
    }
    int check = (10 - sum % 10) % 10;
    /* which kinds of company have which of the two is told differently by different offices */
    return p[8] == "JABCDEFGHI"[check] || p[8] == '0' + check;
}

static bool es(const char *p)
{
    if (is_digit(p[0]))
        return es_person(p, 8, 0);
    if (memchr("XYZ", p[0], 3))
        return es_person(p + 1, 7, p[0] - 'X');
    if (memchr("KLM", p[0], 3))
        return es_person(p + 1, 7, 0);
    return es_company(p);
}

/* ---- F to L ---- */

static bool fi(const char *p)
{
    return WEIGHTED(p, 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0;
}

/* The key of two digits, or the newer one with letters; Monaco's numbers begin with zeros and are
 * none of the French register. */
static bool fr(const char *p)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    const char *a = strchr(alphabet, p[0]), *b = strchr(alphabet, p[1]);
    long long siren = number_of(p + 2, 9), check;
    if (!a || !b || (strncmp(p + 2, "000", 3) != 0 && !luhn(p + 2, 9)))
        return false;
    if (is_digit(p[0]) && is_digit(p[1]))
        return (siren * 100 + 12) % 97 == number_of(p, 2);
    if (is_digit(p[0]))
        check = (a - alphabet) * 24 + (b - alphabet) - 10;
    else
        check = (a - alphabet) * 34 + (b - alphabet) - 100;
    return (siren + 1 + check / 11) % 11 == check % 11;
}

static bool hr(const char *p)
{
    return iso_11_10(p, 11);
}

static bool hu(const char *p)
{
    return WEIGHTED(p, 9, 7, 3, 1, 9, 7, 3, 1) % 10 == 0;
}

/* Older numbers have a letter or sign in the second place, and their first digit last. */
static bool ie(const char *p)
{
    static const char letters[] = "WABCDEFGHIJKLMNOPQRSTUV";
    char digits[] = "0000000";
    if (is_digit(p[1])) {
        memcpy(digits, p, 7);
    } else {
        memcpy(digits + 1, p + 2, 5);
        digits[6] = p[0];
    }
    int sum = WEIGHTED(digits, 8, 7, 6, 5, 4, 3, 2);
    const char *second = p[8] ? strchr(letters, p[8]) : letters;
    if (!second)
        return false;
    return p[7] == letters[(sum + 9 * (int)(second - letters)) % 23];
}

static bool it(const char *p)
{
    long long office = number_of(p + 7, 3);
    bool known = (office >= 1 && office <= 100) || office == 120 || office == 121 ||
                 office == 888 || office == 999;
    return known && luhn(p, 11);
}

static bool lt(const char *p)
{
    int n = (int)strlen(p), first = 0, second = 0;
    for (int i = 0; i + 1 < n; i++) {
        first += digit(p[i]) * (1 + i % 9);
        second += digit(p[i]) * (1 + (i + 2) % 9);
    }
    int check = first % 11 == 10 ? second % 11 % 10 : first % 11;
    return p[n - 2] == '1' && check == digit(p[n - 1]);
}

static bool lu(const char *p)
{
    return number_of(p, 6) % 89 == number_of(p + 6, 2);
}

/* Companies begin with 4 to 9; of persons those that begin with 32 say no birthday, and have no
 * check digit. */
static bool lv(const char *p)
{
    if (p[0] > '3')
        return WEIGHTED(p, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1) % 11 == 3;
    return strncmp(p, "32", 2) == 0 ||
           (1 + WEIGHTED(p, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9)) % 11 % 10 == digit(p[10]);
}

/* ---- M to Z ---- */

static bool mt(const char *p)
{
    return p[0] != '0' && WEIGHTED(p, 3, 4, 6, 7, 8, 9, 10, 1) % 37 == 0;
}

/* The whole number, its letters as 10 to 35, by 97: sole traders since 2020. */
static bool nl_by_97(const char *p)
{
    int rest = 0;
    static const char country[] = "NL";
    for (const char *at_letters = country; *at_letters; at_letters++)
        rest = (rest * 100 + *at_letters - 'A' + 10) % 97;
    for (; *p; p++)
        rest = is_digit(*p) ? (rest * 10 + digit(*p)) % 97 : (rest * 100 + *p - 'A' + 10) % 97;
    return rest == 1;
}

static bool nl(const char *p)
{
    for (int i = 0; i < 9; i++) {
        if (!is_digit(p[i]))
            return nl_by_97(p);
    }
    int sum = WEIGHTED(p, 9, 8, 7, 6, 5, 4, 3, 2) - digit(p[8]);
    return (number_of(p, 9) > 0 && number_of(p + 10, 2) > 0 && sum % 11 == 0) || nl_by_97(p);
}

static bool pl(const char *p)
{
    return WEIGHTED(p, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == digit(p[9]);
}

static bool pt(const char *p)
{
    return p[0] != '0' && (11 - WEIGHTED(p, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11 % 10 == digit(p[8]);
}

static bool ro(const char *p)
{
    static const int weights[] = {7, 5, 3, 2, 1, 7, 5, 3, 2};
    int n = (int)strlen(p);
    int sum = weighted(p, weights + 10 - n, n - 1);
    return p[0] != '0' && sum * 10 % 11 % 10 == digit(p[n - 1]);
}

static bool se(const char *p)
{
    return luhn(p, 10) && strcmp(p + 10, "00") != 0 && number_of(p + 10, 2) <= 94;
}

static bool si(const char *p)
{
    int check = 11 - WEIGHTED(p, 8, 7, 6, 5, 4, 3, 2) % 11;
    return p[0] != '0' && check != 11 && check % 10 == digit(p[7]);
}

static bool sk(const char *p)
{
    return birth_number(p);
}

/* Also of Northern Ireland. Numbers of the ranges that began in 2009 are 55 more or less. */
static bool gb(const char *p)
{
    if (p[0] == 'G')
        return number_of(p + 2, 3) < 500;
    if (p[0] == 'H')
        return number_of(p + 2, 3) >= 500;
    int sum = WEIGHTED(p, 8, 7, 6, 5, 4, 3, 2, 10, 1);
    int rest = sum % 97;
    return rest == 0 || (number_of(p, 3) >= 100 && (rest == 42 || rest == 55));
}

static bool ch(const char *p)
{
    return (11 - WEIGHTED(p + 1, 5, 4, 3, 2, 7, 6, 5, 4) % 11) % 11 == digit(p[9]);
}

static bool no(const char *p)
{
    return (11 - WEIGHTED(p, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11 == digit(p[8]);
}

bool digits_right(const char *number)
{
    static const struct {
        const char *country;
        bool (*right)(const char *number);
    } ways[] = {
        {"AT", at}, {"BE", be}, {"BG", bg}, {"CH", ch}, {"CY", cy}, {"CZ", cz}, {"DE", de},
        {"DK", dk}, {"EE", ee}, {"EL", el}, {"ES", es}, {"FI", fi}, {"FR", fr}, {"GB", gb},
        {"HR", hr}, {"HU", hu}, {"IE", ie}, {"IT", it}, {"LT", lt}, {"LU", lu}, {"LV", lv},
        {"MT", mt}, {"NL", nl}, {"NO", no}, {"PL", pl}, {"PT", pt}, {"RO", ro}, {"SE", se},
        {"SI", si}, {"SK", sk}, {"XI", gb},
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (strncmp(ways[i].country, number, 2) == 0)
            return ways[i].right(number + 2);
    }
    return false;
}
