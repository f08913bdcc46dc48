/* SPDX-License-Identifier: MIT
 * Formats of numbers, by what separates thousands and what the fraction. */
#include "written.h"

#include <stdio.h>
#include <string.h>

#include "base/cut.h"
#include "base/fold.h"

/* A space stands for all that are as good as one, an apostrophe for both. */
struct format {
    const char *name;
    char group; /* between thousands; '\0': nothing */
    char point;
    const char *written; /* group as it is written */
};

/* The first has no name: whatever the number shows itself. */
static const struct format formats[] = {
    {"any", '\0', '.', ""},    {"plain", '\0', '.', ""}, {"comma", '\0', ',', ""},
    {"nl", '.', ',', "."},     {"de", '.', ',', "."},    {"en", ',', '.', ","},
    {"ch", '\'', '.', "\u2019"}, {"fr", ' ', ',', "\u202f"}};

static const struct format *find(const char *name)
{
    size_t i = sizeof formats / sizeof formats[0] - 1;
    while (i > 0 && strcmp(formats[i].name, name) != 0)
        i--;
    return &formats[i];
}

/* ---- reading ---- */

/* The sign of ASCII that a character counts as, and its bytes; '\0': it is no part of a number. */
static char sign_of(const char *text, size_t *bytes)
{
    static const struct {
        const char *text;
        char sign;
    } others[] = {{"\u2019", '\''}, {"\u00a0", ' '}, {"\u202f", ' '}, {"\u2009", ' '},
                  {"\u2212", '-'}};
    *bytes = 1;
    if (*text && strchr("0123456789.,' +-", *text))
        return *text;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        *bytes = strlen(others[i].text);
        if (strncmp(text, others[i].text, *bytes) == 0)
            return others[i].sign;
    }
    return '\0';
}

/* The number in signs of ASCII, without blanks around it. */
static int to_signs(const char *text, char out[WRITTEN_BYTES], char why[WRITTEN_WHY_BYTES])
{
    size_t n, bytes, length = 0;
    const char *at = fold_trim(text, &n), *end = at + n;
    for (; at < end; at += bytes) {
        char sign = sign_of(at, &bytes);
        if (!sign) {
            snprintf(why, WRITTEN_WHY_BYTES, "\"%.*s\" is no part of a number",
                     (int)cut_characters(at, 1), at);
            return -1;
        }
        if (length == WRITTEN_BYTES - 1) {
            snprintf(why, WRITTEN_WHY_BYTES, "it is too long");
            return -1;
        }
        out[length++] = sign;
    }
    out[length] = '\0';
    return 0;
}

/* Takes a minus or plus off, in front or a minus behind. true: it is negative. */
static bool take_sign(char **text)
{
    size_t n = strlen(*text);
    bool front = **text == '-' || **text == '+', negative = **text == '-';
    if (front) {
        ++*text;
        *text += strspn(*text, " ");
    } else if (n > 1 && (*text)[n - 1] == '-') {
        for (n--; n > 0 && (*text)[n - 1] == ' ';)
            n--;
        (*text)[n] = '\0';
        negative = true;
    }
    return negative;
}

static int count(const char *text, char sign)
{
    int n = 0;
    for (; *text; text++)
        n += *text == sign;
    return n;
}

/* The format of a number that says by itself which it is. */
static int guess(const char *text, struct format *out, char why[WRITTEN_WHY_BYTES])
{
    int points = count(text, '.'), commas = count(text, ',');
    bool spaces = strchr(text, ' ') != NULL, ticks = strchr(text, '\'') != NULL;
    char last = points && (!commas || strrchr(text, '.') > strrchr(text, ',')) ? '.' : ',';
    *out = formats[0];
    out->point = last;
    if (spaces || ticks) {
        out->group = spaces ? ' ' : '\'';
    } else if (points && commas) {
        out->group = last == '.' ? ',' : '.';
    } else if (points + commas > 1) {
        out->group = last;
        out->point = last == '.' ? ',' : '.';
    } else if (points + commas == 1) {
        const char *at = strchr(text, last);
        bool thousands = *text != '0' && at > text && at - text <= 3 && strlen(at) == 4;
        if (thousands)
            snprintf(why, WRITTEN_WHY_BYTES, "it may be thousands or a fraction: name the format");
        return thousands ? -1 : 0;
    }
    return 0;
}

static bool is_digits(const char *text, size_t bytes)
{
    return bytes > 0 && strspn(text, "0123456789") >= bytes;
}

/* The digits of the whole part behind out; -1: the groups are not those of thousands. */
static int take_whole(const char *text, size_t bytes, char group, char **out)
{
    const char *end = text + bytes;
    if (group == '\0' || !memchr(text, group, bytes)) {
        if (!is_digits(text, bytes))
            return -1;
        *out = mempcpy(*out, text, bytes);
        return 0;
    }
    for (bool first = true; text <= end; first = false) {
        const char *next = memchr(text, group, (size_t)(end - text));
        size_t n = (size_t)((next ? next : end) - text);
        if (!is_digits(text, n) || n > 3 || (!first && n < 3))
            return -1;
        *out = mempcpy(*out, text, n);
        text += n + 1;
    }
    return 0;
}

int written_parse(const char *text, const char *format, char out[WRITTEN_BYTES],
                  char why[WRITTEN_WHY_BYTES])
{
    char signs[WRITTEN_BYTES], *at = signs;
    if (to_signs(text, signs, why) < 0)
        return -1;
    bool negative = take_sign(&at);
    struct format f = *find(format);
    if (strcmp(f.name, "any") == 0 && guess(at, &f, why) < 0)
        return -1;
    const char *point = strchr(at, f.point);
    size_t whole = point ? (size_t)(point - at) : strlen(at);
    if (negative)
        *out++ = '-';
    bool sound = strlen(at) < WRITTEN_BYTES - 2 && take_whole(at, whole, f.group, &out) == 0;
    if (sound && point) {
        size_t fraction = strlen(point + 1);
        sound = is_digits(point + 1, fraction);
        *out++ = '.';
        out = mempcpy(out, point + 1, fraction);
    }
    *out = '\0';
    if (!sound)
        snprintf(why, WRITTEN_WHY_BYTES, "it is not written as %s",
                 strcmp(format, "any") == 0 ? "numbers are" : format);
    return sound ? 0 : -1;
}

/* ---- writing ---- */

void written_format(const char *digits, const char *format, bool grouped, char out[WRITTEN_BYTES])
{
    const struct format *f = find(format);
    if (*digits == '-')
        *out++ = *digits++;
    for (size_t left = strcspn(digits, "."); left > 0; left--) {
        *out++ = *digits++;
        if (grouped && left > 1 && left % 3 == 1)
            out = stpcpy(out, f->written);
    }
    if (*digits == '.') {
        *out++ = f->point;
        digits++;
    }
    memcpy(out, digits, strlen(digits) + 1);
}
