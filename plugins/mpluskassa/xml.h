/* SPDX-License-Identifier: MIT
 * The XML that SOAP messages are made of, read from memory event by event: elements and text in
 * UTF-8. Attributes are skipped, a document type is refused, and with it every entity but the five
 * that XML knows.
 *
 * What XML cannot hold at all but a till sends all the same (a control character, half an emoji) is
 * no end of the document here: the text says what is wrong with it, and whoever reads on decides
 * how much of the message that costs. */
#ifndef MPLUSKASSA_XML_H
#define MPLUSKASSA_XML_H

#include <stdbool.h>
#include <stddef.h>

#define XML_FLAW_BYTES 64

enum xml_event { XML_START, XML_END, XML_TEXT, XML_DONE, XML_BROKEN };

/* A scanner over a text that the caller keeps. All pointers lead into that text, but for `text`,
 * which may lie in the scanner's own buffer: it holds until the next call. */
struct xml_scan {
    const char *begin, *at, *end; /* at: behind the event */
    const char *from;             /* where the event begins */
    const char *name;             /* XML_START, XML_END: with its prefix */
    size_t name_bytes;
    const char *local; /* the same without it */
    size_t local_bytes;
    const char *text; /* XML_TEXT: decoded, all up to the next tag; not ended by NUL */
    size_t text_bytes;
    char flaw[XML_FLAW_BYTES]; /* XML_TEXT: the first thing in it that no XML may hold; "": none */
    const char *why;           /* XML_BROKEN: what is wrong with the markup */
    bool empty;                /* the element was <empty/>: its end comes next */
    char *buffer;
    size_t bytes, room;
};

/* Begins a text of so many bytes; a byte order mark is skipped. Free with xml_done(). */
void xml_init(struct xml_scan *s, const char *text, size_t bytes);
void xml_done(struct xml_scan *s);

/* The next event. XML_DONE: the text is at its end, whatever is still open. XML_BROKEN: why says
 * what is no XML at `from`; who knows a place to go on from may set `at` and call again. */
enum xml_event xml_next(struct xml_scan *s);

/* The line of a place in the text, from 1. */
unsigned long xml_line(const struct xml_scan *s, const char *place);

/* The bytes of the character at `at`, 0 where they are none that XML may hold: broken UTF-8,
 * control characters, halves of surrogate pairs. *code: the character, or the byte that is none. */
size_t xml_character(const char *at, const char *end, unsigned long *code);

#endif
