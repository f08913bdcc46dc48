/* SPDX-License-Identifier: MIT
 * Records into SOAP messages. */
#ifndef MPLUSKASSA_SOAP_WRITE_H
#define MPLUSKASSA_SOAP_WRITE_H

#include "soap.h"

/* The whole envelope as text, to be freed by the caller; NULL: why says what is wrong with the
 * record. params: an object with the members of op->request, NULL where it has none. */
char *soap_write(const struct soap_operation *op, const json_t *params, size_t *bytes,
                 char why[SOAP_WHY_BYTES]);

#endif
