/* SPDX-License-Identifier: MIT
 * The tokens of a configuration file, where each can be looked up by its place. */
#include "config/conf_edit_scan.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_token.h"

static int add(struct conf_edit_scan *s, enum conf_edit_scan_kind kind, size_t start, size_t end,
               struct koppel_error *err)
{
    if ((s->count & (s->count - 1)) == 0) { /* full: it doubles */
        size_t room = s->count ? (size_t)s->count * 2 : 1;
        struct conf_edit_scan_token *more = realloc(s->tokens, sizeof *more * room);
        if (!more)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        s->tokens = more;
    }
    s->tokens[s->count++] = (struct conf_edit_scan_token){kind, start, end};
    return 0;
}

/* Each line break is a token of its own. */
static int add_blanks(struct conf_edit_scan *s, const char *text, size_t start, size_t end,
                      struct koppel_error *err)
{
    int rc = 0;
    while (start < end && rc == 0) {
        bool feed = text[start] == '\n';
        size_t n = feed ? 1 : strcspn(text + start, "\n");
        n = n < end - start ? n : end - start;
        rc = add(s, feed ? SCAN_BREAK : SCAN_BLANK, start, start + n, err);
        start += n;
    }
    return rc;
}

static enum conf_edit_scan_kind kind_of(const struct conf_token *t)
{
    static const enum conf_edit_scan_kind kinds[] = {
        [TOKEN_END] = SCAN_END,        [TOKEN_BLANK] = SCAN_BLANK,   [TOKEN_COMMENT] = SCAN_COMMENT,
        [TOKEN_NAME] = SCAN_WORD,      [TOKEN_BOOLEAN] = SCAN_WORD,  [TOKEN_INTEGER] = SCAN_NUMBER,
        [TOKEN_FLOAT] = SCAN_NUMBER,   [TOKEN_STRING] = SCAN_TEXT,   [TOKEN_MARK] = SCAN_MARK,
        [TOKEN_INCLUDE] = SCAN_INCLUDE, [TOKEN_OTHER] = SCAN_BAD,
    };
    return t->open ? SCAN_BAD : kinds[t->kind];
}

int conf_edit_scan(struct conf_edit_scan *s, const char *text, struct koppel_error *err)
{
    struct conf_token_scan from = {text, 1, true};
    *s = (struct conf_edit_scan){0};
    for (;;) {
        struct conf_token t = conf_token_next(&from);
        size_t start = (size_t)(t.at - text), end = start + t.bytes, shown = end;
        /* A CR before the line break is the line's, not the comment's. */
        while (t.kind == TOKEN_COMMENT && text[end] == '\n' && text[shown - 1] == '\r')
            shown--;
        int rc = t.kind == TOKEN_BLANK ? add_blanks(s, text, start, end, err)
                                       : add(s, kind_of(&t), start, shown, err);
        if (rc == 0)
            rc = add_blanks(s, text, shown, end, err);
        if (rc != 0) {
            conf_edit_scan_done(s);
            return -1;
        }
        if (t.kind == TOKEN_END)
            return 0;
    }
}

void conf_edit_scan_done(struct conf_edit_scan *s)
{
    free(s->tokens);
    *s = (struct conf_edit_scan){0};
}

int conf_edit_scan_at(const struct conf_edit_scan *s, size_t at)
{
    int low = 0, high = s->count - 1;
    while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (s->tokens[middle].start <= at)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}
