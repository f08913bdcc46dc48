/* SPDX-License-Identifier: MIT
 * Customer invoices: their shape, and how one is made. */
#ifndef TRYTON_INVOICE_H
#define TRYTON_INVOICE_H

#include "entity.h"

extern const struct entity invoice_entity;

#endif
