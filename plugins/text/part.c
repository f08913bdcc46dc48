/* SPDX-License-Identifier: MIT
 * Parts of a text by characters, words and separators. */
#include "part.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/cut.h"
#include "base/fold.h"
#include "letters.h"

/* ---- characters ---- */

int part_truncate(const struct koppel_call *c, json_t **out)
{
    size_t count = (size_t)koppel_call_int(c, 0);
    return koppel_call_give(c, json_stringn(c->text, cut_characters(c->text, count)), out);
}

/* Where the last `count` characters begin. */
static const char *last_of(const char *text, size_t count)
{
    size_t all = cut_count(text);
    return text + cut_characters(text, all > count ? all - count : 0);
}

int part_last(const struct koppel_call *c, json_t **out)
{
    return koppel_call_give(c, json_string(last_of(c->text, (size_t)koppel_call_int(c, 0))), out);
}

int part_slice(const struct koppel_call *c, json_t **out)
{
    int64_t start = koppel_call_int(c, 0);
    const char *from = start < 0 ? last_of(c->text, (size_t)-start)
                                 : c->text + cut_characters(c->text, (size_t)start);
    size_t bytes = strlen(from);
    if (!json_is_null(json_array_get(c->args, 1)))
        bytes = cut_characters(from, (size_t)koppel_call_int(c, 1));
    return koppel_call_give(c, json_stringn(from, bytes), out);
}

/* The end of the last word that ends within bytes; bytes where there is none. */
static size_t word_end(const char *text, size_t bytes)
{
    size_t end = 0;
    bool word = false;
    for (size_t at = 0, blank; at <= bytes; at += blank ? blank : 1) {
        blank = fold_blank(text + at);
        bool ends = blank || !text[at];
        if (word && ends)
            end = at;
        word = !ends;
        if (!text[at])
            break;
    }
    return end ? end : bytes;
}

int part_shorten(const struct koppel_call *c, json_t **out)
{
    size_t most = (size_t)koppel_call_int(c, 0), bytes = cut_characters(c->text, most);
    const char *ending = koppel_call_arg(c, 1);
    if (!c->text[bytes])
        return koppel_call_give(c, json_string(c->text), out);
    size_t taken = cut_count(ending);
    if (taken >= most)
        return koppel_call_give(c, json_stringn(c->text, bytes), out);
    bytes = word_end(c->text, cut_characters(c->text, most - taken));
    return koppel_call_give(c, json_sprintf("%.*s%s", (int)bytes, c->text, ending), out);
}

/* Puts what is missing before or behind the text. The filling repeats, and is cut where the room
 * ends. */
static int pad(const struct koppel_call *c, bool left, json_t **out)
{
    size_t wanted = (size_t)koppel_call_int(c, 0), has = cut_count(c->text);
    const char *with = koppel_call_arg(c, 1);
    size_t each = cut_count(with), missing = wanted > has ? wanted - has : 0, bytes = strlen(with);
    char *filling = malloc(missing / each * bytes + bytes + 1), *to = filling;
    for (; filling && missing >= each; missing -= each)
        to = mempcpy(to, with, bytes);
    if (filling) {
        to = mempcpy(to, with, cut_characters(with, missing));
        *to = '\0';
    }
    json_t *made = filling ? json_sprintf("%s%s", left ? filling : c->text,
                                          left ? c->text : filling)
                           : NULL;
    free(filling);
    return koppel_call_give(c, made, out);
}

int part_pad_left(const struct koppel_call *c, json_t **out)
{
    return pad(c, true, out);
}

int part_pad_right(const struct koppel_call *c, json_t **out)
{
    return pad(c, false, out);
}

int part_length(const struct koppel_call *c, json_t **out)
{
    return koppel_call_give(c, json_integer((json_int_t)cut_count(c->text)), out);
}

/* ---- words ---- */

/* The bytes of the blanks that text begins with, then of the word behind them. */
static size_t next_word(const char *text, size_t *word)
{
    size_t n, blanks = 0;
    while ((n = fold_blank(text + blanks)) > 0)
        blanks += n;
    for (n = blanks; text[n] && !fold_blank(text + n);)
        n++;
    *word = n - blanks;
    return blanks;
}

static size_t count_words(const char *text)
{
    size_t count = 0, word;
    for (;; text += word) {
        text += next_word(text, &word);
        if (word == 0)
            return count;
        count++;
    }
}

/* The words from number `from` on, at most `count`, as they stand. */
static int words(const struct koppel_call *c, size_t from, size_t count, json_t **out)
{
    const char *at = c->text, *start = c->text, *end = c->text;
    size_t word;
    for (size_t i = 0; i < from + count; i++) {
        at += next_word(at, &word);
        if (word == 0)
            break;
        if (i == from)
            start = at;
        at += word;
        end = i >= from ? at : end;
    }
    return koppel_call_give(c, json_stringn(start, (size_t)(end - start)), out);
}

int part_first_words(const struct koppel_call *c, json_t **out)
{
    return words(c, 0, (size_t)koppel_call_int(c, 0), out);
}

int part_last_words(const struct koppel_call *c, json_t **out)
{
    size_t count = (size_t)koppel_call_int(c, 0), all = count_words(c->text);
    return words(c, all > count ? all - count : 0, count, out);
}

/* ---- separators ---- */

int part_split(const struct koppel_call *c, json_t **out)
{
    const char *separator = koppel_call_arg(c, 0), *p = c->text, *end;
    int64_t index = koppel_call_int(c, 1);
    size_t bytes = strlen(separator);

    if (index < 0) { /* of as many parts as there are */
        index++;
        for (end = p; (end = strstr(end, separator)); end += bytes)
            index++;
        if (index < 0)
            return koppel_call_give(c, json_null(), out);
    }
    for (; (end = strstr(p, separator)) && index > 0; index--)
        p = end + bytes;
    if (index > 0)
        return koppel_call_give(c, json_null(), out);
    return koppel_call_give(c, json_stringn(p, end ? (size_t)(end - p) : strlen(p)), out);
}

int part_split_list(const struct koppel_call *c, json_t **out)
{
    const char *separator = koppel_call_arg(c, 0), *p = c->text, *end;
    json_t *list = json_array();
    do {
        size_t n;
        end = strstr(p, separator);
        char *piece = strndup(p, end ? (size_t)(end - p) : strlen(p));
        const char *start = piece ? fold_trim(piece, &n) : NULL;
        bool fits = piece && (n == 0 || json_array_append_new(list, json_stringn(start, n)) == 0);
        free(piece);
        if (!fits) {
            json_decref(list);
            return koppel_call_give(c, NULL, out);
        }
        p = end ? end + strlen(separator) : p;
    } while (end);
    return koppel_call_give(c, list, out);
}
