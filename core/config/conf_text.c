/* SPDX-License-Identifier: MIT
 * The text of a configuration file with its includes put in. */
#include "config/conf_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "config/conf_held.h"
#include "config/conf_report.h"
#include "config/conf_source.h"
#include "config/conf_token.h"

/* A file that is being read, and those that include it. */
struct chain {
    const char *path;
    const struct chain *by; /* NULL: nothing includes it */
    int line;               /* of `by`, where it does */
};

const char *conf_text_fault(const char *text, size_t bytes, int *line)
{
    *line = 1;
    if (bytes >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
        return "is UTF-16 (\"Unicode\"); save it as UTF-8";
    if (bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        return "the file starts with a byte order mark; save it as UTF-8 without one";
    size_t sound = cut_sound(text, bytes), to_nul = strnlen(text, sound);
    for (size_t i = 0; i < to_nul; i++)
        *line += text[i] == '\n';
    if (to_nul < sound)
        return "holds a NUL byte: it is no text file, or UTF-16 (\"Unicode\"); save it as UTF-8";
    return sound < bytes
               ? "is no UTF-8 here, but perhaps Latin-1 or Windows-1252; save the file as UTF-8"
               : NULL;
}

static void add(struct conf_text *t, const char *text, size_t bytes)
{
    t->text = conf_held_must(realloc(t->text, t->bytes + bytes + 1));
    if (bytes)
        memcpy(t->text + t->bytes, text, bytes);
    t->bytes += bytes;
    t->text[t->bytes] = '\0';
}

/* What is added from now on stands there. */
static void begin_piece(struct conf_text *t, int line, const char *file, int file_line)
{
    t->pieces =
        conf_held_must(realloc(t->pieces, sizeof *t->pieces * (size_t)(t->piece_count + 1)));
    t->pieces[t->piece_count++] = (struct conf_text_piece){line, {file, file_line}};
}

/* "a.conf -> b.inc -> a.conf", from the file that is included by itself: held. */
static const char *circle(struct conf_loader *l, const struct chain *c, const char *path)
{
    const char *all = path;
    for (; c; c = c->by) {
        all = conf_held_text(l->held, "%s -> %s", c->path, all);
        if (strcmp(c->path, path) == 0)
            break;
    }
    return all;
}

static int piece_read(struct conf_loader *l, struct conf_text *t, const struct chain *c, int *lines,
                      const char **why);

/* Puts the file in that the token names. */
static int include_read(struct conf_loader *l, struct conf_text *t, const struct chain *by,
                        const struct conf_token *token, int *lines)
{
    const char *quote = memchr(token->at, '"', token->bytes);
    const char *name =
        conf_held_text(l->held, "%.*s", (int)(token->at + token->bytes - quote) - 2, quote + 1);
    struct chain c = {conf_loader_absolute(l, name), by, token->line};
    for (const struct chain *up = by; up; up = up->by) {
        if (strcmp(up->path, c.path) == 0) {
            conf_report_add(l->report, false, by->path, c.line,
                            "@include \"%s\" goes round in a circle: %s", name,
                            circle(l, by, c.path));
            return -1;
        }
    }
    const char *why = NULL;
    int rc = piece_read(l, t, &c, lines, &why);
    if (why)
        conf_report_add(l->report, false, by->path, c.line, "cannot read %s: %s", c.path, why);
    return rc;
}

static int tokens_read(struct conf_loader *l, struct conf_text *t, const struct chain *c,
                       const char *text, int *lines)
{
    struct conf_token_scan scan = {text, 1, true};
    for (;;) {
        struct conf_token token = conf_token_next(&scan);
        if (token.kind == TOKEN_END)
            break;
        if (token.kind != TOKEN_INCLUDE) {
            add(t, token.at, token.bytes);
            *lines += token.breaks;
            continue;
        }
        if (include_read(l, t, c, &token, lines) != 0)
            return -1;
        begin_piece(t, *lines, c->path, token.line);
    }
    /* A comment on the last line has its end, too. */
    add(t, "\n", 1);
    ++*lines;
    return 0;
}

/* One file of the text. *lines: that it begins on, and behind it. *why: as conf_text_open. */
static int piece_read(struct conf_loader *l, struct conf_text *t, const struct chain *c, int *lines,
                      const char **why)
{
    size_t bytes = 0;
    int line = 0;
    char *text = conf_source_read(l, c->path, &bytes, why);
    if (text && t->bytes + bytes > CONF_SOURCE_LIMIT) {
        *why = "it makes the whole too large";
        free(text);
        text = NULL;
    }
    if (!text)
        return -1;
    const char *fault = conf_text_fault(text, bytes, &line);
    int rc = fault ? -1 : 0;
    if (fault)
        conf_report_add(l->report, false, c->path, line, "%s", fault);
    begin_piece(t, *lines, c->path, 1);
    if (!fault)
        rc = tokens_read(l, t, c, text, lines);
    free(text);
    return rc;
}

int conf_text_open(struct conf_loader *l, struct conf_text *t, const char *path, const char **why)
{
    struct chain c = {.path = conf_held_copy(l->held, path)};
    int lines = 1;
    *t = (struct conf_text){0};
    *why = NULL;
    return piece_read(l, t, &c, &lines, why);
}

void conf_text_done(struct conf_text *t)
{
    free(t->text);
    free(t->pieces);
    *t = (struct conf_text){0};
}

struct conf_at conf_text_at(const struct conf_text *t, int line)
{
    const struct conf_text_piece *p = &t->pieces[0];
    for (int i = 1; i < t->piece_count && t->pieces[i].line <= line; i++)
        p = &t->pieces[i];
    return (struct conf_at){p->at.file, p->at.line + line - p->line};
}
