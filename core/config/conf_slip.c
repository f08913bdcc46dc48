/* SPDX-License-Identifier: MIT
 * What is said of a mistake in the grammar of a configuration file: what a person did there, what
 * is open, and where it began. */
#include "config/conf_slip.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config/conf_held.h"
#include "config/conf_report.h"

/* "orders.conf:12" of a line: held. */
const char *conf_slip_place(struct syntax *s, int line)
{
    struct conf_at at = conf_text_at(s->text, line);
    const char *base = strrchr(at.file, '/');
    return conf_held_text(s->l->held, "%s:%d", base ? base + 1 : at.file, at.line);
}

int conf_slip(struct syntax *s, int line, const char *format, ...)
{
    struct conf_at at = conf_text_at(s->text, line);
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    conf_held_must(n < 0 ? NULL : text);
    if (s->broken.at) { /* a quote that is missing turns all behind it inside out */
        const struct conf_token *t = &s->broken;
        const char *end = t->open ? "the end of the file" : conf_slip_place(s, t->line + t->breaks);
        const char *behind = conf_slip_place(s, line);
        at = conf_text_at(s->text, t->line);
        conf_report_add(s->l->report, false, at.file, at.line,
                        "the text in quotes that begins here is not closed on its line; it goes on "
                        "to %s, and what follows makes no sense (%s: %s)",
                        end, behind, text);
    } else if (s->comment.at) {
        at = conf_text_at(s->text, s->comment.line);
        conf_report_add(s->l->report, false, at.file, at.line,
                        "the comment /* that begins here is never closed by */");
    } else {
        conf_report_add(s->l->report, false, at.file, at.line, "%s", text);
    }
    free(text);
    return -1;
}

/* How a token is called: held. */
const char *conf_slip_shown(struct syntax *s, const struct conf_token *t)
{
    if (t->kind == TOKEN_END)
        return "the end of the file";
    if (t->kind == TOKEN_STRING)
        return "the text in quotes"; /* it may be a secret */
    return conf_held_text(s->l->held, "\"%.*s\"", (int)t->bytes, t->at);
}

const char *conf_slip_closer(char bracket)
{
    return bracket == '{' ? "}" : bracket == '(' ? ")" : "]";
}

/* `"map = ("`: held. */
static const char *opening(struct syntax *s, const struct syntax_level *v)
{
    return conf_held_text(s->l->held, "\"%s%s%c\"", v->name, v->name[0] ? " = " : "", v->bracket);
}

/* ` (inside of "map = (", which begins at orders.conf:20)`, or nothing: held. */
const char *conf_slip_inside(struct syntax *s)
{
    const struct syntax_level *v = conf_slip_top(s);
    return v->bracket ? conf_held_text(s->l->held, " (inside of %s, which begins at %s)",
                                       opening(s, v), conf_slip_place(s, v->line))
                      : "";
}

/* Something else stands where the level is to be closed. */
int conf_slip_open(struct syntax *s, const struct syntax_level *v)
{
    if (s->left.close)
        return conf_slip(
            s, s->left.level.line,
            "%s begins here and is not closed: the \"%s\" at %s stands further left than "
            "this line, so it belongs to something else",
            opening(s, &s->left.level), conf_slip_closer(s->left.level.bracket),
            conf_slip_place(s, s->left.close));
    return conf_slip(s, v->line, "%s begins here and is not closed by \"%s\" before %s at %s",
                     opening(s, v), conf_slip_closer(v->bracket), conf_slip_shown(s, &s->t),
                     conf_slip_place(s, s->t.kind == TOKEN_END ? s->before.line : s->t.line));
}

/* The one behind the token at hand. */
static struct conf_token peek(const struct syntax *s)
{
    struct conf_token_scan scan = s->scan;
    struct conf_token t;
    do {
        t = conf_token_next(&scan);
    } while (t.kind == TOKEN_BLANK || t.kind == TOKEN_COMMENT);
    return t;
}

/* Does it begin with a quote of another kind? */
static bool is_quoted_wrong(const struct conf_token *t)
{
    static const char *const quotes[] = {"'",      "`",      "\u201c", "\u201d", "\u201e",
                                         "\u2018", "\u2019", "\u00ab", "\u00bb", "\u201a"};
    for (int i = 0; i < COUNT(quotes); i++) {
        if (t->bytes >= strlen(quotes[i]) && memcmp(t->at, quotes[i], strlen(quotes[i])) == 0)
            return true;
    }
    return false;
}

static bool is_word(const struct conf_token *t, const char *word)
{
    return t->bytes == strlen(word) && strncasecmp(t->at, word, t->bytes) == 0;
}

/* Does a value stand before it on its line? Then it may be more of that, which is not shown: it may
 * be a secret. */
static bool is_more(const struct conf_token *before, const struct conf_token *t)
{
    return before->kind > TOKEN_COMMENT && before->kind != TOKEN_MARK &&
           before->line + before->breaks == t->line;
}

static int more(struct syntax *s, int line)
{
    return conf_slip(s, line,
                     "more follows behind a value: text stands in double quotes as a whole, a "
                     "quote inside of it is written \\\", and a setting ends with \";\"%s",
                     conf_slip_inside(s));
}

int conf_slip_setting(struct syntax *s)
{
    const struct conf_token *t = &s->t;
    const struct syntax_level *v = conf_slip_top(s);
    if (is_more(&s->before, t) && t->kind != TOKEN_MARK)
        return more(s, t->line);
    if (conf_token_is(t, ";,"))
        return conf_slip(s, t->line, "a %s too many, as no setting stands before it%s",
                         conf_slip_shown(s, t),
                         v->bracket ? conf_held_text(s->l->held,
                                                     "; %s that begins at %s is not closed "
                                                     "yet",
                                                     opening(s, v), conf_slip_place(s, v->line))
                                    : "");
    if (conf_token_is(t, "=:"))
        return conf_slip(s, t->line, "there is no name before %s%s", conf_slip_shown(s, t),
                         conf_slip_inside(s));
    if (conf_token_is(t, "{(["))
        return conf_slip(s, t->line, "there is no \"NAME =\" before %s%s", conf_slip_shown(s, t),
                         conf_slip_inside(s));
    if (*t->at == '@')
        return conf_slip(
            s, t->line,
            "%s is not known; a file is put in by @include \"FILE\", at the start of a "
            "line and in double quotes",
            conf_slip_shown(s, t));
    if (t->kind == TOKEN_INTEGER && conf_token_is(&s->before, ","))
        return conf_slip(
            s, t->line,
            "%s stands behind a comma, where the next setting begins; a decimal is text "
            "with a point, as in \"30.00\"",
            conf_slip_shown(s, t));
    return conf_slip(s, t->line,
                     "%s is no name of a setting, which begins with a letter and stands without "
                     "quotes, as in name = \"value\";%s",
                     conf_slip_shown(s, t), conf_slip_inside(s));
}

/* Behind a name there is no `=`. before: the token before the name. */
int conf_slip_equals(struct syntax *s, const struct conf_token *name,
                     const struct conf_token *before)
{
    if (is_word(name, "include") && s->t.kind == TOKEN_STRING)
        return conf_slip(s, name->line, "a file is put in by @include %s, at the start of a line",
                         conf_slip_shown(s, &s->t));
    if (is_more(before, name))
        return more(s, name->line);
    return conf_slip(s, name->line, "%s has no \"=\" and no value; a setting is name = value;%s",
                     conf_slip_shown(s, name), conf_slip_inside(s));
}

/* A word where a value is wanted. It is not shown: it may be a secret. */
static int word(struct syntax *s, const struct conf_token *name)
{
    static const char *const switches[] = {"yes", "no", "on", "off", "ja", "nein", "nee"};
    const struct conf_token *t = &s->t, next = peek(s);
    const char *what = name
                           ? conf_held_text(s->l->held, "the value of %s", conf_slip_shown(s, name))
                           : "an element";
    if (!name && t->kind == TOKEN_NAME && conf_token_is(&next, "=:"))
        return conf_slip_open(s, conf_slip_top(s));
    for (int i = 0; i < COUNT(switches); i++) {
        if (is_word(t, switches[i]))
            return conf_slip(s, t->line, "%s is %s: write true or false, or text in quotes", what,
                             conf_slip_shown(s, t));
    }
    if (is_quoted_wrong(t))
        return conf_slip(s, t->line,
                         "%s stands in quotes of another kind: text takes straight double quotes, "
                         "as in \"text\"%s",
                         what, conf_slip_inside(s));
    return conf_slip(s, t->line, "%s is %s: text stands in double quotes, as in \"text\"%s", what,
                     t->kind == TOKEN_NAME ? "a bare word" : "no number", conf_slip_inside(s));
}

/* name: of the setting; NULL: it is an element. */
int conf_slip_value(struct syntax *s, const struct conf_token *name)
{
    const struct conf_token *t = &s->t;
    if (t->kind == TOKEN_NAME || t->kind == TOKEN_OTHER)
        return word(s, name);
    if (name)
        return conf_slip(s, name->line, "%s has no value: %s follows", conf_slip_shown(s, name),
                         conf_slip_shown(s, t));
    if (conf_token_is(&s->before, ",") &&
        conf_token_is(t, conf_slip_closer(conf_slip_top(s)->bracket)))
        return conf_slip(s, s->before.line, "a comma too many before %s: no element follows it%s",
                         conf_slip_shown(s, t), conf_slip_inside(s));
    if (conf_token_is(t, ","))
        return conf_slip(s, t->line, "a comma too many: no element stands before it%s",
                         conf_slip_inside(s));
    return conf_slip_open(s, conf_slip_top(s));
}

/* Behind an element there is neither a comma nor the end of the list. */
int conf_slip_element(struct syntax *s)
{
    const struct conf_token *t = &s->t, next = peek(s);
    if (conf_token_is(t, ";") && (conf_token_is(&next, "{([") || next.kind == TOKEN_STRING))
        return conf_slip(s, t->line, "elements are separated by commas, not by \";\"%s",
                         conf_slip_inside(s));
    if (t->kind == TOKEN_END || conf_token_is(t, "})]") || conf_token_is(t, ";") ||
        (t->kind == TOKEN_NAME && conf_token_is(&next, "=:")))
        return conf_slip_open(s, conf_slip_top(s));
    return conf_slip(s, t->line, "a comma%s is missing before %s%s",
                     s->before.kind == TOKEN_STRING || t->kind == TOKEN_NAME ? " or a quote" : "",
                     conf_slip_shown(s, t), conf_slip_inside(s));
}
