/* SPDX-License-Identifier: MIT
 * Where the house number of an address line stands. Nothing is lost: the parts, put together again,
 * are the line, and a line that cannot be split is a street. */
#ifndef KOPPEL_PLUGIN_ADDRESS_SPLIT_H
#define KOPPEL_PLUGIN_ADDRESS_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of the line; n is 0 where there is none. */
struct split_part {
    const char *at;
    size_t n;
};

/* "Plein 1944 nr 3-hs" is "Plein 1944", " nr ", "3", "-hs". Where number_first is set the line is
 * number, suffix, between, street; else street, between, number, suffix. */
struct split {
    bool number_first;
    struct split_part street;
    struct split_part between; /* what stands between street and number, blanks included */
    struct split_part number;  /* digits; n is 0: the line could not be split and is all street */
    struct split_part suffix;  /* as it stands, with the blank or dash that it begins with */
};

/* text without blanks at its ends, and with one space for those in between. NULL: no memory. The
 * caller frees it. */
char *split_blanks(const char *text);
/* line: as split_blanks makes it; the parts point into it. country: two letters, which tell whether
 * numbers come first there; NULL: they come last. */
void split_line(const char *line, const char *country, struct split *out);
/* The box of a Belgian suffix (" bus 4", " bte 3"), without its word; n is 0: there is none. */
struct split_part split_box(const struct split *s);
/* What join needs between a number and a suffix that another system gives: a blank where digits
 * would run together, else nothing. */
const char *split_gap(const char *suffix);

#endif
