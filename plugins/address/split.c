/* SPDX-License-Identifier: MIT
 * Splits address lines. A number is the house number where all that follows it may stand behind
 * one; the first such number is taken, as suffixes hold numbers too. */
#include "split.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fold.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- characters and words ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Every byte of a character beyond ASCII counts as a letter: none of them separates. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static size_t digits(const char *p)
{
    return strspn(p, "0123456789");
}

static size_t letters(const char *p)
{
    size_t n = 0;
    while (is_letter(p[n]))
        n++;
    return n;
}

static bool is_one_of(const char *word, size_t n, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(list[i]) == n && strncasecmp(list[i], word, n) == 0)
            return true;
    }
    return false;
}

/* Words that stand before a number and say no more than that it is one. */
static bool is_label(const char *word, size_t n)
{
    static const char *const list[] = {"nr", "no", "n°", "nº", "num", "numero", "numéro", "nummer",
                                       "huisnr", "huisnummer", "hausnr", "hausnummer", "hnr", "№"};
    if (n > 1 && word[n - 1] == '.')
        n--;
    return is_one_of(word, n, list, COUNT(list));
}

static bool is_box_word(const char *word, size_t n)
{
    static const char *const list[] = {"bus", "bte", "boite", "boîte", "box"};
    return is_one_of(word, n, list, COUNT(list));
}

/* Words of more than two letters that a suffix may hold. */
static bool is_suffix_word(const char *word, size_t n)
{
    static const char *const list[] = {
        "bis", "ter", "quater", "huis", "hoog", "boven", "beneden", "beg", "achter", "voor",
        "rood", "zwart", "wit", "links", "rechts", "naast", "tegenover", "toevoeging", "kamer",
        "unit", "etage", "étage", "etg", "verdieping", "verd", "verdiep", "vloer", "begane",
        "grond", "appartement", "app", "appt", "apt", "flat", "suite", "ste", "floor", "loft",
        "haus", "hinterhaus", "vorderhaus", "seitenflügel", "hof", "whg", "wohnung", "stock",
        "stiege", "stg", "top", "tür", "tuer", "und", "rez", "chaussée", "entresol", "batiment",
        "bâtiment", "bat", "bât", "porte", "esc", "escalier", "interno", "int", "scala", "piano",
        "blok", "block", "toren", "tower", "zaal", "hal", "loods", "box", "garage", "winkel",
        "kantoor", "iii", "vii", "viii", "xii", "xiii"};
    return is_box_word(word, n) || is_one_of(word, n, list, COUNT(list));
}

static bool is_month(const char *word, size_t n)
{
    static const char *const list[] = {
        "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
        "oktober", "november", "december", "januar", "februar", "märz", "mai", "august",
        "dezember", "janvier", "février", "mars", "avril", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre", "may", "june", "july", "october"};
    for (size_t i = 0; i < COUNT(list); i++) {
        size_t m = strlen(list[i]);
        if (n >= m && strncasecmp(list[i], word, m) == 0) /* "Novemberlaan" */
            return true;
    }
    return false;
}

/* ---- what may follow a number ---- */

static bool may_follow(const char *p)
{
    while (*p) {
        size_t n;
        if (is_digit(*p)) {
            n = digits(p);
            if (n > 4)
                return false;
        } else if (is_letter(*p)) {
            n = letters(p);
            if (n > 2 && !is_suffix_word(p, n) && strspn(p, "IVX") != n)
                return false;
        } else if (strchr(" -/.,+&()'#:", *p)) {
            n = 1;
        } else {
            return false;
        }
        p += n;
    }
    return true;
}

/* ---- numbers that belong to names ---- */

static bool number_follows(const char *p)
{
    size_t n = strspn(p, " ,");
    return n > 0 && is_digit(p[n]);
}

/* "1944" of "Plein 1944 12", "40-45" and "'40-'45" likewise: a year, and a number behind it. */
static bool is_year_of_name(const char *number)
{
    size_t n = digits(number);
    const char *end = number + n;
    if (n == 2 && *end == '-') { /* a span of years */
        end += 1 + (end[1] == '\'');
        n = digits(end);
        end += n;
        return n == 2 && number_follows(end);
    }
    if (n != 4 || (number[0] != '1' && number[0] != '2'))
        return false;
    if (*end == '-' && digits(end + 1) == 4)
        end += 5;
    return number_follows(end);
}

/* "Plein 1944", and nothing behind it. */
static bool is_year_alone(const char *line, const char *number)
{
    static const char *const squares[] = {"plein", "platz", "place", "square", "piazza", "plaza"};
    size_t n = letters(line);
    return digits(number) == 4 && !number[4] && (number[0] == '1' || number[0] == '2') &&
           line + n + 1 == number && is_one_of(line, n, squares, COUNT(squares));
}

/* The squares of Mannheim: "C 5, 13" is number 13 of the block C 5. */
static bool is_block(const char *line, const char *number)
{
    size_t n = digits(number);
    return letters(line) == 1 && number - line <= 2 && n <= 2 &&
           strncmp(number + n, ", ", 2) == 0 && is_digit(number[n + 2]);
}

static bool belongs_to_name(const char *line, const char *number)
{
    return is_year_of_name(number) || is_year_alone(line, number) || is_block(line, number);
}

/* ---- number last ---- */

/* Where the word that ends before `end` begins. */
static const char *word_before(const char *line, const char *end)
{
    while (end > line && end[-1] != ' ' && end[-1] != ',')
        end--;
    return end;
}

static const char *without_separators(const char *line, const char *end)
{
    while (end > line && (end[-1] == ' ' || end[-1] == ',' || end[-1] == ';'))
        end--;
    return end;
}

/* Where the street ends whose number this is. *labelled: a word says that it is one. */
static const char *street_end(const char *line, const char *number, bool *labelled)
{
    const char *end = without_separators(line, number), *word = word_before(line, end);
    *labelled = word < end && is_label(word, (size_t)(end - word));
    if (!*labelled)
        return end;
    const char *before = without_separators(line, word), *unit = word_before(line, before);
    if (is_suffix_word(unit, (size_t)(before - unit))) { /* "12 bus nr 3" */
        *labelled = false;
        return end;
    }
    return before;
}

static bool is_street(const char *line, const char *end)
{
    const char *p = line;
    while (p < end && !is_letter(*p))
        p++;
    /* a box is no street: "Bus 4" */
    return p < end && !is_box_word(line, (size_t)(end - line));
}

enum pass { LABELLED, APART, GLUED, PASSES };

/* Does a number that stands at p begin one in this pass? "Hauptstr.5" and "Dorpsstraat12" only
 * where no other does. */
static bool begins(const char *line, const char *p, enum pass pass)
{
    if (p == line || !is_digit(*p))
        return false;
    if (pass != GLUED)
        return p[-1] == ' ' || p[-1] == ',';
    const char *end = p[-1] == '.' ? p - 1 : p, *word = end;
    while (word > line && is_letter(word[-1]))
        word--;
    return end - word >= 4 || (end - word >= 3 && strncasecmp(end - 3, "str", 3) == 0);
}

static bool last_number(const char *line, enum pass pass, struct split *out)
{
    for (const char *p = line; *p; p++) {
        bool labelled;
        if (!begins(line, p, pass) || digits(p) > 5)
            continue;
        const char *end = street_end(line, p, &labelled);
        if ((pass == LABELLED) != labelled || !is_street(line, end) ||
            (!labelled && belongs_to_name(line, p)) || !may_follow(p + digits(p)))
            continue;
        out->street = (struct split_part){line, (size_t)(end - line)};
        out->between = (struct split_part){end, (size_t)(p - end)};
        out->number = (struct split_part){p, digits(p)};
        out->suffix = (struct split_part){p + digits(p), strlen(p + digits(p))};
        return true;
    }
    return false;
}

/* ---- number first ---- */

/* What belongs to a number that comes first: "bis", "B", "-14". */
static size_t first_suffix(const char *p)
{
    static const char *const words[] = {"bis", "ter", "quater"};
    const char *start = p;
    if ((*p == '-' || *p == '/') && is_digit(p[1]))
        p += 1 + digits(p + 1);
    const char *word = p + (*p == ' ');
    size_t n = letters(word);
    bool ends = word[n] == ' ' || word[n] == ',';
    if (ends && (is_one_of(word, n, words, COUNT(words)) || (n == 1 && word == p)))
        p = word + n;
    return (size_t)(p - start);
}

/* "2nd", "5th", "8e", "1er": a name, no number. */
static bool is_ordinal(const char *p)
{
    static const char *const endings[] = {"st", "nd", "rd", "th", "e", "er", "ère", "ème", "eme"};
    p += digits(p);
    return is_one_of(p, letters(p), endings, COUNT(endings));
}

static bool first_number(const char *line, struct split *out)
{
    size_t n = digits(line), m;
    if (n == 0 || n > 5 || is_ordinal(line))
        return false;
    m = first_suffix(line + n);
    const char *between = line + n + m, *street = between + strspn(between, " ,");
    if (street == between || !(is_letter(*street) || is_ordinal(street)) ||
        is_month(street, letters(street)))
        return false;
    out->number_first = true;
    out->number = (struct split_part){line, n};
    out->suffix = (struct split_part){line + n, m};
    out->between = (struct split_part){between, (size_t)(street - between)};
    out->street = (struct split_part){street, strlen(street)};
    return true;
}

/* ---- lines ---- */

char *split_blanks(const char *text)
{
    char *out = malloc(strlen(text) + 1), *end = out;
    bool pending = false;
    if (!out)
        return NULL;
    while (*text) {
        size_t n = fold_blank(text);
        if (n) {
            pending = end > out;
            text += n;
            continue;
        }
        if (pending)
            *end++ = ' ';
        pending = false;
        *end++ = *text++;
    }
    *end = '\0';
    return out;
}

void split_line(const char *line, const char *country, struct split *out)
{
    static const char *const first[] = {"FR", "LU", "MC", "GB", "XI", "IE", "US", "CA", "AU", "NZ",
                                        "MT"};
    static const char *const either[] = {"BE", "CH"};
    bool numbers_first = country && is_one_of(country, 2, first, COUNT(first));
    *out = (struct split){0};
    if (numbers_first && first_number(line, out))
        return;
    for (enum pass pass = LABELLED; pass < PASSES; pass++) {
        if (last_number(line, pass, out))
            return;
    }
    if (country && is_one_of(country, 2, either, COUNT(either)) && first_number(line, out))
        return;
    *out = (struct split){.street = {line, strlen(line)}};
}

struct split_part split_box(const struct split *s)
{
    const char *p = s->suffix.at, *end = p + s->suffix.n;
    while (s->suffix.n && p < end) {
        size_t n = letters(p);
        if (n && is_box_word(p, n)) {
            p += n;
            p += strspn(p, " .:");
            return (struct split_part){p, (size_t)(end - p)};
        }
        p += n ? n : 1;
    }
    return (struct split_part){0};
}

const char *split_gap(const char *suffix)
{
    return is_digit(*suffix) ? " " : "";
}
