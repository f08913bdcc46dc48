/* SPDX-License-Identifier: MIT
 * Case, accents, blanks, and what of a text is kept. */
#include "letters.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/cut.h"
#include "base/fold.h"

int letters_give(const struct koppel_call *c, char *made, json_t **out)
{
    json_t *json = made ? json_string(made) : NULL;
    free(made);
    return koppel_call_give(c, json, out);
}

int letters_trim(const struct koppel_call *c, json_t **out)
{
    size_t n;
    const char *start = fold_trim(c->text, &n);
    return koppel_call_give(c, json_stringn(start, n), out);
}

int letters_collapse(const struct koppel_call *c, json_t **out)
{
    size_t n, blank;
    const char *from = fold_trim(c->text, &n), *end = from + n;
    char *made = malloc(n + 1), *to = made;
    while (made && from < end) {
        bool any = false;
        for (; from < end && (blank = fold_blank(from)) > 0; from += blank)
            any = true;
        if (any)
            *to++ = ' ';
        else
            *to++ = *from++;
    }
    if (made)
        *to = '\0';
    return letters_give(c, made, out);
}

int letters_lower(const struct koppel_call *c, json_t **out)
{
    return letters_give(c, fold_lower(c->text, strlen(c->text)), out);
}

int letters_upper(const struct koppel_call *c, json_t **out)
{
    return letters_give(c, fold_upper(c->text, strlen(c->text)), out);
}

int letters_title(const struct koppel_call *c, json_t **out)
{
    return letters_give(c, fold_title(c->text), out);
}

int letters_capitalize(const struct koppel_call *c, json_t **out)
{
    size_t n = cut_characters(c->text, 1);
    char *first = fold_upper(c->text, n);
    json_t *made = first ? json_sprintf("%s%s", first, c->text + n) : NULL;
    free(first);
    return koppel_call_give(c, made, out);
}

int letters_casefold(const struct koppel_call *c, json_t **out)
{
    return letters_give(c, fold_key(c->text), out);
}

int letters_ascii(const struct koppel_call *c, json_t **out)
{
    return letters_give(c, fold_ascii(c->text, koppel_call_arg(c, 0)), out);
}

static bool is_plain(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
}

/* What is left of a text that has no letter of this kind is nothing, as an address needs one. */
int letters_slug(const struct koppel_call *c, json_t **out)
{
    char *ascii = fold_ascii(c->text, " "), *text = NULL;
    if (ascii)
        text = fold_lower(ascii, strlen(ascii));
    free(ascii);
    char *to = text;
    bool between = false;
    for (const char *from = text; from && *from; from++) {
        if (is_plain(*from)) {
            if (between && to > text)
                *to++ = '-';
            between = false;
            *to++ = *from;
        } else {
            between = between || *from != '\'';
        }
    }
    if (text)
        *to = '\0';
    if (!text || *text)
        return letters_give(c, text, out);
    free(text);
    return koppel_call_give(c, json_null(), out);
}

int letters_digits(const struct koppel_call *c, json_t **out)
{
    char *made = malloc(strlen(c->text) + 1), *end = made;
    for (const char *p = c->text; made && *p; p++) {
        if (*p >= '0' && *p <= '9')
            *end++ = *p;
    }
    if (made)
        *end = '\0';
    return letters_give(c, made, out);
}
