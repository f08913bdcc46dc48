/* SPDX-License-Identifier: MIT
 * Every question and order, as data. */
#ifndef KOPPEL_SERVICE_SERVICE_TABLE_H
#define KOPPEL_SERVICE_SERVICE_TABLE_H

#include "service/service.h"

/* A NULL name behind the last. */
extern const struct service_row service_table[];

#endif
