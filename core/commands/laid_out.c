/* SPDX-License-Identifier: MIT
 * Bodies of requests in lines. They are not parsed: what is no sound JSON or XML is shown too. */
#include "commands/laid_out.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define TEXT_LIMIT (64 << 20)
#define DEPTH_MAX 40 /* deeper ones are not set in further */

static void new_line(struct buf *out, int depth)
{
    buf_add_char(out, '\n');
    for (int i = 0; i < depth && i < DEPTH_MAX; i++)
        buf_add_text(out, "  ");
}

/* A text with its quotes; gives its bytes. */
static size_t add_string(const char *text, struct buf *out)
{
    size_t n = 1;
    while (text[n] && text[n] != '"')
        n += text[n] == '\\' && text[n + 1] ? 2 : 1;
    n += text[n] == '"';
    buf_add(out, text, n);
    return n;
}

static void json_lines(const char *text, struct buf *out)
{
    int depth = 0;
    for (const char *at = text; *at;) {
        size_t blank = strspn(at, " \t\r\n");
        at += blank;
        if (!*at)
            break;
        if (*at == '"') {
            at += add_string(at, out);
            continue;
        }
        bool opens = *at == '{' || *at == '[', closes = *at == '}' || *at == ']';
        const char *next = at + 1 + strspn(at + 1, " \t\r\n");
        bool empty = opens && (*next == '}' || *next == ']');
        if (closes && --depth >= 0)
            new_line(out, depth);
        buf_add_char(out, *at);
        if (empty) {
            buf_add_char(out, *next);
            at = next + 1;
            continue;
        }
        if (opens)
            depth++;
        if (opens || *at == ',')
            new_line(out, depth < 0 ? 0 : depth);
        else if (*at == ':')
            buf_add_char(out, ' ');
        at++;
    }
}

/* An element that holds text stays on one line with it. */
static void xml_lines(const char *text, struct buf *out)
{
    int depth = 0;
    bool opened = false, any = false;
    for (const char *at = text; *at;) {
        size_t n = *at == '<' ? strcspn(at, ">") + 1 : strcspn(at, "<");
        if (*at == '<' && !at[n - 1])
            n--;
        if (*at != '<') {
            if (strspn(at, " \t\r\n") < n)
                buf_add(out, at, n);
            at += n;
            continue;
        }
        bool closes = at[1] == '/';
        bool alone = at[1] == '?' || at[1] == '!' || (n > 2 && at[n - 2] == '/');
        if (closes)
            depth--;
        if (any && !(closes && opened))
            new_line(out, depth);
        buf_add(out, at, n);
        opened = !closes && !alone;
        depth += opened;
        any = true;
        at += n;
    }
}

char *laid_out(const char *text)
{
    struct buf out;
    const char *first = text + strspn(text, " \t\r\n");
    buf_init(&out, TEXT_LIMIT);
    if (*first == '{' || *first == '[')
        json_lines(text, &out);
    else if (*first == '<')
        xml_lines(text, &out);
    else
        buf_add_text(&out, text);
    char *copy = buf_ok(&out) ? strdup(buf_text(&out)) : NULL;
    buf_done(&out);
    return copy;
}
