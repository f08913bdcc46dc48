/* SPDX-License-Identifier: MIT
 * The values of elements: texts, numbers and dates into JSON. */
#ifndef MPLUSKASSA_SOAP_SCALAR_H
#define MPLUSKASSA_SOAP_SCALAR_H

#include "soap_frame.h"

/* Adds to the text of the open value: nearly always the first and only piece of it, which is taken
 * where it lies unless an element inside may follow. */
void soap_scalar_text(struct soap_reader *r);
/* Sets a member. Steals the value; false: there is none, or no memory for it. */
bool soap_scalar_set(struct soap_reader *r, json_t *object, const char *name, json_t *value);
/* Puts a finished value where its element stands: into the list, or into the object around it. */
void soap_scalar_attach(struct soap_reader *r, const struct soap_frame *done, json_t *value);
/* The element of a number or text ends, a part of a date, a date. */
void soap_scalar_end(struct soap_reader *r, const struct soap_frame *done);
void soap_scalar_end_part(struct soap_reader *r, const struct soap_frame *done);
void soap_scalar_end_date(struct soap_reader *r, const struct soap_frame *done);
/* Quantities whose companion came before them. */
void soap_scalar_join(struct soap_reader *r, const struct soap_frame *f);

#endif
