/* SPDX-License-Identifier: MIT
 * Which files of the configuration may be written, and which the pages are kept from. */
#ifndef KOPPEL_SERVICE_SAVE_MAY_H
#define KOPPEL_SERVICE_SAVE_MAY_H

#include "service/service.h"

/* May this program write the file? *refused: why not (the caller frees it), or NULL. */
int save_may(const struct service *s, const char *path, char **refused, struct koppel_error *err);
/* May whoever asks put another configuration in the place of all of it? SERVICE_DENIED: not the
 * pages, which are kept from files. */
int save_may_all(const struct service *s, struct koppel_error *err);

#endif
