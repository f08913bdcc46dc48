/* SPDX-License-Identifier: MIT
 * The XML that SOAP messages are made of: see xml.h. */
#include "xml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What a byte may be part of: 1 a run of text that can be taken as it stands, 2 a name. Whatever is
 * above 0x7f has to be looked at as a character in a text. */
static const unsigned char classes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 1, 1, 3, 3, 3, 0, 1, 3, 3, 3, 3, 3, 3, 3, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 1, 1, 0, 1, 1, 1,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 1,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
};

static bool is_plain(char c)
{
    return (classes[(unsigned char)c] & 1) != 0;
}

static bool is_in_name(char c)
{
    return (classes[(unsigned char)c] & 2) != 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool may_hold(unsigned long c)
{
    return c >= 0x20 ? c < 0xd800 || (c > 0xdfff && c < 0xfffe) || (c > 0xffff && c < 0x110000)
                     : c == '\t' || c == '\n' || c == '\r';
}

void xml_init(struct xml_scan *s, const char *text, size_t bytes)
{
    *s = (struct xml_scan){.begin = text, .at = text, .end = text + bytes, .from = text};
    if (bytes >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        s->at += 3;
}

void xml_done(struct xml_scan *s)
{
    free(s->buffer);
    s->buffer = NULL;
}

unsigned long xml_line(const struct xml_scan *s, const char *place)
{
    unsigned long line = 1;
    for (const char *p = s->begin; p < place && (p = memchr(p, '\n', (size_t)(place - p))); p++)
        line++;
    return line;
}

static enum xml_event broken(struct xml_scan *s, const char *why)
{
    s->why = why;
    return XML_BROKEN;
}

static bool starts(const struct xml_scan *s, const char *with)
{
    size_t n = strlen(with);
    return (size_t)(s->end - s->at) >= n && memcmp(s->at, with, n) == 0;
}

/* Moves behind the next `what`; false: it does not come. */
static bool skip_past(struct xml_scan *s, const char *what)
{
    size_t n = strlen(what);
    const char *found = memmem(s->at, (size_t)(s->end - s->at), what, n);
    s->at = found ? found + n : s->end;
    return found != NULL;
}

/* ---- text ---- */

static bool put(struct xml_scan *s, const char *text, size_t bytes)
{
    if (s->room - s->bytes < bytes) {
        size_t room = (s->bytes + bytes) * 2;
        char *larger = realloc(s->buffer, room);
        if (!larger)
            return false;
        s->buffer = larger;
        s->room = room;
    }
    if (bytes > 0)
        memcpy(s->buffer + s->bytes, text, bytes);
    s->bytes += bytes;
    return true;
}

size_t xml_character(const char *at, const char *end, unsigned long *code)
{
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char c = (unsigned char)*at;
    *code = c;
    if (c < 0x80)
        return may_hold(c) ? 1 : 0;
    size_t n = c >= 0xf0 && c < 0xf5   ? 4
               : c >= 0xe0 && c < 0xf0 ? 3
               : c >= 0xc2 && c < 0xe0 ? 2
                                       : 0;
    if (n == 0 || (size_t)(end - at) < n)
        return 0;
    unsigned long value = c & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (((unsigned char)at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | ((unsigned char)at[i] & 0x3f);
    }
    if (value < least[n])
        return 0;
    *code = value;
    return may_hold(value) ? n : 0;
}

static bool put_code(struct xml_scan *s, unsigned long c)
{
    char text[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; c >>= 6)
        text[i] = (char)(0x80 | (c & 0x3f));
    text[0] = (char)(lead[n] | c);
    return put(s, text, n);
}

/* A flaw stands for what it is as a question mark, so that the rest can be shown. */
static bool put_flaw(struct xml_scan *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool put_flaw(struct xml_scan *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!s->flaw[0])
        vsnprintf(s->flaw, sizeof s->flaw, format, args);
    va_end(args);
    return put(s, "?", 1);
}

/* The number behind "&#": *code, or a value that no character has. */
static unsigned long reference_code(const char *text, size_t bytes)
{
    unsigned long code = 0;
    bool hex = bytes > 0 && *text == 'x';
    if (bytes == (hex ? 1u : 0u))
        return 0;
    for (size_t i = hex; i < bytes; i++) {
        char c = text[i];
        int digit = c >= '0' && c <= '9'          ? c - '0'
                    : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                  : -1;
        if (digit < 0)
            return 0;
        code = code * (hex ? 16 : 10) + (unsigned long)digit;
        if (code > 0x10ffff)
            return 0;
    }
    return code;
}

/* What stands between "&" and ";". */
static bool put_reference(struct xml_scan *s)
{
    static const struct {
        const char *name, *text;
    } known[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
    const char *name = s->at + 1;
    size_t left = (size_t)(s->end - name);
    const char *semicolon = memchr(name, ';', left < 32 ? left : 32);
    size_t n = semicolon ? (size_t)(semicolon - name) : 0;
    if (n == 0 || memchr(name, '<', n) || memchr(name, '&', n)) {
        s->at = name;
        return put_flaw(s, "a \"&\" that begins no reference");
    }
    s->at = semicolon + 1;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strlen(known[i].name) == n && memcmp(known[i].name, name, n) == 0)
            return put(s, known[i].text, 1);
    }
    if (*name != '#')
        return put_flaw(s, "the undefined entity &%.*s;", (int)n, name);
    unsigned long code = reference_code(name + 1, n - 1);
    return may_hold(code) ? put_code(s, code)
                          : put_flaw(s, "&%.*s;, which is no character", (int)n, name);
}

/* What an XML text may not hold as it stands: flawed bytes, and line ends of other systems. */
static bool put_odd(struct xml_scan *s)
{
    unsigned long code;
    if (*s->at == '\r') {
        s->at += s->at + 1 < s->end && s->at[1] == '\n' ? 2 : 1;
        return put(s, "\n", 1);
    }
    size_t n = xml_character(s->at, s->end, &code);
    const char *at = s->at;
    s->at += n > 0 ? n : 1;
    if (n > 0)
        return put(s, at, n);
    if (code < 0x80)
        return put_flaw(s, "the control character U+%04lX", code);
    return code < 0x100 ? put_flaw(s, "the byte 0x%02lX, which is no UTF-8", code)
                        : put_flaw(s, "the half character U+%04lX", code);
}

static bool put_cdata(struct xml_scan *s)
{
    s->at += strlen("<![CDATA[");
    const char *stop = memmem(s->at, (size_t)(s->end - s->at), "]]>", 3);
    if (!stop) {
        s->at = s->end;
        return true; /* the end of the document is found missing soon */
    }
    while (s->at < stop) {
        const char *run = s->at;
        while (s->at < stop && (is_plain(*s->at) || *s->at == '<' || *s->at == '&'))
            s->at++;
        if (!put(s, run, (size_t)(s->at - run)) || (s->at < stop && !put_odd(s)))
            return false;
    }
    s->at = stop + 3;
    return true;
}

/* One thing in the text that does not stand for itself. false: no memory, or broken markup. */
static bool put_special(struct xml_scan *s)
{
    if (*s->at == '&')
        return put_reference(s);
    if (*s->at != '<')
        return put_odd(s);
    if (starts(s, "<!--"))
        return skip_past(s, "-->"), true;
    if (starts(s, "<?"))
        return skip_past(s, "?>"), true;
    if (starts(s, "<![CDATA["))
        return put_cdata(s);
    s->why = "it holds a document type, which SOAP forbids";
    return false;
}

static bool is_tag(const struct xml_scan *s)
{
    return *s->at == '<' && (s->at + 1 == s->end || (s->at[1] != '!' && s->at[1] != '?'));
}

/* All text up to the next tag, comments left out. */
static enum xml_event scan_text(struct xml_scan *s)
{
    const char *run = s->at;
    bool own = false;
    s->bytes = 0;
    s->flaw[0] = '\0';
    s->why = NULL;
    for (;;) {
        const char *p = s->at;
        while (p < s->end && is_plain(*p))
            p++;
        s->at = p;
        if (p == s->end || is_tag(s))
            break;
        unsigned long code;
        size_t n = (unsigned char)*s->at >= 0x80 ? xml_character(s->at, s->end, &code) : 0;
        if (n > 0) {
            s->at += n;
            continue;
        }
        if (!put(s, run, (size_t)(s->at - run)) || !put_special(s))
            return broken(s, s->why ? s->why : "out of memory");
        run = s->at;
        own = true;
    }
    s->text = run;
    s->text_bytes = (size_t)(s->at - run);
    if (!own)
        return XML_TEXT;
    if (!put(s, run, s->text_bytes))
        return broken(s, "out of memory");
    s->text = s->buffer;
    s->text_bytes = s->bytes;
    return XML_TEXT;
}

/* ---- tags ---- */

static bool take_name(struct xml_scan *s)
{
    const char *p = s->at, *end = s->end;
    s->name = s->local = p;
    while (p < end && is_in_name(*p))
        p++;
    if (p < end && *p == ':' && p > s->name) {
        s->local = ++p;
        while (p < end && (is_in_name(*p) || *p == ':'))
            p++;
    }
    s->at = p;
    s->name_bytes = (size_t)(p - s->name);
    s->local_bytes = (size_t)(p - s->local);
    return s->local_bytes > 0 && (p == end || is_space(*p) || *p == '>' || *p == '/');
}

static bool skip_space(struct xml_scan *s)
{
    while (s->at < s->end && is_space(*s->at))
        s->at++;
    return s->at < s->end;
}

static enum xml_event end_tag(struct xml_scan *s)
{
    s->at += 2;
    if (!take_name(s) || !skip_space(s) || *s->at != '>')
        return broken(s, "not well-formed: an end tag is cut off");
    s->at++;
    return XML_END;
}

/* Up to the end of the tag; what its attributes say is nobody's business here. */
static enum xml_event start_tag(struct xml_scan *s)
{
    s->at++;
    if (!take_name(s))
        return broken(s, "not well-formed: \"<\" begins no tag");
    while (s->at < s->end && *s->at != '>') {
        char c = *s->at;
        const char *close = s->at + 1;
        if (c == '<')
            return broken(s, "not well-formed: a tag is cut off");
        if (c == '"' || c == '\'') {
            close = memchr(close, c, (size_t)(s->end - close));
            if (!close || memchr(s->at, '<', (size_t)(close - s->at)))
                return broken(s, "not well-formed: an attribute does not end");
            close++;
        }
        s->empty = c == '/';
        s->at = close;
        if (s->empty && (s->at == s->end || *s->at != '>'))
            return s->empty = false, broken(s, "not well-formed: a tag is cut off");
    }
    if (s->at == s->end)
        return s->empty = false, broken(s, "not well-formed: a tag is cut off");
    s->at++;
    return XML_START;
}

/* The XML declaration may name an encoding; there is no other than UTF-8 here. */
static enum xml_event check_encoding(struct xml_scan *s, const char *from)
{
    const char *word = memmem(from, (size_t)(s->at - from), "encoding", 8);
    const char *value = word ? memchr(word, '=', (size_t)(s->at - word)) : NULL;
    if (!value)
        return XML_TEXT;
    for (value++; value < s->at && (is_space(*value) || *value == '"' || *value == '\''); value++)
        ;
    return strncasecmp(value, "utf-8", 5) == 0 || strncasecmp(value, "us-ascii", 8) == 0
               ? XML_TEXT
               : broken(s, "its encoding is not UTF-8");
}

enum xml_event xml_next(struct xml_scan *s)
{
    if (s->empty) {
        s->empty = false;
        return XML_END;
    }
    for (;;) {
        s->from = s->at;
        if (s->at == s->end)
            return XML_DONE;
        if (*s->at != '<')
            return scan_text(s);
        if (starts(s, "</"))
            return end_tag(s);
        if (starts(s, "<?")) {
            const char *from = s->at;
            if (!skip_past(s, "?>"))
                return broken(s, "not well-formed: an instruction does not end");
            if (s->at - from > 6 && memcmp(from, "<?xml", 5) == 0 &&
                check_encoding(s, from) == XML_BROKEN)
                return XML_BROKEN;
        } else if (starts(s, "<!--")) {
            if (!skip_past(s, "-->"))
                return broken(s, "not well-formed: a comment does not end");
        } else if (starts(s, "<!")) {
            return scan_text(s);
        } else {
            return start_tag(s);
        }
    }
}
