/* SPDX-License-Identifier: MIT
 * Text functions for mappings. Nothing in, nothing out, but for those that choose by what there is.
 * Whole numbers and booleans are taken as the text that they are written as. */
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "koppel/sdk.h"
#include "letters.h"
#include "part.h"
#include "regex.h"
#include "text_catalogue.h"

static int replace(const struct koppel_call *c, json_t **out)
{
    const char *from = koppel_call_arg(c, 0), *to = koppel_call_arg(c, 1), *p = c->text, *hit;
    size_t from_bytes = strlen(from), to_bytes = strlen(to), hits = 0;
    char *made, *end;

    for (hit = strstr(p, from); hit; hit = strstr(hit + from_bytes, from))
        hits++;
    made = end = malloc(strlen(p) + hits * to_bytes + 1);
    if (!made)
        return koppel_call_give(c, NULL, out);
    for (; (hit = strstr(p, from)); p = hit + from_bytes) {
        end = mempcpy(end, p, (size_t)(hit - p));
        end = mempcpy(end, to, to_bytes);
    }
    memcpy(end, p, strlen(p) + 1);
    return letters_give(c, made, out);
}

static int prefix(const struct koppel_call *c, json_t **out)
{
    return koppel_call_give(c, json_sprintf("%s%s", koppel_call_arg(c, 0), c->text), out);
}

static int append(const struct koppel_call *c, json_t **out)
{
    return koppel_call_give(c, json_sprintf("%s%s", c->text, koppel_call_arg(c, 0)), out);
}

static int no_text(const struct koppel_call *c)
{
    return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
}

/* One text is a list of one. */
static int join(const struct koppel_call *c, json_t **out)
{
    const char *between = koppel_call_arg(c, 0);
    char *made = NULL, word[KOPPEL_WORD_TEXT];
    size_t i, bytes = 0;
    json_t *element;
    if (c->text)
        return koppel_call_give(c, json_string(c->text), out);
    FILE *file = open_memstream(&made, &bytes);
    bool sound = true, any = false;
    json_array_foreach(c->value, i, element) {
        const char *text = koppel_value_text(element, word);
        sound = sound && (text || json_is_null(element));
        if (!file || !text || !*text)
            continue;
        fprintf(file, "%s%s", any ? between : "", text);
        any = true;
    }
    bool whole = file && fclose(file) == 0;
    if (whole && sound)
        return letters_give(c, made, out);
    free(made);
    return sound ? koppel_call_give(c, NULL, out) : no_text(c);
}

/* What a function takes besides text. */
enum takes { TEXT, LIST, ANYTHING };

/* In the order of the catalogue. */
static const struct {
    int (*apply)(const struct koppel_call *c, json_t **out);
    enum takes takes;
    int (*prepare)(const struct koppel_call *c, struct pattern **out); /* NULL: nothing to do */
} functions[] = {
    {letters_trim, TEXT, NULL},
    {letters_collapse, TEXT, NULL},
    {letters_lower, TEXT, NULL},
    {letters_upper, TEXT, NULL},
    {letters_title, TEXT, NULL},
    {letters_capitalize, TEXT, NULL},
    {letters_casefold, TEXT, NULL},
    {letters_ascii, TEXT, NULL},
    {letters_slug, TEXT, NULL},
    {letters_digits, TEXT, NULL},
    {part_length, TEXT, NULL},
    {part_truncate, TEXT, NULL},
    {part_last, TEXT, NULL},
    {part_slice, TEXT, NULL},
    {part_shorten, TEXT, NULL},
    {part_first_words, TEXT, NULL},
    {part_last_words, TEXT, NULL},
    {part_pad_left, TEXT, NULL},
    {part_pad_right, TEXT, NULL},
    {part_split, TEXT, NULL},
    {part_split_list, TEXT, NULL},
    {join, LIST, NULL},
    {prefix, TEXT, NULL},
    {append, TEXT, NULL},
    {replace, TEXT, NULL},
    {regex_match, ANYTHING, regex_prepare},
    {regex_group, TEXT, regex_prepare_group},
    {regex_replace, TEXT, regex_prepare_replace},
    {choose_default, ANYTHING, NULL},
    {choose_if_blank_null, TEXT, NULL},
    {choose_has_value, ANYTHING, NULL},
    {choose_equals, ANYTHING, NULL},
    {choose_contains, ANYTHING, NULL},
    {choose_starts_with, ANYTHING, NULL},
    {choose_ends_with, ANYTHING, NULL},
};

#define FUNCTIONS (sizeof functions / sizeof functions[0])

static int apply(const struct koppel_call *c, json_t **out)
{
    char word[KOPPEL_WORD_TEXT];
    struct koppel_call call = *c;
    call.text = koppel_value_text(c->value, word);
    if (functions[c->function].takes != ANYTHING) {
        if (!c->value)
            return koppel_call_give(c, json_null(), out);
        if (!call.text && !(functions[c->function].takes == LIST && json_is_array(c->value)))
            return no_text(c);
    }
    return functions[c->function].apply(&call, out);
}

static int prepare(const struct koppel_call *c, void **out)
{
    struct pattern *pattern = NULL;
    int rc = functions[c->function].prepare ? functions[c->function].prepare(c, &pattern) : 0;
    *out = pattern;
    return rc;
}

static void release(void *prepared)
{
    pattern_free(prepared);
}

KOPPEL_REGISTER_PREPARED("text", "0.1.0", catalogue_text, FUNCTIONS, apply, prepare, release);
