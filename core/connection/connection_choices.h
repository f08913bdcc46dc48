/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_CHOICES_H
#define KOPPEL_CONNECTION_CONNECTION_CHOICES_H

#include "connection/connection.h"
#include "connection/list.h"

/* The values of a choice list of the catalogue. */
int connection_choices(struct connection *c, const char *list, struct koppel_list *out,
                       struct koppel_error *err);

#endif
