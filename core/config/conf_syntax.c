/* SPDX-License-Identifier: MIT
 * The grammar of configuration files. It takes what libconfig 1.5 takes, and says of everything
 * else what a person did there: what was opened and never closed comes to light far behind the
 * place where it is to be mended. */
#include "config/conf_syntax.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_held.h"
#include "config/conf_report.h"
#include "config/conf_slip.h"
#include "config/conf_token.h"

static int value(struct syntax *s, const struct conf_token *name);

/* The next token that is no blank and no comment. */
static void advance(struct syntax *s)
{
    s->before = s->t;
    do {
        s->t = conf_token_next(&s->scan);
        if (s->t.kind == TOKEN_BLANK && (s->t.breaks || s->t.first)) {
            const char *line = memrchr(s->t.at, '\n', s->t.bytes);
            line = line ? line + 1 : s->t.at;
            s->indent = (int)(s->t.at + s->t.bytes - line);
        }
        if (s->t.kind == TOKEN_COMMENT && s->t.open)
            s->comment = s->t;
    } while (s->t.kind == TOKEN_BLANK || s->t.kind == TOKEN_COMMENT);
    if (s->t.kind == TOKEN_STRING && s->t.breaks && !s->broken.at)
        s->broken = s->t;
}

/* libconfig takes the lowest bits of what does not fit, without a word. */
static int number_check(struct syntax *s)
{
    const struct conf_token *t = &s->t;
    bool hex = t->bytes > 2 && strchr("xX", t->at[1]), wide = t->at[t->bytes - 1] == 'L';
    errno = 0;
    long long n = strtoll(t->at, NULL, hex ? 16 : 10);
    if (errno != ERANGE && (wide || (n >= INT_MIN && n <= INT_MAX)))
        return 0;
    return conf_slip(s, t->line, "the number %.*s is too large; write it as text in quotes",
                     (int)t->bytes, t->at);
}

/* Texts that stand side by side are one text: in a list, a comma was forgotten. */
static void strings(struct syntax *s)
{
    for (advance(s); s->t.kind == TOKEN_STRING; advance(s)) {
        struct conf_at at = conf_text_at(s->text, s->t.line);
        if (conf_slip_top(s)->bracket == '(' || conf_slip_top(s)->bracket == '[')
            conf_report_add(s->l->report, true, at.file, at.line,
                            "no comma stands between %.*s and %.*s, so they are one text",
                            (int)s->before.bytes, s->before.at, (int)s->t.bytes, s->t.at);
    }
}

/* An array holds scalars of one kind; a number with L is one of its own. */
static int array_check(struct syntax *s)
{
    struct conf_token *one = &conf_slip_top(s)->one;
    if (conf_slip_top(s)->bracket != '[')
        return 0;
    if (conf_token_is(&s->t, "{(["))
        return conf_slip(s, s->t.line,
                         "an array [ ] holds texts, numbers or booleans; for %s use a list ( )%s",
                         conf_slip_shown(s, &s->t), conf_slip_inside(s));
    if (one->kind == TOKEN_END)
        *one = s->t;
    if (one->kind == s->t.kind &&
        (s->t.kind != TOKEN_INTEGER ||
         (one->at[one->bytes - 1] == 'L') == (s->t.at[s->t.bytes - 1] == 'L')))
        return 0;
    return conf_slip(s, s->t.line,
                     "%s is of another kind than %s before it; an array [ ] holds one "
                     "kind (text stands in quotes)%s",
                     conf_slip_shown(s, &s->t), conf_slip_shown(s, one), conf_slip_inside(s));
}

static int setting(struct syntax *s)
{
    struct conf_token name = s->t, before = s->before;
    if (name.kind != TOKEN_NAME)
        return conf_slip_setting(s);
    for (const struct syntax_name *n = conf_slip_top(s)->names; n; n = n->next) {
        if (n->bytes == name.bytes && memcmp(n->at, name.at, n->bytes) == 0)
            return conf_slip(
                s, name.line, "%s stands here for the second time%s; the first is at %s",
                conf_slip_shown(s, &name), conf_slip_inside(s), conf_slip_place(s, n->line));
    }
    struct syntax_name *n = conf_held_alloc(s->l->held, sizeof *n);
    *n = (struct syntax_name){conf_slip_top(s)->names, name.at, name.bytes, name.line};
    conf_slip_top(s)->names = n;
    advance(s);
    if (!conf_token_is(&s->t, "=:"))
        return conf_slip_equals(s, &name, &before);
    advance(s);
    if (value(s, &name) != 0)
        return -1;
    if (conf_token_is(&s->t, ";,"))
        advance(s);
    return 0;
}

static int settings(struct syntax *s)
{
    while (s->t.kind != TOKEN_END && !conf_token_is(&s->t, "})]")) {
        if (setting(s) != 0)
            return -1;
    }
    if (!conf_slip_top(s)->bracket || conf_token_is(&s->t, "}"))
        return 0;
    return conf_slip_open(s, conf_slip_top(s));
}

static int elements(struct syntax *s)
{
    const char *end = conf_slip_closer(conf_slip_top(s)->bracket);
    while (!conf_token_is(&s->t, end)) {
        if (value(s, NULL) != 0)
            return -1;
        if (conf_token_is(&s->t, end))
            break;
        if (!conf_token_is(&s->t, ","))
            return conf_slip_element(s);
        advance(s);
        if (conf_token_is(&s->t, end))
            return conf_slip_value(s, NULL);
    }
    return 0;
}

/* A bracket that closes stands as far right as the line that opened it, mostly. */
static void close_note(struct syntax *s)
{
    const struct syntax_level *v = conf_slip_top(s);
    struct syntax_odd *odd = s->indent < v->indent ? &s->left : &s->right;
    if (s->t.first && s->indent != v->indent && !odd->close)
        *odd = (struct syntax_odd){*v, s->t.line};
}

static int bracket(struct syntax *s, const struct conf_token *name)
{
    if (s->depth + 1 == SYNTAX_DEEP)
        return conf_slip(s, s->t.line, "brackets are nested more than %d deep", SYNTAX_DEEP - 1);
    struct syntax_level *v = &s->levels[++s->depth];
    *v = (struct syntax_level){.bracket = *s->t.at, .line = s->t.line, .indent = s->indent};
    if (name)
        snprintf(v->name, sizeof v->name, "%.*s", (int)name->bytes, name->at);
    advance(s);
    if ((v->bracket == '{' ? settings(s) : elements(s)) != 0)
        return -1;
    close_note(s);
    s->depth--;
    advance(s);
    return 0;
}

/* name: of the setting; NULL: it is an element. */
static int value(struct syntax *s, const struct conf_token *name)
{
    bool scalar = s->t.kind == TOKEN_STRING || s->t.kind == TOKEN_INTEGER ||
                  s->t.kind == TOKEN_FLOAT || s->t.kind == TOKEN_BOOLEAN;
    if (!scalar && !conf_token_is(&s->t, "{(["))
        return conf_slip_value(s, name);
    if (array_check(s) != 0)
        return -1;
    if (conf_token_is(&s->t, "{(["))
        return bracket(s, name);
    if (s->t.kind == TOKEN_INTEGER && number_check(s) != 0)
        return -1;
    if (s->t.kind == TOKEN_STRING)
        strings(s);
    else
        advance(s);
    return 0;
}

int conf_syntax_check(struct conf_loader *l, const struct conf_text *t)
{
    struct syntax *s = conf_held_must(calloc(1, sizeof *s));
    *s = (struct syntax){.l = l, .text = t, .scan = {t->text, 1, true}};
    advance(s);
    int rc = settings(s);
    if (rc == 0 && s->t.kind != TOKEN_END)
        rc = conf_slip(s, s->t.line, "%s closes nothing: all brackets before it are closed%s",
                       conf_slip_shown(s, &s->t),
                       s->right.close ? conf_held_text(l->held, ", perhaps too early, at %s",
                                                       conf_slip_place(s, s->right.close))
                                      : "");
    if (rc == 0 && (s->comment.at || s->broken.open))
        rc = conf_slip(s, s->t.line, "the file ends there");
    free(s);
    return rc;
}
