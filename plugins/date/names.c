/* SPDX-License-Identifier: MIT
 * The names, and finding one in a text whatever its case. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"

struct names {
    const char *language;
    const char *months[12], *brief_months[12];
    const char *days[7], *brief_days[7];
};

static const struct names all[] = {
    {"en",
     {"January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December"},
     {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
     {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
     {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}},
    {"nl",
     {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
      "oktober", "november", "december"},
     {"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"},
     {"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"},
     {"ma", "di", "wo", "do", "vr", "za", "zo"}},
    {"de",
     {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
      "Oktober", "November", "Dezember"},
     {"Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"},
     {"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"},
     {"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"}}};

static const struct names *of(const char *language)
{
    for (size_t i = 1; language && i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i].language, language) == 0)
            return &all[i];
    }
    return &all[0];
}

const char *names_month(const char *language, int number, bool brief)
{
    const struct names *n = of(language);
    return brief ? n->brief_months[number - 1] : n->months[number - 1];
}

const char *names_weekday(const char *language, int number, bool brief)
{
    const struct names *n = of(language);
    return brief ? n->brief_days[number - 1] : n->days[number - 1];
}

/* The bytes of the word that text begins with: letters of ASCII, and all beyond it but blanks. */
static size_t word(const char *text)
{
    size_t n = 0;
    while ((text[n] >= 'a' && text[n] <= 'z') || (text[n] >= 'A' && text[n] <= 'Z') ||
           ((unsigned char)text[n] >= 0x80 && !fold_blank(text + n)))
        n++;
    return n;
}

/* Is the key that name, its brief form, or three letters of it or more? */
static bool fits(const char *key, const char *name, const char *brief)
{
    char *whole = fold_key(name);
    bool begins = whole && strlen(key) >= 3 && strncmp(whole, key, strlen(key)) == 0;
    free(whole);
    return begins || fold_same(key, brief);
}

static int read(const char *const *names, const char *const *brief, int count, const char *text,
                size_t *bytes)
{
    int found = 0;
    size_t n = word(text);
    char *piece = strndup(text, n), *key = piece ? fold_key(piece) : NULL;
    for (int i = 0; key && n > 0 && i < count && !found; i++)
        found = fits(key, names[i], brief[i]) ? i + 1 : 0;
    free(key);
    free(piece);
    *bytes = n;
    return found;
}

int names_read_month(const char *language, const char *text, size_t *bytes)
{
    const struct names *n = of(language);
    return read(n->months, n->brief_months, 12, text, bytes);
}

int names_read_weekday(const char *language, const char *text, size_t *bytes)
{
    const struct names *n = of(language);
    return read(n->days, n->brief_days, 7, text, bytes);
}
