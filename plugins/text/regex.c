/* SPDX-License-Identifier: MIT
 * What a pattern finds in a text, and what takes its place. */
#include "regex.h"

#include <stdbool.h>
#include <stdlib.h>

#include "letters.h"

#define GROUPS_MAX 99           /* "$12" names a group by at most two digits */
#define RESULT_LIMIT (1 << 20)  /* bytes of a text that replacing makes */

/* ---- preparing ---- */

int regex_prepare(const struct koppel_call *c, struct pattern **out)
{
    char why[PATTERN_WHY_BYTES];
    *out = pattern_parse(koppel_call_arg(c, 0), why);
    return *out ? 0 : c->host->fail(c->err, KOPPEL_E_CONFIG, "%s", why);
}

static int no_group(const struct koppel_call *c, struct pattern **p, int number)
{
    c->host->fail(c->err, KOPPEL_E_CONFIG, "pattern \"%s\" has %d groups, no number %d",
                  pattern_text(*p), pattern_groups(*p), number);
    pattern_free(*p);
    *p = NULL;
    return -1;
}

int regex_prepare_group(const struct koppel_call *c, struct pattern **out)
{
    int number = (int)koppel_call_int(c, 1);
    if (regex_prepare(c, out) < 0)
        return -1;
    return number <= pattern_groups(*out) ? 0 : no_group(c, out, number);
}

/* A piece of what takes a match's place: bytes of text, or a group. */
struct piece {
    const char *text;
    size_t bytes;
    int group; /* -1: text */
};

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

/* Takes the next piece of a text with "$1", "${12}" and "$$" off *at. false: it is at its end. Any
 * other "$" is itself. */
static bool next_piece(const char **at, struct piece *out)
{
    const char *p = *at;
    *out = (struct piece){p, 0, -1};
    if (!*p)
        return false;
    bool brace = p[0] == '$' && p[1] == '{' && is_digit(p[2]);
    if (p[0] == '$' && (brace || is_digit(p[1]))) {
        p += brace ? 2 : 1;
        out->group = *p++ - '0';
        if (is_digit(*p))
            out->group = out->group * 10 + (*p++ - '0');
        *at = brace && *p == '}' ? p + 1 : p;
        return true;
    }
    if (p[0] == '$' && p[1] == '$') {
        out->text = p + 1;
        out->bytes = 1;
        *at = p + 2;
        return true;
    }
    out->bytes = 1 + strcspn(p + 1, "$");
    *at = p + out->bytes;
    return true;
}

int regex_prepare_replace(const struct koppel_call *c, struct pattern **out)
{
    const char *at = koppel_call_arg(c, 1);
    struct piece piece;
    if (regex_prepare(c, out) < 0)
        return -1;
    while (next_piece(&at, &piece)) {
        if (piece.group > pattern_groups(*out))
            return no_group(c, out, piece.group);
    }
    return 0;
}

/* ---- applying ---- */

static int undecided(const struct koppel_call *c, const char *why)
{
    return c->host->fail(c->err, KOPPEL_E_REJECTED, "%s", why);
}

int regex_match(const struct koppel_call *c, json_t **out)
{
    char why[PATTERN_WHY_BYTES];
    int rc = c->text ? pattern_finds(c->prepared, c->text, why) : 0;
    if (rc < 0)
        return undecided(c, why);
    if (rc > 0 || koppel_call_arg(c, 2))
        return koppel_call_give(c, json_string(koppel_call_arg(c, rc > 0 ? 1 : 2)), out);
    return koppel_call_give(c, c->value ? json_incref(c->value) : json_null(), out);
}

int regex_group(const struct koppel_call *c, json_t **out)
{
    struct pattern_span spans[GROUPS_MAX + 1];
    char why[PATTERN_WHY_BYTES];
    int number = (int)koppel_call_int(c, 1);
    int rc = pattern_match(c->prepared, c->text, 0, spans, number + 1, why);
    if (rc < 0)
        return undecided(c, why);
    if (rc == 0 || spans[number].start == PATTERN_NOWHERE)
        return koppel_call_give(c, json_null(), out);
    return koppel_call_give(c, json_stringn(c->text + spans[number].start,
                                            spans[number].end - spans[number].start), out);
}

/* A text that grows. */
struct made {
    FILE *file;
    char *text;
    size_t bytes;  /* of the file's own */
    size_t length; /* of what was added */
    bool full;
};

static void add(struct made *m, const char *text, size_t bytes)
{
    m->full = m->full || m->length + bytes > RESULT_LIMIT;
    if (m->full)
        return;
    fwrite(text, 1, bytes, m->file);
    m->length += bytes;
}

static void add_replacement(struct made *m, const struct koppel_call *c,
                            const struct pattern_span *spans)
{
    const char *at = koppel_call_arg(c, 1);
    struct piece piece;
    while (next_piece(&at, &piece)) {
        if (piece.group < 0)
            add(m, piece.text, piece.bytes);
        else if (spans[piece.group].start != PATTERN_NOWHERE)
            add(m, c->text + spans[piece.group].start,
                spans[piece.group].end - spans[piece.group].start);
    }
}

/* The bytes of the character at text; 0 at its end. */
static size_t one(const char *text)
{
    size_t n = *text ? 1 : 0;
    while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* Every match replaced. Behind one of nothing, a character passes as it is. */
static int replace_all(const struct koppel_call *c, struct made *m, char why[PATTERN_WHY_BYTES])
{
    struct pattern_span spans[GROUPS_MAX + 1];
    size_t at = 0, next, end = strlen(c->text);
    int rc = 0;
    while (at <= end && !m->full &&
           (rc = pattern_match(c->prepared, c->text, at, spans, GROUPS_MAX + 1, why)) > 0) {
        bool empty = spans[0].start == spans[0].end;
        add(m, c->text + at, spans[0].start - at);
        add_replacement(m, c, spans);
        next = spans[0].end + (empty ? one(c->text + spans[0].end) : 0);
        add(m, c->text + spans[0].end, next - spans[0].end);
        at = next == spans[0].end && empty ? end + 1 : next;
    }
    if (rc >= 0 && at < end)
        add(m, c->text + at, end - at);
    return rc;
}

int regex_replace(const struct koppel_call *c, json_t **out)
{
    char why[PATTERN_WHY_BYTES];
    struct made m = {0};
    m.file = open_memstream(&m.text, &m.bytes);
    if (!m.file)
        return koppel_call_give(c, NULL, out);
    int rc = replace_all(c, &m, why);
    if (fclose(m.file) != 0) {
        free(m.text);
        return koppel_call_give(c, NULL, out);
    }
    if (rc >= 0 && !m.full)
        return letters_give(c, m.text, out);
    free(m.text);
    if (rc < 0)
        return undecided(c, why);
    return c->host->fail(c->err, KOPPEL_E_REJECTED, "the text becomes longer than %d bytes",
                         RESULT_LIMIT);
}
