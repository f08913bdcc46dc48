/* SPDX-License-Identifier: MIT
 * What stands around a place of a file. A place is the beginning or end of a token. */
#include "config/conf_edit_place.h"

#include <string.h>

#define UNIT_MAX 8

/* The token before i that is no blank; -1: there is none. */
static int before(const struct conf_edit_scan *s, int i)
{
    i--;
    while (i >= 0 && s->tokens[i].kind == SCAN_BLANK)
        i--;
    return i;
}

static bool is_start(const struct conf_edit_scan *s, int i)
{
    return i < 0 || s->tokens[i].kind == SCAN_BREAK;
}

bool conf_edit_place_begins(struct conf_edit_place p)
{
    const struct conf_edit_scan *s = &p.file->scan;
    return is_start(s, before(s, conf_edit_scan_at(s, p.at)));
}

size_t conf_edit_place_line(struct conf_edit_place p)
{
    while (p.at > 0 && p.file->text[p.at - 1] != '\n')
        p.at--;
    return p.at;
}

/* The comment line that ends with the break i: where it begins. -1: it is none. */
static int comment_line(const struct conf_edit_scan *s, int i)
{
    int last = before(s, i);
    int first = -1;
    while (last >= 0 && s->tokens[last].kind == SCAN_COMMENT) {
        first = last;
        last = before(s, last);
    }
    return first >= 0 && is_start(s, last) ? first : -1;
}

size_t conf_edit_place_above(struct conf_edit_place p)
{
    const struct conf_edit_scan *s = &p.file->scan;
    int i = before(s, conf_edit_scan_at(s, p.at));
    while (i >= 0) {
        int comment = comment_line(s, i);
        if (comment < 0)
            break;
        p.at = s->tokens[comment].start;
        i = before(s, comment);
    }
    return conf_edit_place_line(p);
}

bool conf_edit_place_rest(struct conf_edit_place p, size_t *behind, size_t *below)
{
    const struct conf_edit_scan *s = &p.file->scan;
    *behind = p.at;
    for (int i = conf_edit_scan_at(s, p.at);; i++) {
        const struct conf_edit_scan_token *t = &s->tokens[i];
        bool comment = t->kind == SCAN_COMMENT &&
                       !memchr(p.file->text + t->start, '\n', t->end - t->start);
        if (comment)
            *behind = t->end;
        if (comment || t->kind == SCAN_BLANK)
            continue;
        if (below)
            *below = t->end;
        return t->kind == SCAN_BREAK || t->kind == SCAN_END;
    }
}

int conf_edit_place_indent(struct conf_edit_place p)
{
    return (int)strspn(p.file->text + conf_edit_place_line(p), " \t");
}

const char *conf_edit_place_eol(const struct conf_edit_file *file)
{
    const char *end = memchr(file->text, '\n', file->bytes);
    return end && end > file->text && end[-1] == '\r' ? "\r\n" : "\n";
}

const char *conf_edit_place_unit(const struct conf_edit_file *file, int *count)
{
    const struct conf_edit_scan *s = &file->scan;
    for (int i = 1; i < s->count - 1; i++) {
        const struct conf_edit_scan_token *t = &s->tokens[i];
        enum conf_edit_scan_kind follows = s->tokens[i + 1].kind;
        if (t->kind != SCAN_BLANK || s->tokens[i - 1].kind != SCAN_BREAK ||
            (follows != SCAN_WORD && follows != SCAN_MARK))
            continue;
        size_t n = strspn(file->text + t->start, file->text[t->start] == '\t' ? "\t" : " ");
        *count = file->text[t->start] == '\t' ? 1 : (int)n;
        if (n > 0 && n <= UNIT_MAX)
            return file->text + t->start;
    }
    *count = 2;
    return "  ";
}
