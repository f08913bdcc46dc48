/* SPDX-License-Identifier: MIT
 * Does an e-mail address stand in a text? */
#ifndef KOPPEL_SERVICE_ADDRESS_H
#define KOPPEL_SERVICE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct address {
    char *folded; /* of itself */
    char *buf;    /* for texts */
    size_t room;
};

/* -1: it is no e-mail address, or there is no memory. address_done in any case. */
int address_init(struct address *a, const char *text);
void address_done(struct address *a);
/* Does it stand there as a whole, in whatever case, also where the text escapes it as JSON, XML or
 * a web address does? 1, 0, or -1: there is no memory. */
int address_in(struct address *a, const char *text, size_t bytes);

#endif
