/* SPDX-License-Identifier: MIT
 * The borders of the parts of an answer's text, whatever stands in them. Knows nothing of what an
 * answer means. */
#ifndef ASPERION_ANSWER_H
#define ASPERION_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

/* That hold where in a record something is wrong, and what. */
#define ANSWER_PLACE_BYTES 200

/* A part of an answer, borrowed from it; bytes 0: nothing. */
struct answer_text {
    const char *start;
    size_t bytes;
};

/* The text without a byte order mark and blanks around it. */
struct answer_text answer_trim(struct answer_text text);
/* The value of a member of an object, as it stands there; nothing where it has no such member. */
struct answer_text answer_member(struct answer_text object, const char *name);
/* Takes the next element off a list: first *rest is the whole list with its brackets. 1: *element
 * is one; 0: there is no more; -1: the list breaks off, and where its elements end is not known. */
int answer_next(struct answer_text *rest, struct answer_text *element);

/* Whether the text is a number as JSON writes it. */
bool answer_is_number(struct answer_text text);

#endif
